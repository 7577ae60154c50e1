// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import Foundation
import Ingest
import JournalFormat
import Testing

@testable import Ledger

/// How long a ledger takes; figures are in docs/performance.md.
@Suite(.serialized) struct LedgerSpeedTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let eventCount = environment["MARTLET_LEDGER_EVENTS"].flatMap(Int.init) ?? 1_000_000

    /// Events of eight sources over a week, some in each frame, and a gap about every 10,000 events.
    @Test(.enabled(if: environment["MARTLET_LONG"] == "1", "MARTLET_LONG is not set"), arguments: [128, 1])
    func `a ledger of a week takes seconds`(perFrame count: Int) async throws {
        try await withLog(TestLog(waitsForSealing: true)) { log in
            try await log.say(.started, at: 0)
            let seconds = 7 * 86_400 - 7200
            let total = count == 1 ? Self.eventCount / 10 : Self.eventCount
            var number = 0
            while number < total {
                log.setTime(Int(Double(number) / Double(total) * Double(seconds)))
                // Some at once, so that they share a write.
                try await withThrowingDiscardingTaskGroup { group in
                    for _ in 0..<512 {
                        let frame = Self.frame(from: number, count)
                        number += count
                        group.addTask { _ = try await log.store.append(frame) }
                    }
                }
                if number % 10_000 < 512 * count {
                    try await log.admission.recordGap(
                        Gap(submitter: "token:a", source: "source 1", from: nil, to: nil, reason: .queueDropped)
                    )
                }
            }
            try await log.store.sealAll()

            for attempt in ["first", "again"] {
                let clock = ContinuousClock()
                let start = clock.now
                let ledger = try await log.ledger(at: seconds)
                let snapshot = log.store.snapshot
                let text = """
                    ledger of \(snapshot.endIndex) events in \(snapshot.segments.count) segments, \(count) in a frame, \
                    \(attempt): \(clock.now - start), \(ledger.rows.count) rows\n
                    """
                FileHandle.standardError.write(Data(text.utf8))
                #expect(ledger.totals.events == number)
            }
        }
    }

    private static func frame(from first: Int, _ count: Int) -> JournalFrame {
        let frame = JournalFrame(
            stream: .audit,
            submitter: "token:a",
            source: "source \(first / count % 8)",
            position: Array(String(first).utf8),
            capacity: 128 * count
        )
        for number in first..<first + count {
            let event = Array(#"{"specversion":"1.0","id":"\#(number)","source":"s","type":"t"}"#.utf8)
            frame.append(event.span.bytes, time: nil, keyHash: UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        }
        frame.finish()
        return frame
    }
}
