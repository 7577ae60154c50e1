// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Testing

@Suite struct LoggedRequestMappingTests {
    private static func output(_ lines: [String]) -> LogOutput {
        let mapping = LoggedRequestMapping(cluster: KafkaCluster(crn: Broker.cluster), policy: CapturePolicy())
        return Broker.output(lines, RequestLogParser(zone: .utc) { mapping.append($0, to: &$1) })
    }

    @Test func `refusals on the wire are refusals in the request log`() throws {
        let objects = try Self.output(Broker.lines("request.DEBUG.log")).objects
        let wire = Broker.lines("wire.denials.txt").map { $0.split(separator: " ").map(String.init) }
            .filter { $0[3] != "SaslAuthenticate" }
        let refused = Set(
            objects.filter { $0.text("data.authorizationInfo.granted") == "0" }
                .map { "\($0.text("data.authenticationInfo.principal") ?? "") \($0.text("data.methodName") ?? "")" }
        )
        #expect(refused == Set(wire.map { "User:\($0[2]) kafka.\($0[3])" }))
    }

    @Test func `reading again gives the same events, and no secret is in them`() throws {
        let lines = Broker.lines("request.DEBUG.log")
        let first = Self.output(lines)
        #expect(Self.output(lines).events == first.events)
        let ids = try first.objects.compactMap { $0.text("id") }
        #expect(ids.count == first.eventCount && Set(ids).count == ids.count)
        let text = String(decoding: first.events, as: UTF8.self)
        for match in lines.joined().matches(of: /"(?:salt|saltedPassword|hmac)":"([^"]+)"/) {
            #expect(!text.contains(match.output.1.prefix(8)))
        }
        #expect(!text.contains("processor=0"))
    }
}

/// What the rest of Martlet makes of events that came of lines.
@Suite struct LoggedEventReadingTests {
    private static func read(_ output: LogOutput) throws -> [ReadEvent] {
        try output.events.split(separator: 0x0A).map { line in
            try ReadEvent(MappedEvent(bytes: Array(line), category: .authorize, isDenial: false, fact: nil))
        }
    }

    @Test func `checks are allowed or denied, and failed logins failures`() throws {
        let lines = Broker.lines("authorizer.TRACE.log").filter { !$0.contains("resourceRefCount = 0") }
        for (event, line) in zip(try Self.read(Broker.authorizer(lines)), lines) {
            #expect(event.event.outcome == (line.contains(" is Allowed ") ? .allowed : .denied))
            #expect(event.event.action == .authorization)
            #expect(event.event.cluster == "test")
        }
        for event in try Self.read(Broker.authorizer(Broker.lines("failed-authentication.log"))) {
            #expect(event.event.outcome == .failure)
            #expect(event.event.action == .authentication)
        }
    }
}
