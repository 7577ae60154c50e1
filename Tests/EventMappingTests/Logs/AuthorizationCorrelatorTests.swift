// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Testing

@Suite struct AuthorizationCorrelatorTests {
    private static let second: Int64 = 1_000_000_000
    /// 2026-11-22T13:24:20Z.
    private static let time: Int64 = 1_795_353_860 * second

    private static func line(_ topic: String, host: String = "10.0.0.1", verdict: String = "Denied") -> [UInt8] {
        Array(
            "[2026-11-22 13:24:20,000] INFO Principal = User:a is \(verdict) operation = DESCRIBE_CONFIGS from host = \(host) on resource = Topic:LITERAL:\(topic) for request = DescribeConfigs with resourceRefCount = 1 based on rule DefaultDeny (kafka.authorizer.logger)"
                .utf8
        )
    }

    private static func fact(
        _ topic: String,
        id: String = "wire-1",
        after seconds: Double = 0,
        principal: String = "User:a"
    ) -> AuthorizationFact {
        AuthorizationFact(
            eventID: id,
            principal: principal,
            operation: "DescribeConfigs",
            resourceType: "Topic",
            resourceName: topic,
            apiName: "DescribeConfigs",
            granted: false,
            time: time + Int64(seconds * 1e9)
        )
    }

    private struct Reader {
        var parser: AuthorizerLogParser
        var output = LogOutput()
        var offset: UInt64 = 0

        init(_ correlator: AuthorizationCorrelator) {
            parser = AuthorizerLogParser(cluster: Broker.cluster, zone: .utc, correlator: correlator)
        }

        mutating func read(_ line: [UInt8], now: Int64 = AuthorizationCorrelatorTests.time) {
            let place = LogPlace(log: LogIdentity(high: 0, low: 0), byteOffset: offset)
            parser.read(line.span.bytes, in: 0..<line.count, at: place, now: now, into: &output)
            offset += UInt64(line.count + 1)
        }

        var types: [String?] { get throws { try output.objects.map { $0.text("type") } } }
    }

    private static let rule = "dev.martlet.audit/authorization-rule"
    private static let check = "io.confluent.kafka.server/authorization"

    @Test(arguments: [-2.0, -0.5, 0, 1.9, 2.0])
    func `a line behind its event is linked with it`(seconds: Double) throws {
        let correlator = AuthorizationCorrelator()
        correlator.note(Self.fact("t", after: seconds))
        var reader = Reader(correlator)
        reader.read(Self.line("t"))
        #expect(try reader.types == [Self.rule])
        #expect(try reader.output.objects.first?.text("data.relatedId") == "wire-1")
        #expect(reader.parser.heldPlace == nil)
    }

    @Test func `a line in front of its event waits for it, and so do those behind it`() throws {
        let correlator = AuthorizationCorrelator()
        var reader = Reader(correlator)
        reader.read(Self.line("t"))
        correlator.note(Self.fact("u", id: "wire-2"))
        reader.read(Self.line("u"))
        #expect(reader.output.eventCount == 0)
        #expect(reader.parser.heldPlace?.byteOffset == 0)

        correlator.note(Self.fact("t"))
        reader.parser.advance(now: Self.time + Self.second, into: &reader.output)

        #expect(try reader.output.objects.map { $0.text("data.relatedId") } == ["wire-1", "wire-2"])
        #expect(reader.parser.heldPlace == nil)
    }

    @Test func `a line that nothing comes for is an event of its own when the window is over`() throws {
        var reader = Reader(AuthorizationCorrelator())
        reader.read(Self.line("t"))
        reader.parser.advance(now: Self.time + 2 * Self.second - 1, into: &reader.output)
        #expect(reader.output.eventCount == 0)
        reader.parser.advance(now: Self.time + 2 * Self.second, into: &reader.output)
        #expect(try reader.types == [Self.check])
    }

    @Test(arguments: [
        fact("other"), fact("t", after: 2.1), fact("t", after: -2.1), fact("t", principal: "User:b"), fact(""),
    ])
    func `what is about something else is not linked`(fact: AuthorizationFact) throws {
        let correlator = AuthorizationCorrelator()
        correlator.note(fact)
        var reader = Reader(correlator)
        reader.read(Self.line("t"))
        reader.parser.finish(into: &reader.output)
        #expect(try reader.types == [Self.check])
    }

    @Test func `another decision is another event`() throws {
        let correlator = AuthorizationCorrelator()
        correlator.note(Self.fact("t"))
        var reader = Reader(correlator)
        reader.read(Self.line("t", verdict: "Allowed"))
        reader.parser.finish(into: &reader.output)
        #expect(try reader.types == [Self.check])
    }

    @Test func `clients that went around the gateway do not wait`() throws {
        let correlator = AuthorizationCorrelator(gatewayHosts: ["10.9.9.9"])
        correlator.note(Self.fact("t"))
        var reader = Reader(correlator)
        reader.read(Self.line("t"))
        #expect(try reader.types == [Self.check])
        reader.read(Self.line("t", host: "10.9.9.9"))
        #expect(try reader.types == [Self.check, Self.rule])
    }

    @Test func `of several events the nearest is meant, and one serves several lines`() throws {
        let correlator = AuthorizationCorrelator()
        correlator.note(Self.fact("t", id: "early", after: -1.5))
        correlator.note(Self.fact("t", id: "near", after: 0.25))
        correlator.note(Self.fact("t", id: "late", after: 1))
        var reader = Reader(correlator)
        reader.read(Self.line("t"))
        reader.read(Self.line("t"))
        #expect(try reader.output.objects.map { $0.text("data.relatedId") } == ["near", "near"])
    }

    @Test func `facts are forgotten when there are too many`() throws {
        let correlator = AuthorizationCorrelator()
        correlator.note(Self.fact("t"))
        for number in 0..<200_000 { correlator.note(Self.fact("x-\(number)")) }
        var reader = Reader(correlator)
        reader.read(Self.line("t"))
        reader.read(Self.line("x-199999"))
        reader.parser.finish(into: &reader.output)
        #expect(try reader.types == [Self.check, Self.rule])
    }
}
