// SPDX-License-Identifier: Apache-2.0

/// The import table of ARCHITECTURE.md: the Markdown table whose header row begins so.
///
/// A row: layer, target, what it is, imports of ours, imports of others. Modules stand in backticks; a cell without any is
/// a dash.
struct ImportTable {
    static let header = "| layer | target | what it is | imports of ours | imports of others |"

    struct Row {
        /// `C`, or `0` to `3`.
        let layer: String
        let target: String
        let ours: Set<String>
        let others: Set<String>

        /// Lower layers have lower numbers; C is below all.
        var level: Int { Int(layer) ?? -1 }
    }

    let rows: [Row]

    init(markdown: String) throws(Fault) {
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0 == Self.header }) else {
            throw Fault("no line \"\(Self.header)\"")
        }
        var rows: [Row] = []
        for line in lines[(start + 2)...] {
            guard line.hasPrefix("|") else { break }
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .dropFirst().dropLast().map { $0.trimmed }
            guard cells.count == 5, let target = Self.modules(in: cells[1]).first else {
                throw Fault("not a row of the import table: \(line)")
            }
            guard ["C", "0", "1", "2", "3"].contains(cells[0]) else { throw Fault("no such layer: \(line)") }
            rows.append(
                Row(
                    layer: cells[0],
                    target: target,
                    ours: Set(Self.modules(in: cells[3])),
                    others: Set(Self.modules(in: cells[4]))
                )
            )
        }
        self.rows = rows
    }

    private static func modules(in cell: String) -> [String] {
        let parts = cell.split(separator: "`", omittingEmptySubsequences: false)
        return parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}

/// Something in a document that is not as it has to be.
struct Fault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Substring {
    /// Without spaces around it.
    var trimmed: String {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
