// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import martlet

@Suite struct TableTests {
    @Test(arguments: [40, 50, 60, 80, 200])
    func `lines fit the width`(width: Int) {
        var table = Table([
            .init(title: "INDEX", isNumber: true, mayBeCut: false), .init(title: "PRINCIPAL"),
            .init(title: "RESOURCE", keepsEnd: true),
        ])
        table.add(["7", "User:somebody-with-a-long-name@example.org", "environment=env-1/kafka=lkc-1/topic=orders"])
        table.add(["123456", "", "topic=a"])

        let lines = Self.lines(table, width)

        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.count <= width })
    }

    @Test func `columns stand below each other, numbers to the right`() {
        var table = Table([.init(title: "N", isNumber: true), .init(title: "NAME"), .init(title: "LAST")])
        table.add(["1", "a", "x"])
        table.add(["1000", "bcd", ""])

        #expect(Self.lines(table, 80) == ["   N  NAME  LAST", "   1  a     x", "1000  bcd"])
    }

    @Test func `what may not be cut is whole, however narrow it is`() {
        let time = "2026-11-20T12:00:00Z"
        var table = Table([.init(title: "TIME", mayBeCut: false), .init(title: "METHOD")])
        table.add([time, "kafka.DeleteTopics"])

        for width in [5, 20, 28, 30, 35] {
            #expect(Self.lines(table, width)[1].hasPrefix(time), "\(width)")
        }
    }

    @Test func `a cut is marked, at the end or at the beginning`() {
        var table = Table([.init(title: "A"), .init(title: "B", keepsEnd: true)])
        table.add(["abcdefghijklmnop", "abcdefghijklmnop"])

        #expect(Self.lines(table, 22)[1] == "abcdefghi…  …hijklmnop")
    }

    @Test func `the widest column gives first`() {
        var table = Table([.init(title: "A"), .init(title: "B")])
        table.add(["0123456789", String(repeating: "x", count: 100)])

        #expect(Self.lines(table, 40)[1].hasPrefix("0123456789  xxx"))
    }

    @Test func `control characters in cells do nothing`() {
        var table = Table([.init(title: "A"), .init(title: "B")])
        table.add(["\u{1B}[2Jgone", "two\nlines"])

        let lines = Self.lines(table, 80)

        #expect(lines.count == 2)
        #expect(lines[1].contains("\\u{1b}[2Jgone"))
        #expect(lines[1].contains("two\\u{a}lines"))
    }

    @Test func `no rows are a line of titles`() {
        #expect(Self.lines(Table([.init(title: "A"), .init(title: "B")]), 80) == ["A  B"])
    }

    /// The table's lines without colours, which there are when the tests run on a terminal.
    private static func lines(_ table: Table, _ width: Int) -> [String] {
        table.rendered(width: width).replacing(/\u{1B}\[[0-9]+m/, with: "")
            .split(separator: "\n", omittingEmptySubsequences: true)
            .map { $0.trimmingSuffix(while: { $0 == " " }).description }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var result = self
        while let last = result.last, predicate(last) { result.removeLast() }
        return result
    }
}
