// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Foundation
import Testing

@Suite struct AuditEventTests {
    @Test func `Kafka's authentication`() {
        let event = AuditEvent(Record(Samples.kafkaAuthentication))

        #expect(event.action == .authentication)
        #expect(event.principal?.description == "User:u-nnn111")
        #expect(event.principal?.kind == .user)
        #expect(event.values(of: .principal) == ["User:u-nnn111", "u-nnn111", "User:253696"])
        #expect(event.credential == "KEY1234567890")
        #expect(event.outcome == .failure)
        #expect(event.value(of: .clientIP) == "203.0.113.7")
        #expect(event.connectionID == "166976909279400003")
        #expect(event.requestIDs == ["9007199254740993"])
        #expect(event.resourceType == "kafka")
        #expect(event.resourceName == "lkc-1")
        #expect(event.organization == "o-1")
        #expect(event.environment == "env-1")
        #expect(event.cluster == "lkc-1")
        #expect(event.value(of: .time) == "2026-11-21T08:15:30.806Z")
    }

    @Test func `Kafka's authorization`() {
        let event = AuditEvent(Record(Samples.kafkaAuthorization))

        #expect(event.outcome == .denied)
        #expect(event.principal?.kind == .serviceAccount)
        #expect(event.resource == "crn://confluent.cloud/kafka=lkc-1/topic=orders")
        #expect(event.resourceType == "topic")
        #expect(event.resourceName == "orders")
        #expect(event.cluster == "lkc-1")
        #expect(event.organization == nil)
        #expect(event.clientID == "admin-42")
        #expect(event.clientIPs == [])
    }

    @Test func `the cloud's request, its resource built from the scopes listed`() {
        let event = AuditEvent(Record(Samples.cloudRequest))

        #expect(event.value(of: .principal) == "User:u-nnn111")
        #expect(event.values(of: .principal) == ["User:u-nnn111", "u-nnn111", "ada@example.com"])
        #expect(event.credential == "KEY1234567890")
        #expect(event.outcome == .success)
        #expect(
            event.resource
                == "crn://confluent.cloud/organization=o-1/environment=env-1/cloud-cluster=lkc-1/connector=sink%201"
        )
        #expect(event.resourceType == "connector")
        #expect(event.resourceName == "sink 1")
        #expect(event.environment == "env-1")
        #expect(event.cluster == "lkc-1")
        #expect(event.clientIPs == ["2001:db8::7", "10.0.0.1"])
        #expect(event.requestIDs == ["r-1", "r-2"])
        #expect(event.connectionID == "c-1")
        #expect(event.time?.description == "2026-11-21T08:15:32.906895813Z")
    }

    @Test func `the cloud's authorization, with a time past every clock`() {
        let event = AuditEvent(Record(Samples.cloudAuthorization))

        #expect(event.outcome == .denied)
        #expect(event.time == .distantFuture)
        #expect(event.value(of: .time) == "+999999999-12-31T23:59:59.999999999-18:00")
        #expect(event.value(of: .principal) == "User:sa-1")
        #expect(event.value(of: .principalKind) == "service-account")
        #expect(event.value(of: .clientIP) == "198.51.100.9")
        #expect(event.resourceType == "organization")
        #expect(event.organization == "o-1")
    }

    @Test func `snake_case`() {
        let event = AuditEvent(Record(Samples.snakeCase))

        #expect(event.service == "crn://confluent.cloud/service=flink")
        #expect(event.method == "flink.Authorize")
        #expect(event.principal?.kind == .identityPool)
        #expect(event.credential == "svc@idp")
        #expect(event.outcome == .allowed)
        #expect(event.requestIDs == ["r-9"])
        #expect(event.clientIPs == ["203.0.113.9"])
        #expect(event.connectionID == "c-9")
        #expect(event.resourceType == "flink-region")
        #expect(event.environment == "env-1")
    }

    @Test func `Confluent Platform with CloudEvents 0.3`() {
        let event = AuditEvent(Record(Samples.platformOld))

        #expect(event.resource == "crn:///kafka=STO/topic=bar")
        #expect(event.cluster == "STO")
        #expect(event.clientIPs == ["172.27.0.3"])
        #expect(event.clientID == "adminclient-1")
        #expect(event.outcome == .allowed)
    }

    @Test func `Confluent Platform with a certificate and an empty resource id`() {
        let event = AuditEvent(Record(Samples.platformNew))

        #expect(event.values(of: .principal) == ["User:alice", "alice"])
        #expect(event.credential == "CN=alice,O=Example")
        #expect(event.outcome == .success)
    }

    @Test func `an empty record says nothing and has an unknown outcome`() {
        let event = AuditEvent(Record("{}"))

        for field in AuditField.allCases {
            #expect(event.value(of: field) == (field == .outcome ? "unknown" : nil), "\(field)")
        }
    }

    @Test(arguments: [
        #"{"clientAddress":[{"ip":"203.0.113.7","port":1}]}"#,
        #"{"client_address":[{"ip":"203.0.113.7"}]}"#,
        #"{"requestMetadata":{"clientAddress":[{"ip":"203.0.113.7"}]}}"#,
        #"{"requestMetadata":{"client_address":"/203.0.113.7"}}"#,
        #"{"requestMetadata":{"client_address":"gate.example/203.0.113.7:9092"}}"#,
        #"{"request_metadata":{"client_address":[{"ip":"203.0.113.7"}]}}"#,
        #"{"authorizationInfo":{"ipfilterAuthorization":{"client_ip":"203.0.113.7"}}}"#,
    ])
    func `every form of a client's address`(_ data: String) {
        #expect(AuditEvent(Record(data: data)).clientIPs == ["203.0.113.7"])
    }

    @Test(arguments: [
        ("/0:0:0:0:0:0:0:1", "0:0:0:0:0:0:0:1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("/", "/"),
        ("[]", ""),
        ("]", "]"),
    ])
    func `addresses lose their port and nothing else`(_ text: String, _ expected: String) {
        #expect(AuditField.clientIP.canonicalValue(text) == expected)
    }

    @Test(arguments: [
        (#"["r-1"]"#, ["r-1"]),
        (#""r-1""#, ["r-1"]),
        ("166974528338100003", ["166974528338100003"]),
        (#"["r-1",null,"","r-2"]"#, ["r-1", "r-2"]),
        ("[]", []),
        ("null", []),
    ])
    func `a request id may be a list, a text or a number`(_ json: String, _ expected: [String]) {
        #expect(AuditEvent(Record(data: #"{"requestMetadata":{"requestId":\#(json)}}"#)).requestIDs == expected)
    }

    @Test(arguments: [
        (#"{"metadata":{"identifier":"K1"}}"#, "K1"),
        (#"{"credentials":{"idSecretCredentials":{"credentialId":"K2"}}}"#, "K2"),
        (#"{"credentials":{"idTokenCredentials":{"subject":"s"}}}"#, "s"),
        (#"{"credentials":{"certificateCredentials":{"dname":{"cn":"c"}}}}"#, "c"),
        (
            #"{"credentials":{"delegateCredentials":{"delegateCredentials":{"idSecretCredentials":{"credentialId":"K3"}}}}}"#,
            "K3"
        ),
    ])
    func `every form of a credential`(_ authentication: String, _ expected: String) {
        #expect(AuditEvent(Record(data: #"{"authenticationInfo":\#(authentication)}"#)).credential == expected)
    }

    @Test func `of several targets the first one counts, with its own scopes`() {
        let event = AuditEvent(
            Record(
                data: #"""
                    {"cloudResources":[
                    {"scope":{"resources":[{"type":"ORGANIZATION","resourceId":"o-1"},
                    {"type":"ENVIRONMENT","resourceId":"env-1"},{"type":"CLOUD_CLUSTER","resourceId":"lkc-1"}]},
                    "resource":{"type":"TOPIC","resourceId":"a/b"}},
                    {"scope":{"resources":[{"type":"ORGANIZATION","resourceId":"o-2"}]},
                    "resource":{"type":"USER","resourceId":"u-1"}}]}
                    """#
            )
        )

        #expect(
            event.resource
                == "crn://confluent.cloud/organization=o-1/environment=env-1/cloud-cluster=lkc-1/kafka=lkc-1/topic=a%2fb"
        )
        #expect(event.resourceName == "a/b")
        #expect(event.organization == "o-1")
    }

    @Test func `the short form of a resource is one of its values, whatever form the record has`() {
        let long = "crn://confluent.cloud/organization=o/environment=e/cloud-cluster=lkc-1/kafka=lkc-1/topic=t"
        let short = "crn://confluent.cloud/kafka=lkc-1/topic=t"

        #expect(AuditEvent(Record(data: #"{"resourceName":"\#(long)"}"#)).values(of: .resource) == [long, short])
        #expect(AuditEvent(Record(data: #"{"resourceName":"\#(short)"}"#)).values(of: .resource) == [short])
        #expect(
            AuditEvent(Record(data: #"{"resourceName":"kafka-cluster"}"#)).values(of: .resource) == ["kafka-cluster"]
        )
    }

    @Test func `scopes that cannot be paired are left out`() {
        let data = #"""
            {"cloudResources":[{"scope":{"resources":[{"type":"ORGANIZATION"},{"type":"ENVIRONMENT","resourceId":"e"}]},
            "resource":{"type":"USER","resourceId":"u-1"}}]}
            """#

        #expect(AuditEvent(Record(data: data)).resource == "crn://confluent.cloud/user=u-1")
    }

    @Test func `the service and the source fill in the cluster`() {
        let service = AuditEvent(Record(data: #"{"serviceName":"crn:///kafka=k-1","resourceName":"crn:///topic=t"}"#))
        let source = AuditEvent(Record(#"{"source":"crn://confluent.cloud/environment=e/kafka-cluster=k-2"}"#))

        #expect(service.cluster == "k-1")
        #expect(source.cluster == "k-2")
        #expect(source.environment == "e")
    }

    @Test func `the records beside this package, when there are any, read whole`() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../../shared/fixtures/records").standardized
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []

        for file in files where file.pathExtension == "json" {
            let event = AuditEvent(Record(try String(contentsOf: file, encoding: .utf8)))
            let needed: [AuditField] = [
                .id, .source, .type, .time, .action, .method, .principal, .resource, .resourceType, .resourceName,
            ]
            for field in needed { #expect(event.value(of: field) != nil, "\(field) of \(file.lastPathComponent)") }
            #expect(event.outcome != .unknown, "\(file.lastPathComponent)")
        }
    }
}
