// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Testing

@testable import Ingest

@Suite struct GapTests {
    @Test func `what nobody knows is not said`() {
        let gap = Gap(submitter: "martlet", source: "kafka:audit/3", from: nil, to: nil, reason: .queueDropped)

        #expect(gap.details.map(\.name) == ["submitter", "source", "reason"])
        #expect(gap.details.map(\.value) == ["martlet", "kafka:audit/3", "queue-dropped"])
    }

    @Test func `a gap says where, how many and when`() {
        let gap = Gap(
            submitter: "martlet",
            source: "kafka:audit/3",
            from: "1000",
            to: "1999",
            reason: .retentionTook,
            lostCount: 1000,
            timeRange: .epoch...Timestamp(nanosecondsSinceEpoch: 3_600_000_000_000)
        )

        let values = Dictionary(uniqueKeysWithValues: gap.details.map { ($0.name, $0.value) })
        #expect(values["from"] == "1000" && values["to"] == "1999" && values["lost"] == "1000")
        #expect(values["since"] == "1970-01-01T00:00:00Z" && values["until"] == "1970-01-01T01:00:00Z")
    }

    @Test func `the names of reasons are settled`() {
        // They are in logs: a name may be added, and none changed.
        #expect(
            Gap.Reason.allCases.map(\.rawValue) == [
                "retention-took", "source-down", "spool-overflowed", "queue-dropped", "quarantined", "truncated",
                "unreadable", "disk-full", "shutdown-unclean", "missing-sequence",
            ]
        )
    }
}
