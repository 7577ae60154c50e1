// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// One of Martlet's own events: what was done to the log itself, by whom, and how it went.
///
/// Written as CloudEvents of the types `dev.martlet.audit/…`, in the Kafka form of the fields, so that every query that
/// works on what came in works on these too. They go to the `system` stream.
package struct SystemEvent: Sendable {
    /// The name under which Martlet hands its own events to its log.
    static let submitter = "martlet"

    package enum Kind: String, Sendable {
        case started
        case stopped
        case configuration
        case recovered
        case tokenCreated = "token-created"
        case tokenRevoked = "token-revoked"
        case quarantineRetried = "quarantine-retried"
        case quarantinePurged = "quarantine-purged"
        case diskFull = "disk-full"
        case diskAvailable = "disk-available"
        case retentionApplied = "retention-applied"
        case segmentDamaged = "segment-damaged"
        /// That an event is about to be erased, in the `system` stream.
        case eventErased = "event-erased"
        /// The tombstone: what stands in the place of an erased event, in its stream.
        case erased
        case keyRotated = "key-rotated"
        case forkRecorded = "fork-recorded"
        case directoryMoved = "directory-moved"
        case signingStopped = "signing-stopped"
        case gap
        case heartbeat
        case packExported = "pack-exported"
        case witnessRefused = "witness-refused"
        case gatewayStarted = "gateway-started"
        case gatewayStopped = "gateway-stopped"
        /// That clients may have learnt an address that leads around a gateway.
        case gatewayBypassed = "gateway-bypassed"
    }

    package let kind: Kind
    /// `martlet.` and what was done, as methods of the other services are written.
    package let method: String
    package let principal: String
    /// RFC 3339.
    package let time: String
    /// A version 4 UUID.
    package let id: String
    /// What was acted on, as `type=name`; nil for the log itself.
    package let resource: String?
    /// Details by name, in this order.
    ///
    /// Never a secret.
    package let details: [(name: String, value: String)]

    package init(
        _ kind: Kind,
        method: String,
        principal: String,
        time: String,
        id: String,
        resource: String? = nil,
        details: [(name: String, value: String)] = []
    ) {
        self.kind = kind
        self.method = method
        self.principal = principal
        self.time = time
        self.id = id
        self.resource = resource
        self.details = details
    }

    /// The event's bytes.
    package func encoded(logID: String) -> [UInt8] {
        let log = "crn:///martlet=\(logID)"
        let target = resource.map { "\(log)/\($0)" } ?? log
        var text: [UInt8] = []
        func put(_ raw: String) { text.append(contentsOf: raw.utf8) }
        func put(_ name: String, string value: String) {
            put("\"\(name)\":")
            JSONString.encode(value, into: &text)
        }
        put("{")
        put("specversion", string: "1.0")
        put(",")
        put("id", string: id)
        put(",")
        put("source", string: log)
        put(",")
        put("type", string: "dev.martlet.audit/\(kind.rawValue)")
        put(",")
        put("subject", string: target)
        put(",")
        put("time", string: time)
        put(",\"datacontenttype\":\"application/json\",\"data\":{")
        put("serviceName", string: log)
        put(",")
        put("methodName", string: "martlet.\(method)")
        put(",")
        put("resourceName", string: target)
        put(",\"authenticationInfo\":{")
        put("principal", string: principal)
        put("},\"request\":{\"data\":{")
        for (place, detail) in details.enumerated() {
            if place > 0 { put(",") }
            JSONString.encode(detail.name, into: &text)
            put(":")
            JSONString.encode(detail.value, into: &text)
        }
        put("}},\"result\":{\"status\":\"SUCCESS\"}}}")
        return text
    }
}
