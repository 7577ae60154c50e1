// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Foundation
import QueryLanguage
import Testing

/// Reads the tables of examples of docs/query-language.md.
@Suite struct DocumentedQueriesTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/query-language.md").standardizedFileURL

    /// A line of a table: what to write, and the names of the columns where the table has such.
    struct Example: CustomTestStringConvertible {
        let query: String
        let columns: String?

        var testDescription: String { query }
    }

    static let examples: [Example] = {
        var examples: [Example] = []
        var header: Substring = ""
        for line in ((try? String(contentsOf: page, encoding: .utf8)) ?? "").split(separator: "\n") {
            guard line.hasPrefix("| ") else {
                if !line.hasPrefix("|-") { header = "" }
                continue
            }
            guard header.hasPrefix("| write |") else {
                header = line
                continue
            }
            // A bar inside of a cell has a backslash.
            let cells = line.replacing("\\|", with: "\u{0}").split(separator: "|")
                .map { $0.replacing("\u{0}", with: "|").trimmingCharacters(in: .whitespaces) }
            let spans = cells[0].split(separator: "`", omittingEmptySubsequences: false)
            for (index, span) in spans.enumerated() where index % 2 == 1 {
                examples.append(Example(query: String(span), columns: cells.count > 2 ? cells[2] : nil))
            }
        }
        return examples
    }()

    @Test(arguments: examples)
    func `every line is a query`(_ example: Example) throws {
        let query = try PipeTests.parse(example.query)

        #expect(try PipeTests.parse(query.description) == query)
        if let columns = example.columns {
            #expect((query.columns?.map(\.name).joined(separator: ", ") ?? "–") == columns)
        }
    }

    @Test func `the tables are found, and show every pipe`() throws {
        #expect(Self.examples.count >= 50)
        let names = ["count", "top", "distinct", "facets", "timeline", "join-request", "sessions"]
        for name in names + ["fields", "sort", "limit"] {
            #expect(Self.examples.contains { $0.query.contains("| \(name)") }, "\(name) has no example")
        }
    }

    @Test func `the page's error is the one that is given`() throws {
        let text = "principle:User:alice"
        let error = try QueryErrorTests.error(text)

        #expect(try String(contentsOf: Self.page, encoding: .utf8).contains(error.rendered(for: text)))
    }
}
