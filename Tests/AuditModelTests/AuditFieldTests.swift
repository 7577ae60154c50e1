// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import Testing

@Suite struct AuditFieldTests {
    @Test func `names are those of the one set of fields`() {
        let names = """
            id time received type service action category subcategory family method principal principal.kind \
            credential resource resource.type resource.name organization environment cluster outcome client.ip \
            client.id request.id connection.id source subject index stream
            """

        #expect(Set(AuditField.allCases.map(\.rawValue)) == Set(names.split(separator: " ").map(String.init)))
    }

    @Test(arguments: AuditField.allCases)
    func `every field has one line of help`(_ field: AuditField) {
        #expect(!field.summary.isEmpty)
        #expect(!field.summary.contains("\n"))
    }

    @Test(arguments: [
        (AuditField.principal, "u-1abc2d", "User:u-1abc2d"),
        (.principal, "User:u-1abc2d", "User:u-1abc2d"),
        (.principal, "sa-9", "User:sa-9"),
        (.principal, "alice", "alice"),
        (.principal, "User:alice", "User:alice"),
        (.principal, "group-1", "Group:group-1"),
        (.principal, "User:", "User:"),
        (.resourceType, "Topic", "topic"),
        (.resourceType, "CLOUD_CLUSTER", "cloud-cluster"),
        (.resourceType, "CloudCluster", "cloud-cluster"),
        (.resourceType, "cloud-cluster", "cloud-cluster"),
        (.resourceType, "CloudApiKey", "cloud-api-key"),
        (.resourceType, "TransactionalId", "transactional-id"),
        (.outcome, "DENIED", "denied"),
        (.clientIP, "/172.27.0.3", "172.27.0.3"),
        (.method, "kafka.CreateTopics", "kafka.CreateTopics"),
    ])
    func `ways of writing a value come to one`(_ field: AuditField, _ text: String, _ expected: String) {
        let canonical = field.canonicalValue(text)

        #expect(canonical == expected)
        #expect(field.canonicalValue(canonical) == canonical)
    }

    @Test(arguments: Samples.all)
    func `one field alone has the values it has in the whole event`(_ json: String) {
        let record = Record(json)
        let event = AuditEvent(record)

        for field in AuditField.allCases {
            #expect(field.values(in: record) == event.values(of: field), "\(field)")
            #expect(event.values(of: field).first == event.value(of: field), "\(field)")
        }
    }

    @Test(arguments: Samples.all)
    func `a direct field has what stands at the first of its places, unchanged`(_ json: String) {
        let record = Record(json)
        let event = AuditEvent(record)

        for field in AuditField.allCases {
            guard let paths = field.directPaths else { continue }
            let texts = paths.flatMap { record.all($0) }.filter {
                $0.kind.isScalar && $0.kind != .null && $0.text != ""
            }
            #expect(event.value(of: field) == texts.first?.text, "\(field)")
        }
    }

    @Test(arguments: AuditField.allCases.filter { $0.origin != .event })
    func `what the event cannot know it does not say`(_ field: AuditField) {
        #expect(AuditEvent(Record(Samples.cloudRequest)).value(of: field) == nil)
    }
}
