// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditStore
import JournalFormat
import Testing

@testable import QueryEngine

@Suite struct EventClassifierTests {
    @Test func `an event is classified before it is stored as it is afterwards`() throws {
        let catalog = try TestLog.engine.get().catalog
        var classifier = EventClassifier(catalog)
        var describer = EventDescriber(catalog)
        let odd = [#"{"type":"io.confluent.kafka.server/request","data":{"methodName":null}}"#, "{}", "broken"]
        for bytes in try ExampleDay.events() + odd.map({ Array($0.utf8) }) {
            let stored = StoredEvent(
                index: 0,
                received: 0,
                stream: .audit,
                submitter: "",
                source: "",
                flags: [],
                bytes: bytes
            )
            let (before, after) = (classifier.classify(bytes), describer.describe(stored).classification)
            #expect(before.family == after.family)
            #expect(before.category == after.category)
            #expect(before.subcategory == after.subcategory)
        }
    }
}
