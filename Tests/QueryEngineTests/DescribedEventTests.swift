// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import JournalFormat
import Testing

@testable import QueryEngine

@Suite struct DescribedEventTests {
    @Test func `the fields of the example day are those that the slow way finds`() throws {
        let catalog = try TestLog.engine.get().catalog
        var describer = EventDescriber(catalog)
        for bytes in try ExampleDay.events() {
            let described = describer.describe(Self.stored(bytes))
            let reference = try #require(ReferenceEvent(bytes))
            #expect(described.event == AuditEvent(reference))
            for field in [AuditField.family, .category, .subcategory] {
                let expected = reference.values(of: field, catalog, ReferenceEvent.Context()).first
                #expect(described.value(of: field) == expected)
            }
        }
    }

    @Test func `what the store knows is shown, too`() throws {
        var describer = EventDescriber(try TestLog.engine.get().catalog)

        let described = describer.describe(Self.stored(Array("{}".utf8)))

        #expect(described.value(of: .index) == "42")
        #expect(described.value(of: .stream) == "system")
        #expect(described.value(of: .received) == Timestamp(nanosecondsSinceEpoch: TestLog.received).description)
        #expect(described.value(of: .method) == nil)
    }

    @Test func `nothing of one event is left for the next`() throws {
        let catalog = try TestLog.engine.get().catalog
        var describer = EventDescriber(catalog)
        _ = describer.describe(Self.stored(try #require(try ExampleDay.events().first)))

        for bytes in [Array("{}".utf8), Array("broken".utf8)] {
            var fresh = EventDescriber(catalog)
            #expect(describer.describe(Self.stored(bytes)).event == fresh.describe(Self.stored(bytes)).event)
        }
    }

    private static func stored(_ bytes: [UInt8]) -> StoredEvent {
        StoredEvent(
            index: 42,
            received: TestLog.received,
            stream: .system,
            submitter: "martlet",
            source: "martlet",
            flags: [],
            bytes: bytes
        )
    }
}
