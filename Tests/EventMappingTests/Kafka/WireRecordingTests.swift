// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Foundation
import KafkaProtocol
import Testing

@Suite(.enabled(if: WireRecording.isThere, "the recording is not beside this package"))
struct WireRecordingTests {
    static func mapped(
        _ policy: CapturePolicy,
        byOurs: Bool = false
    ) throws -> [(connection: Int, event: ReadEvent)] {
        let cluster = KafkaCluster(crn: try #require(CRN("crn:///kafka=4L6g3nShT-eMCtK--X86sw")))
        var mappers: [Int: KafkaEventMapper] = [:]
        var found: [(Int, ReadEvent)] = []
        for (connection, observation) in try WireRecording().observations(byOurs: byOurs) {
            var mapper =
                mappers[connection]
                ?? KafkaEventMapper(.numbered(connection, host: "127.0.0.1"), cluster: cluster, policy: policy)
            var events: [MappedEvent] = []
            mapper.map(observation, into: &events)
            mappers[connection] = mapper
            for event in events { found.append((connection, try ReadEvent(event))) }
        }
        var rest: [MappedEvent] = []
        cluster.flush(time: .max, into: &rest)
        for event in rest { found.append((0, try ReadEvent(event))) }
        return found
    }

    /// Everything, and every repeat for itself.
    static var uncounted: CapturePolicy {
        var policy = CapturePolicy.everything
        policy.checkWindow = 0
        policy.failureWindow = 0
        return policy
    }

    @Test(arguments: [true, false])
    func `exactly the refusals and failed logins of the recording are found`(byDefault: Bool) throws {
        var policy = byDefault ? CapturePolicy() : Self.uncounted
        policy.checkWindow = 0
        policy.failureWindow = 0

        let found = try Self.mapped(policy).compactMap { connection, event -> WireRecording.Denial? in
            let isFailedLogin = event.event.action == .authentication && event.event.outcome == .failure
            guard event.event.outcome == .denied || isFailedLogin else { return nil }
            let user = isFailedLogin ? event.event.credential : event.event.principal?.name
            return WireRecording.Denial(
                connection: connection,
                user: user ?? "",
                api: isFailedLogin ? "SaslAuthenticate" : String(event.event.method?.dropFirst("kafka.".count) ?? ""),
                version: isFailedLogin ? 1 : event.integer("data.martlet.apiVersion") ?? -1,
                code: event.integer("data.martlet.errorCode") ?? 0
            )
        }

        let expected = try WireRecording().denials
        #expect(expected.count == 49)
        #expect(
            Dictionary(grouping: found, by: \.self).mapValues(\.count)
                == Dictionary(grouping: expected, by: \.self).mapValues(\.count)
        )
    }

    @Test func `failed logins in a loop are three events and three counts`() throws {
        let failures = try Self.mapped(.everything).map(\.event).filter {
            $0.event.action == .authentication && $0.event.outcome == .failure
        }

        let counts = failures.compactMap { $0.integer("data.martlet.count") }
        #expect(failures.count - counts.count == 3)
        // bob 12, mallory 11, scott 12 times.
        #expect(counts.sorted() == [10, 11, 11])
    }

    @Test func `every event reads back whole, and no id comes twice`() throws {
        let events = try Self.mapped(Self.uncounted).map(\.event)

        #expect(events.count > 200)
        #expect(Set(events.compactMap(\.event.id)).count == events.count)
        let users: Set = ["User:admin", "User:alice", "User:bob", "User:carol", "User:scott", "None:UNKNOWN_USER"]
        for event in events {
            let model = event.event
            #expect(model.source == "crn:///kafka=4L6g3nShT-eMCtK--X86sw")
            #expect(model.method?.hasPrefix("kafka.") == true)
            #expect(model.time != nil)
            #expect(model.cluster == "4L6g3nShT-eMCtK--X86sw")
            #expect(model.resource.flatMap { CRN($0) } != nil)
            #expect(users.contains(model.principal?.description ?? ""), "\(model.principal?.description ?? "")")
            #expect(model.clientIPs == ["127.0.0.1"])
            #expect(model.outcome != .unknown || event.act != nil)
        }
    }

    @Test func `our own decoder keeps what the events need`() throws {
        let ours = try Self.mapped(Self.uncounted, byOurs: true).map(\.event)
        let others = try Self.mapped(Self.uncounted).map(\.event)

        #expect(ours.count == others.count)
        for (own, other) in zip(ours, others) {
            #expect(own.event.method == other.event.method)
            #expect([own.check, own.act] == [other.check, other.act], "\(own.event.method ?? "")")
            let data = "data.request.data"
            let (mine, theirs) = (Self.comparable(own[data] ?? [:]), Self.comparable(other[data] ?? [:]))
            #expect(mine == theirs, "\(own.event.method ?? "") \(own.integer("data.martlet.apiVersion") ?? -1)")
        }
    }

    /// The JSON with its keys in order, without what the other implementation names otherwise, has as null, or
    /// fills in for a tagged field.
    private static func comparable(_ json: Any) -> String {
        switch json {
        case let object as [String: Any]:
            let ignored: Set = ["transactionTimeoutMs", "replicaState"]
            let members = object.filter { !($0.value is NSNull) && !ignored.contains($0.key) }
                .sorted { $0.key < $1.key }
                .map { "\($0.key):\(comparable($0.value))" }
            return "{\(members.joined(separator: ","))}"
        case let list as [Any]: return "[\(list.map(comparable).joined(separator: ","))]"
        default: return "\(json)"
        }
    }

    @Test func `the same recording gives the same bytes`() throws {
        let first = try Self.mapped(.everything).map(\.event.text)
        let second = try Self.mapped(.everything).map(\.event.text)

        let isSame = first == second
        #expect(isSame)
    }

    @Test func `no dummy secret of the recording is in any event`() throws {
        let text = try Self.mapped(Self.uncounted).map(\.event.text).joined(separator: "\n")
        let secrets = try Self.secrets()

        #expect(secrets.count > 20)
        for secret in secrets {
            let isThere = text.contains(secret)
            #expect(!isThere, "\(secret.count) characters beginning with \(secret.prefix(4))")
        }
    }

    /// Passwords, nonces, proofs, salts: in the recording's bytes, and as text in base64 and hex.
    private static func secrets() throws -> Set<String> {
        var found: Set<String> = []
        for line in try WireRecording().lines {
            guard let request = line.frame?["request"] as? [String: Any] else { continue }
            for upsertion in request["upsertions"] as? [[String: Any]] ?? [] {
                for name in ["salt", "salted_password"] {
                    guard let hex = (upsertion[name] as? [String: Any])?["hex"] as? String else { continue }
                    found.insert(hex)
                    found.insert(bytes(hex).base64EncodedString())
                }
            }
            guard let hex = (request["auth_bytes"] as? [String: Any])?["hex"] as? String else { continue }
            let token = bytes(hex)
            found.insert(hex)
            if let password = token.split(separator: 0).last, token.contains(0) {
                found.insert(String(decoding: password, as: UTF8.self))
            } else {
                for part in String(decoding: token, as: UTF8.self).split(separator: ",")
                where part.hasPrefix("r=") || part.hasPrefix("p=") {
                    found.insert(String(part.dropFirst(2)))
                }
            }
        }
        // One of the dummy passwords is a single letter, which is everywhere.
        return found.filter { $0.utf8.count >= 6 }
    }

    private static func bytes(_ hex: String) -> Data {
        Data(
            stride(from: 0, to: hex.count - 1, by: 2).compactMap { place in
                let start = hex.index(hex.startIndex, offsetBy: place)
                return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)
            }
        )
    }

    @Test func `the topic made by CreateTopics is no topic made by looking`() throws {
        let created = try Self.mapped(Self.uncounted).map(\.event).filter { $0.event.method == "kafka.CreateTopics" }

        #expect(!created.isEmpty)
        for event in created where event.bool("data.request.data.autoCreated") == true {
            #expect(event.string("data.martlet.remark")?.hasPrefix("inferred") == true)
        }
    }
}
