// SPDX-License-Identifier: Apache-2.0

/// Rows in columns that fit the terminal.
struct Table {
    struct Column {
        let title: String
        /// Cut the front and keep the end, as of resource names, whose last part says most.
        var keepsEnd = false
        var isNumber = false
        /// Whether its cells may be cut to make the table fit.
        var mayBeCut = true
        /// Cut in the middle, as of texts that differ at either end.
        var keepsBothEnds = false
    }

    let columns: [Column]
    private var rows: [[String]] = []
    private var colours: [[Colour?]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    mutating func add(_ cells: [String], colours: [Colour?] = []) {
        rows.append(cells.map(Terminal.harmless))
        self.colours.append(colours)
    }

    /// The table's text, with a line of titles.
    func rendered(width: Int = Terminal.width) -> String {
        let widths = widths(fitting: width)
        var text = line(columns.map(\.title), widths) { _ in .heading }
        for (row, colours) in zip(rows, colours) {
            text += line(row, widths) { $0 < colours.count ? colours[$0] : nil }
        }
        return text
    }

    private func line(_ cells: [String], _ widths: [Int], colour: (Int) -> Colour?) -> String {
        var text = ""
        for (place, cell) in cells.enumerated() {
            let column = columns[place]
            let shown = Self.cut(cell, to: widths[place], column)
            let padding = String(repeating: " ", count: widths[place] - shown.count)
            let painted = colour(place)?.paint(shown) ?? shown
            text += column.isNumber ? padding + painted : painted + padding
            if place < cells.count - 1 { text += "  " }
        }
        while text.last == " " { text.removeLast() }
        return text + "\n"
    }

    /// Of all columns and what is between them, when nothing is cut.
    var width: Int { fullWidths.reduce(2 * (columns.count - 1), +) }

    private var fullWidths: [Int] {
        columns.indices.map { place in
            max(columns[place].title.count, rows.map { $0[place].count }.max() ?? 0)
        }
    }

    /// Each column as wide as its widest cell, less where that is too much: the widest gives first.
    private func widths(fitting width: Int) -> [Int] {
        var widths = fullWidths
        let available = width - 2 * (columns.count - 1)
        while widths.reduce(0, +) > available {
            let candidates = widths.indices.filter { columns[$0].mayBeCut }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }), widths[widest] > 8 else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private static func cut(_ text: String, to width: Int, _ column: Column) -> String {
        guard text.count > width else { return text }
        if column.keepsBothEnds {
            let front = width / 2
            return text.prefix(front) + "…" + text.suffix(width - front - 1)
        }
        return column.keepsEnd ? "…" + text.suffix(width - 1) : text.prefix(width - 1) + "…"
    }
}
