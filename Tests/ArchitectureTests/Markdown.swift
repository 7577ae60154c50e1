// SPDX-License-Identifier: Apache-2.0

/// The few things of a Markdown file that the tests look at.
struct Markdown {
    /// A fenced block of code.
    struct Block: Equatable {
        let language: String
        var lines: [String]
        /// Number of the opening fence, from 1.
        let line: Int
        /// The lines between the end of the block before and this one, without empty ones.
        let lead: [String]

        var text: String { lines.joined(separator: "\n") }
    }

    private(set) var blocks: [Block] = []
    /// Lines outside of blocks with their numbers, from 1.
    private(set) var prose: [(line: Int, text: String)] = []

    init(_ text: String) {
        var lead: [String] = []
        var open: Block?
        for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let block = open {
                    blocks.append(block)
                    open = nil
                    lead = []
                } else {
                    open = Block(language: line.dropFirst(3).trimmed, lines: [], line: place + 1, lead: lead)
                }
            } else if open != nil {
                open?.lines.append(String(line))
            } else {
                prose.append((place + 1, String(line)))
                if !line.trimmed.isEmpty { lead.append(String(line)) }
            }
        }
    }

    /// Targets of links and images, with the numbers of their lines.
    ///
    /// What stands in backticks is no link.
    var links: [(line: Int, target: String)] {
        prose.flatMap { line, text in
            let parts = text.split(separator: "`", omittingEmptySubsequences: false)
            // A link's text may be code: `[`a`](b)`. So the code is replaced, not cut out.
            let plain = parts.enumerated().map { $0.offset % 2 == 0 ? String($0.element) : "code" }.joined()
            return plain.matches(of: /\]\(([^)\s]+)[^)]*\)/).map { (line, String($0.output.1)) }
        }
    }

    /// What a link's fragment may name, as GitHub makes it of headings.
    var anchors: Set<String> {
        Set(
            prose.compactMap { _, text -> String? in
                guard text.hasPrefix("#"), let space = text.firstIndex(of: " ") else { return nil }
                return text[space...].trimmed.lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                    .replacing(" ", with: "-")
            }
        )
    }
}
