// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import JournalFormat
import QueryLanguage
import Testing

@testable import QueryEngine

@Suite struct EngineTests {
    @Test func `who follows the log gets a frame's matches in its order`() async throws {
        try await withLog { log async throws in
            try await log.add(["b", "a", "b"].map { Array("{\"id\":\"\($0)\"}".utf8) }, perFrame: 3)
            try await log.add([Array(#"{"id":"b"}"#.utf8)], perFrame: 1, stream: .system)
            let snapshot = log.store.snapshot
            let engine = try TestLog.engine.get()
            let filter = try Query.parseFilter("id:b", now: .epoch)

            let first = try await engine.matches(in: snapshot.parts[0], filter, of: snapshot)
            let second = try await engine.matches(in: snapshot.parts[1], filter, of: snapshot)

            #expect(first.map(\.index) == [0, 2])
            #expect(second.isEmpty)
        }
    }
}
