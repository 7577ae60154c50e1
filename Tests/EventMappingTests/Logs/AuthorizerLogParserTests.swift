// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Foundation
import Testing

@Suite struct AuthorizerLogParserTests {
    private static let tail = "for request = Fetch with resourceRefCount = 1 based on rule DefaultDeny"

    private static func one(_ line: String) throws -> [String: Any] {
        let output = Broker.authorizer([line])
        #expect(output.malformed == [])
        return try #require(try output.objects.first)
    }

    // MARK: - The recorded run

    @Test func `every line of a recorded run is told, with what stands in it`() throws {
        let lines = Broker.lines("authorizer.TRACE.log")
        let output = Broker.authorizer(lines)

        // A second reading of the same lines, by a regular expression.
        let pattern =
            /\[(.+?)\] \w+ Principal = (.+) is (Allowed|Denied) operation = (\w+) from host = (\S+) on resource = (\w+):LITERAL:(.*) for request = (\w+) with resourceRefCount = (\d+) based on rule (.*) \(kafka.authorizer.logger\)/
        let wanted = try lines.map { try #require($0.wholeMatch(of: pattern)).output }.filter { $0.9 != "0" }
        #expect(output.malformed == [])
        #expect(output.otherCount == 0)
        #expect(output.ignoredCount == lines.count - wanted.count)
        let objects = try output.objects
        try #require(objects.count == wanted.count)
        for (event, line) in zip(objects, wanted) {
            #expect(event.text("time") == line.1.replacing(" ", with: "T").replacing(",", with: ".") + "Z")
            #expect(event.text("data.authenticationInfo.principal") == String(line.2))
            #expect(event.text("data.authorizationInfo.granted") == (line.3 == "Allowed" ? "1" : "0"))
            let operation = line.4.split(separator: "_").map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined()
            #expect(event.text("data.authorizationInfo.operation") == operation)
            #expect(event.text("data.requestMetadata.client_address") == "/" + line.5)
            #expect(event.text("data.authorizationInfo.resourceType") == String(line.6))
            #expect(event.text("data.authorizationInfo.resourceName") == String(line.7))
            #expect(event.text("data.methodName") == "kafka." + line.8)
            let isSuperUser = line.10 == "SuperUser"
            #expect(event.text("data.authorizationInfo.superUserAuthorization") == (isSuperUser ? "1" : nil))
            let permission = line.10.firstMatch(of: /permissionType=(\w+)/)?.output.1
            #expect(event.text("data.authorizationInfo.aclAuthorization.permissionType") == permission.map(String.init))
        }
        #expect(Set(objects.compactMap { $0.text("id") }).count == objects.count)
    }

    @Test func `denials on the wire are in the log, apart from those that are logged with checks turned off`() throws {
        let denied = try Broker.authorizer(Broker.lines("authorizer.TRACE.log")).objects.filter {
            $0.text("data.authorizationInfo.granted") == "0"
        }
        // Time, connection, principal, API, version, code, resource; the name is missing where the API has no place for it.
        let wire = Broker.lines("wire.denials.txt").map { $0.split(separator: " ").map(String.init) }
            .filter { $0[3] != "SaslAuthenticate" }
        var unmatched: [[String]] = []
        for row in wire {
            let time = try #require(Double(row[0]))
            let isThere = denied.contains { event in
                guard let stamp = event.text("time").flatMap({ Timestamp($0) }) else { return false }
                let seconds = Double(stamp.nanosecondsSinceEpoch) / 1e9
                return abs(seconds - time) < 2 && event.text("data.authenticationInfo.principal") == "User:" + row[2]
                    && event.text("data.methodName") == "kafka." + row[3]
                    && (row.count < 7 || event.text("data.authorizationInfo.resourceName") == row[6])
            }
            if !isThere { unmatched.append(row) }
        }
        #expect(unmatched == [])
    }

    @Test func `failed logins are authentication events without a name`() throws {
        let lines = Broker.lines("failed-authentication.log")
        let objects = try Broker.authorizer(lines).objects
        #expect(objects.count == lines.count)
        for (event, line) in zip(objects, lines) {
            let channel = try #require(line.firstMatch(of: /channelId=([^)]+)/)).output.1
            #expect(event.text("type") == "io.confluent.kafka.server/authentication")
            #expect(event.text("data.methodName") == "kafka.Authentication")
            #expect(event.text("data.authenticationInfo.principal") == "None:UNKNOWN_USER")
            #expect(event.text("data.requestMetadata.connection_id") == String(channel))
            #expect(event.text("data.requestMetadata.client_address") == "/127.0.0.1")
            #expect(event.text("data.result.status") == "UNAUTHENTICATED")
            #expect(event.text("data.result.message")?.isEmpty == line.hasSuffix(") () (x)"))
        }
    }

    // MARK: - Forms

    @Test(arguments: [
        (
            "DEBUG Principal = User:a is Allowed Operation = Read from host = 10.0.0.1 on resource = Topic:orders", "1",
            "Read", "orders", "LITERAL", "kafka.Authorize"
        ),
        (
            "INFO Principal = User:a is Denied Operation = Write from host = 10.0.0.1 on resource = Topic:orders", "0",
            "Write", "orders", "LITERAL", "kafka.Authorize"
        ),
        (
            "INFO Principal = User:a is Denied Operation = ClusterAction from host = ::1 on resource = Group:PREFIXED:g:1",
            "0", "ClusterAction", "g:1", "PREFIXED", "kafka.Authorize"
        ),
        (
            "INFO Principal = User:a is Denied Operation = Describe from host = h on resource = Topic:LITERAL:o for request = Metadata with resourceRefCount = 3",
            "0", "Describe", "o", "LITERAL", "kafka.Metadata"
        ),
        (
            "WARN Principal = User:a is Denied operation = IDEMPOTENT_WRITE from host = h on resource = TransactionalId:LITERAL:my id for request = 1234 with resourceRefCount = 1 based on rule DefaultDeny",
            "0", "IdempotentWrite", "my id", "LITERAL", "kafka.1234"
        ),
    ])
    func `lines of all versions`(
        message: String,
        granted: String,
        operation: String,
        name: String,
        pattern: String,
        method: String
    ) throws {
        let event = try Self.one("[2026-11-22 13:24:20,529] \(message) (kafka.authorizer.logger)")
        #expect(event.text("data.authorizationInfo.granted") == granted)
        #expect(event.text("data.authorizationInfo.operation") == operation)
        #expect(event.text("data.authorizationInfo.resourceName") == name)
        #expect(event.text("data.authorizationInfo.patternType") == pattern)
        #expect(event.text("data.methodName") == method)
    }

    @Test(arguments: [
        "2024-05-02 10:11:12 INFO  [data-plane-kafka-request-handler-3] StandardAuthorizer:123 - MESSAGE",
        "2024-05-02T10:11:12.000000000Z stdout F 2024-05-02 10:11:11 INFO  [t] StandardAuthorizer:123 - MESSAGE",
        #"{"log":"2024-05-02 10:11:11 INFO  [t] StandardAuthorizer:123 - MESSAGE\n","stream":"stdout","time":"2024-05-02T10:11:12.000Z"}"#,
        #"{"message":"[2024-05-02 10:11:12,000] INFO MESSAGE (kafka.authorizer.logger)","host":"b-1"}"#,
        "[2024-05-02T12:11:12,000+02:00] INFO MESSAGE (kafka.authorizer.logger)",
    ])
    func `prefixes of containers and consoles`(layout: String) throws {
        let message =
            "Principal = User:CN=app is Denied operation = WRITE from host = 10.0.0.1 on resource = Topic:LITERAL:o \(Self.tail)"
        let event = try Self.one(layout.replacing("MESSAGE", with: message))
        #expect(event.text("time") == "2024-05-02T10:11:12.000Z")
        #expect(event.text("data.authenticationInfo.principal") == "User:CN=app")
        #expect(event.text("data.authorizationInfo.resourceName") == "o")
    }

    @Test func `a line in pieces is one line`() throws {
        let pieces = [
            "2024-05-02T10:11:12.1Z stdout P [2024-05-02 10:11:12,000] INFO Principal = User:a is Denied oper",
            "2024-05-02T10:11:12.2Z stdout F ation = READ from host = h on resource = Topic:LITERAL:o \(Self.tail) (kafka.authorizer.logger)",
        ]
        let output = Broker.authorizer(pieces)
        #expect(output.malformed == [])
        #expect(try output.objects.first?.text("data.authorizationInfo.resourceName") == "o")
    }

    @Test func `Keycloak's lines, and what follows on lines without a stamp`() throws {
        let output = Broker.authorizer([
            "2024-05-02 10:11:12 DEBUG [t] grant:1 - Authorization GRANTED - user is a superuser: User:CN=a, cluster: c, operation: DESCRIBE_CONFIGS, resource: Cluster:kafka-cluster",
            "2024-05-02 10:11:13 DEBUG [t] grant:1 - Authorization GRANTED - cluster: c, user: service-account-b, operation: READ, resource: TOPIC:orders",
            "Granted scopes for resource (Topic:orders): [Read]",
            "2024-05-02 10:11:14 DEBUG [t] deny:1 - Authorization DENIED - user: x, y, cluster: c, operation: WRITE, resource: GROUP:g,",
            " permissions: {}",
        ])
        let objects = try output.objects
        #expect(objects.map { $0.text("data.authorizationInfo.granted") } == ["1", "1", "0"])
        #expect(
            objects.map { $0.text("data.authenticationInfo.principal") } == [
                "User:CN=a", "User:service-account-b", "User:x, y",
            ]
        )
        #expect(objects.map { $0.text("data.authorizationInfo.superUserAuthorization") } == ["1", nil, nil])
        #expect(objects.map { $0.text("data.authorizationInfo.operation") } == ["DescribeConfigs", "Read", "Write"])
        #expect(objects.map { $0.text("data.authorizationInfo.resourceType") } == ["Cluster", "Topic", "Group"])
        #expect(objects.map { $0.text("data.authorizationInfo.resourceName") } == ["kafka-cluster", "orders", "g"])
        #expect(output.otherCount == 2)
    }

    // MARK: - Hostile names

    @Test(arguments: [
        "User:CN=a b,OU=is Allowed Operation = x",
        "User:a from host = 1.2.3.4 on resource = Topic:LITERAL:x",
        "User:\u{202E}gnp.\"\\\u{7}",
        "User: is Denied ",
        "User:Principal = User:b",
    ])
    func `principals that look like the rest of a line`(principal: String) throws {
        let event = try Self.one(
            "[2026-11-22 13:24:20,529] INFO Principal = \(principal) is Denied operation = READ from host = h on resource = Topic:LITERAL:o \(Self.tail) (kafka.authorizer.logger)"
        )
        #expect(event.text("data.authenticationInfo.principal") == principal)
        #expect(event.text("data.authorizationInfo.granted") == "0")
        #expect(event.text("data.authorizationInfo.resourceName") == "o")
    }

    @Test(arguments: [
        "g is Allowed operation = READ from host = 1.1.1.1 on resource = Topic:LITERAL:y",
        "g for request = Fetch with resourceRefCount = 1 based on rule SuperUser",
        "g based on rule MatchingAcl(acl=StandardAcl(permissionType=ALLOW))",
        "g with a \"quote\", a \\ and a (kafka.authorizer.logger)",
        "g\n[2026-11-22 13:24:20,529",
    ])
    func `a group's name does not turn a refusal into something else`(name: String) throws {
        let line =
            "[2026-11-22 13:24:20,529] INFO Principal = User:m is Denied operation = READ from host = h on resource = Group:LITERAL:\(name) \(Self.tail) (kafka.authorizer.logger)"
        let output = Broker.authorizer(line.split(separator: "\n").map(String.init))
        #expect(output.malformed == [])
        let event = try #require(try output.objects.first)
        #expect(event.text("data.authenticationInfo.principal") == "User:m")
        #expect(event.text("data.authorizationInfo.granted") == "0")
        #expect(event.text("data.authorizationInfo.resourceName") == name)
        #expect(event.text("data.authorizationInfo.superUserAuthorization") == nil)
        #expect(event.text("data.authorizationInfo.aclAuthorization.permissionType") == nil)
    }

    @Test func `other loggers' lines about checks are nobody's word`() throws {
        let message =
            "Principal = User:a is Allowed operation = READ from host = h on resource = Topic:LITERAL:o \(Self.tail)"
        let output = Broker.authorizer([
            "[2026-11-22 13:24:20,529] INFO \(message) (kafka.server.KafkaApis)",
            "[2026-11-22 13:24:20,529] INFO client \(message) (kafka.authorizer.logger)",
        ])
        #expect(output.eventCount == 0)
        #expect(output.otherCount == 2)
    }

    @Test func `the rule that matched is told, whatever its names are`() throws {
        let event = try Self.one(
            "[2026-11-22 13:24:21,757] INFO Principal = User:bob is Denied operation = ALTER from host = h on resource = Topic:LITERAL:orders for request = CreatePartitions with resourceRefCount = 1 based on rule MatchingAcl(acl=StandardAcl(resourceType=TOPIC, resourceName=a, patternType=b, patternType=PREFIXED, principal=User:x, host=y, host=*, operation=ALL, permissionType=DENY)) (kafka.authorizer.logger)"
        )
        let acl = "data.authorizationInfo.aclAuthorization."
        #expect(event.text(acl + "permissionType") == "DENY")
        #expect(event.text(acl + "host") == "*")
        #expect(event.text(acl + "actingPrincipal") == "User:x, host=y")
        #expect(event.text(acl + "patternType") == "PREFIXED")
        #expect(event.text(acl + "patternName") == "a, patternType=b")
        #expect(event.text(acl + "operation") == "All")
    }

    @Test func `no cut and no random byte crashes the parser or makes what is not JSON`() throws {
        var random = Generator(state: 7)
        let lines =
            Broker.lines("authorizer.TRACE.log").suffix(40) + Broker.lines("failed-authentication.log").prefix(5)
        for line in lines {
            for _ in 0..<40 {
                var bytes = Array(line.utf8)
                if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
                for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                var parser = AuthorizerLogParser(cluster: Broker.cluster, zone: .utc)
                var output = LogOutput()
                let place = LogPlace(log: LogIdentity(high: 0, low: 0), byteOffset: 0)
                parser.read(bytes.span.bytes, in: 0..<bytes.count, at: place, now: nil, into: &output)
                parser.finish(into: &output)
                _ = try output.objects
            }
        }
    }
}

/// SplitMix64.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
