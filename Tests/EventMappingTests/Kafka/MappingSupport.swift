// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import EventReading
import EventScanner
import Foundation
import KafkaProtocol
import Testing

/// A connection, its cluster and its mapper, with a policy that captures everything unless told otherwise.
struct Mapping {
    static let clusterCRN = "crn:///kafka=k-1"

    let cluster: KafkaCluster
    var mapper: KafkaEventMapper

    init(
        policy: CapturePolicy = .everything,
        cluster: KafkaCluster? = nil,
        connection: KafkaConnection = .plain,
        user: String? = "alice"
    ) throws {
        let crn = try #require(CRN(Self.clusterCRN))
        self.cluster = cluster ?? KafkaCluster(crn: crn)
        mapper = KafkaEventMapper(connection, cluster: self.cluster, policy: policy)
        if let user { _ = try map(.authentication(.login(user))) }
    }

    mutating func map(_ observation: KafkaObservation) throws -> [ReadEvent] {
        var events: [MappedEvent] = []
        mapper.map(observation, into: &events)
        return try events.map(ReadEvent.init)
    }

    mutating func map(
        _ key: Int16,
        _ version: Int16 = 0,
        _ request: KafkaFields,
        _ answer: KafkaFields,
        time: Int64 = .start
    ) throws -> [ReadEvent] {
        try map(.exchange(.of(key, version, .fields(request), .fields(answer), time: time)))
    }

    mutating func flush(_ time: Int64) throws -> [ReadEvent] {
        var events: [MappedEvent] = []
        mapper.flush(time: time, into: &events)
        return try events.map(ReadEvent.init)
    }

    func flushCluster(_ time: Int64) throws -> [ReadEvent] {
        var events: [MappedEvent] = []
        cluster.flush(time: time, into: &events)
        return try events.map(ReadEvent.init)
    }
}

/// An event as the rest of Martlet reads it: scanned, then through the model.
struct ReadEvent {
    let mapped: MappedEvent
    let event: AuditEvent
    let json: [String: Any]

    init(_ mapped: MappedEvent) throws {
        self.mapped = mapped
        var scanner = ObjectScanner(PathTable.model)
        try unsafe scanner.scan(mapped.bytes.span.bytes, in: 0..<mapped.bytes.count)
        event = AuditEvent(ScannedValues(bytes: mapped.bytes, hits: scanner.hits))
        json = try #require(JSONSerialization.jsonObject(with: Data(mapped.bytes)) as? [String: Any])
    }

    var text: String { String(decoding: mapped.bytes, as: UTF8.self) }

    /// The value at a dotted path; a number picks an element.
    subscript(path: String) -> Any? {
        path.split(separator: ".").reduce(json as Any?) { value, key in
            if let place = Int(key) {
                let array = value as? [Any] ?? []
                return array.indices.contains(place) ? array[place] : nil
            }
            return (value as? [String: Any])?[String(key)]
        }
    }

    func string(_ path: String) -> String? { self[path] as? String }
    func integer(_ path: String) -> Int? { self[path] as? Int }
    func bool(_ path: String) -> Bool? { self[path] as? Bool }

    /// `allowed Read Topic orders`; nil for events that are no checks.
    var check: String? {
        guard event.action == .authorization else { return nil }
        let info = "data.authorizationInfo"
        return [
            event.outcome.rawValue, string("\(info).operation") ?? "", string("\(info).resourceType") ?? "",
            string("\(info).resourceName") ?? "",
        ].joined(separator: " ")
    }

    /// `success crn:///kafka=k-1/topic=orders`; nil for events that are no acts.
    var act: String? {
        event.action == .request ? "\(event.outcome.rawValue) \(event.resource ?? "")" : nil
    }
}

extension [ReadEvent] {
    var checks: [String] { compactMap(\.check) }
    var acts: [String] { compactMap(\.act) }
}

extension CapturePolicy {
    static var everything: CapturePolicy {
        var policy = CapturePolicy()
        policy.categories = Set(CaptureCategory.allCases)
        return policy
    }
}

extension Int64 {
    /// 2026-11-22T13:24:20.534123789Z.
    static let start: Int64 = 1_795_353_860_534_123_789
    static func seconds(_ count: Int64) -> Int64 { start + count * 1_000_000_000 }
}

extension KafkaConnection {
    static let plain = KafkaConnection(
        id: "00112233445566778899aabbccddeeff",
        clientHost: "10.0.0.1",
        clientPort: 50_000,
        isEncrypted: false,
        nodeID: 3
    )

    static func numbered(_ number: Int, host: String = "10.0.0.1", certificateName: String? = nil) -> KafkaConnection {
        KafkaConnection(
            id: String(format: "%032x", number),
            clientHost: host,
            clientPort: 50_000 + number,
            isEncrypted: certificateName != nil,
            certificateSubject: certificateName.map { "CN=\($0),O=Example" },
            certificateName: certificateName
        )
    }
}

extension SASLExchange {
    static func login(
        _ name: String?,
        _ verdict: Verdict = .success,
        mechanism: String = "PLAIN",
        details: [Detail] = [],
        isRepeat: Bool = false,
        time: Int64 = .start
    ) -> SASLExchange {
        SASLExchange(
            mechanism: mechanism,
            claimedName: name,
            details: details,
            verdict: verdict,
            isRepeat: isRepeat,
            time: time,
            clientID: "client-1"
        )
    }

    static let refused = Verdict.failure(errorCode: 58, message: "Authentication failed: Invalid username or password")
}

extension KafkaExchange {
    static func of(
        _ key: Int16,
        _ version: Int16,
        _ request: Request,
        _ answer: Answer,
        time: Int64 = .start
    ) -> KafkaExchange {
        KafkaExchange(
            header: RequestHeader(
                apiKey: APIKey(rawValue: key),
                apiVersion: version,
                correlationID: 7,
                clientID: "client-1"
            ),
            request: request,
            answer: answer,
            time: time,
            duration: 1_500_000
        )
    }
}
