// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Foundation
import Testing

@testable import Ingest

@Suite struct SystemEventMakerTests {
    @Test(arguments: [
        (UInt64.min, "00000000-0000-4000-8000-000000000000"), (.max, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        (0x0123_4567_89AB_CDEF, "01234567-89ab-4def-8123-456789abcdef"), (1, "00000000-0000-4001-8000-000000000001"),
    ])
    func `ids are version 4 UUIDs of the random source`(word: UInt64, id: String) {
        let maker = SystemEventMaker(now: { .epoch }, random: { word })

        let event = maker.make(.started, method: "Start", principal: "martlet")

        #expect(event.id == id)
        #expect(UUID(uuidString: event.id) != nil)
    }

    @Test func `no two events have the same id`() {
        let maker = SystemEventMaker(now: { .epoch })

        let ids = (0..<1000).map { _ in maker.make(.started, method: "Start", principal: "martlet").id }

        #expect(Set(ids).count == 1000)
    }

    @Test func `the time is the clock's, and the rest is passed on`() {
        let maker = SystemEventMaker(now: { Timestamp(nanosecondsSinceEpoch: 1_500_000_000) }, random: { 0 })

        let event = maker.make(
            .tokenRevoked,
            method: "RevokeToken",
            principal: "User:alice",
            resource: "token=t",
            details: [("name", "ci")]
        )

        #expect(event.kind == .tokenRevoked)
        #expect(event.time == "1970-01-01T00:00:01.500Z")
        #expect(event.method == "RevokeToken")
        #expect(event.principal == "User:alice")
        #expect(event.resource == "token=t")
        #expect(event.details.map(\.name) == ["name"])
    }
}
