// SPDX-License-Identifier: Apache-2.0

import AuditStore
import Foundation
import QueryLanguage
import Testing

@testable import QueryEngine

@Suite struct PagingTests {
    /// More with `MARTLET_LONG=1`.
    private static let count = ProcessInfo.processInfo.environment["MARTLET_LONG"] == nil ? 10_000 : 100_000

    @Test(arguments: QueryRequest.Order.allCases)
    func `each row is on one page, while others come in`(order: QueryRequest.Order) async throws {
        try await withLog { log async throws in
            try await log.add(Self.events(0..<Self.count), perFrame: 500)
            try await log.store.sealAll()
            try await log.add(Self.events(Self.count..<Self.count + 300), perFrame: 7)

            let writer = Task {
                for round in 0..<20 {
                    try await log.add(
                        Self.events(1_000_000 + 100 * round..<1_000_000 + 100 * (round + 1)),
                        perFrame: 50
                    )
                }
            }
            var seen: [UInt64] = []
            var after: QueryCursor?
            repeat {
                var request = QueryRequest(.all, order: order, limit: 997)
                // As it goes through a URL.
                request.after = after.flatMap { QueryCursor($0.description) }
                var run = try TestLog.engine.get().start(request, on: log.store.snapshot)
                while let rows = try await run.next() { seen += rows.map(\.index) }
                after = run.cursor
            } while after != nil
            try await writer.value

            let inLog = order == .newest ? Array(seen.reversed()) : seen
            let first = Self.count + 300
            #expect(Set(seen).count == seen.count)
            #expect(seen.count >= first && seen.allSatisfy { $0 < UInt64(first) + 2000 })
            // Times are the same for seven events each, and rise with the index.
            #expect(inLog == inLog.sorted())
            #expect(Set(seen).isSuperset(of: 0..<UInt64(first)))
        }
    }

    @Test func `a cursor that is none is not read`() {
        for text in [
            "", "n", "n-1-2", "x-1-2-3", "n-1-2-3-4", "n--2-3", "n-1-2-zzzzzzzzzzzzzzzzz", "n-1-2-3w5e11264sgsf",
        ] {
            #expect(QueryCursor(text) == nil, "\(text)")
        }
    }

    private static func events(_ numbers: Range<Int>) -> [[UInt8]] {
        numbers.map { number in
            let time = 1_795_305_600 + number / 7
            let date = Date(timeIntervalSince1970: TimeInterval(time)).ISO8601Format()
            return Array(#"{"id":"\#(number)","time":"\#(date)","source":"s","type":"t"}"#.utf8)
        }
    }
}
