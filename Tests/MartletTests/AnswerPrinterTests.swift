// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import AuditModel
import QueryEngine
import QueryLanguage
import Testing

@testable import martlet

@Suite struct AnswerPrinterTests {
    private static func printer(_ query: String, _ rows: [[QueryTable.Value]]) throws -> AnswerPrinter {
        let query = try Query.parse(query, now: .epoch)
        let table = AnswerTable(QueryTable(columns: try #require(query.columns), rows: rows), limit: nil)
        var printer = AnswerPrinter(.table, columns: table.columns)
        table.rows.forEach { printer.add($0) }
        return printer
    }

    /// Without colours, which there are when the tests run on a terminal.
    private static func lines(_ printer: AnswerPrinter, _ width: Int?) -> [String] {
        printer.rendered(for: width).replacing(/\u{1B}\[[0-9]+m/, with: "").split(separator: "\n").map(String.init)
    }

    @Test func `numbers stand to the right, and nothing is cut where there is no terminal`() throws {
        let long = String(repeating: "x", count: 300)
        let printer = try Self.printer("| count by method", [[.text(long), .number(12)], [.none, .number(3)]])

        let lines = Self.lines(printer, nil)

        #expect(
            lines == [
                "METHOD\(String(repeating: " ", count: 294))  COUNT", "\(long)     12",
                "\(String(repeating: " ", count: 300))      3",
            ]
        )
    }

    @Test(arguments: [40, 60, 80, 200])
    func `on a terminal lines fit, and what is long is cut in the middle`(width: Int) throws {
        let rows: [[QueryTable.Value]] = [
            [.text("begin" + String(repeating: "-", count: 300) + "end"), .number(7)], [.text("a"), .number(1)],
        ]

        let lines = Self.lines(try Self.printer("| count by method", rows), width)

        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines[1].hasPrefix("begin-") && lines[1].contains("…") && lines[1].contains("-end"))
    }

    @Test func `on a terminal numbers of events have bars, the largest of the full width`() throws {
        let steps: [[QueryTable.Value]] = [
            [.time(.epoch), .number(8)], [.time(.epoch), .number(4)], [.time(.epoch), .number(0)],
        ]

        let lines = Self.lines(try Self.printer("| count every 1h", steps), 38)

        #expect(lines[1] == "1970-01-01T00:00:00Z      8  █████████")
        #expect(lines[2] == "1970-01-01T00:00:00Z      4  ████▌")
        #expect(lines[3] == "1970-01-01T00:00:00Z      0")
    }

    @Test func `a terminal without room has no bars`() throws {
        let rows: [[QueryTable.Value]] = [[.time(.epoch), .number(8)], [.time(.epoch), .number(4)]]

        #expect(!Self.lines(try Self.printer("| count every 1h", rows), 30).joined().contains("█"))
    }

    @Test func `a count of nothing is no match`() throws {
        #expect(try !Self.printer("| count", [[.number(0)]]).hasMatch)
        #expect(try Self.printer("| count", [[.number(1)]]).hasMatch)
        #expect(try !Self.printer("| count by method", []).hasMatch)
    }

    @Test func `control characters of values do nothing`() throws {
        let printer = try Self.printer("| distinct method", [[.text("\u{1B}[2Jgone\n")]])

        #expect(Self.lines(printer, nil)[1] == "\\u{1b}[2Jgone\\u{a}")
    }
}
