// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Testing

@testable import Ingest
@testable import Ledger

@Suite struct OwnEventTests {
    private static let maker = SystemEventMaker(now: { .epoch })

    private static func read(_ kind: SystemEvent.Kind, _ details: [(name: String, value: String)] = []) -> OwnEvent {
        let event = maker.make(kind, method: "Test", principal: "martlet", details: details)
        let bytes = event.encoded(logID: "abc")
        var reader = OwnEventReader()
        return reader.read(bytes, 0..<bytes.count)
    }

    @Test func `what Martlet writes is what a ledger reads`() {
        #expect(Self.read(.started) == .started)
        #expect(Self.read(.stopped) == .stopped)
        #expect(Self.read(.diskFull) == .diskFull)
        #expect(Self.read(.diskAvailable) == .diskAvailable)
        #expect(Self.read(.heartbeat) == .alive)
        #expect(Self.read(.tokenCreated) == .other)
    }

    @Test func `a gap is read as it was recorded`() {
        let gap = Gap(
            submitter: "token:\"a\"",
            source: "kafka:\u{1F426}/3",
            from: "10",
            to: "19",
            reason: .spoolOverflowed,
            lostCount: 10,
            timeRange: .epoch ... .epoch
        )

        #expect(
            Self.read(.gap, gap.details)
                == .gap(
                    OwnGap(
                        source: LedgerSource(submitter: "token:\"a\"", source: "kafka:\u{1F426}/3"),
                        reason: "spool-overflowed",
                        from: "10",
                        to: "19",
                        lost: 10,
                        since: "1970-01-01T00:00:00Z",
                        until: "1970-01-01T00:00:00Z"
                    )
                )
        )
    }

    @Test func `a heartbeat with a source speaks for its hour`() {
        let details = [("submitter", "a"), ("source", "b"), ("hour", "2026-11-22T10:00:00Z")]

        #expect(
            Self.read(.heartbeat, details)
                == .silence(LedgerSource(submitter: "a", source: "b"), hour: "2026-11-22T10:00:00Z")
        )
    }

    @Test(arguments: ["", "x", "{}", #"{"type":"dev.martlet.audit/"}"#, #"{"type":"started"}"#])
    func `other bytes say nothing`(text: String) {
        var reader = OwnEventReader()

        #expect(reader.read(Array(text.utf8), 0..<text.utf8.count) == .other)
    }
}
