// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol
import Testing

/// Rewritten answers beside those that kio rewrote.
@Suite(.enabled(if: Kio.isThere, "kio is not installed for \(Kio.python)"))
struct KioRewritingTests {
    /// The same rule as `gateway` of the script.
    private static func gateway(_ endpoint: NodeEndpoint) -> NodeEndpoint? {
        guard endpoint.nodeID % 2 == 0 else { return nil }
        // Python's remainder has the divisor's sign.
        let rest = ((endpoint.nodeID % 100) + 100) % 100
        return NodeEndpoint(nodeID: endpoint.nodeID, host: "gateway-\(endpoint.nodeID).example", port: 20_000 + rest)
    }

    @Test func `endpoints are replaced, blanked or dropped, and all else stays`() throws {
        let samples = try Kio.samples(seed: "endpoints", countOfEach: 20).filter {
            $0.direction == .answer && AnswerRewriter.holdsEndpoints($0.api, version: $0.version)
        }
        let rewritten = try samples.map {
            try AnswerRewriter.rewrite($0.answer.span.bytes, $0.api, version: $0.version, mapping: Self.gateway)
        }

        let ours = try Kio.ask("decode", about: zip(samples, rewritten).map { ($0.api, $0.version, $1.answer) })
        let theirs = try Kio.ask("rewrite", about: samples.map { ($0.api, $0.version, $0.answer) })

        for index in samples.indices {
            let parts = theirs[index].split(separator: "|").map(String.init)
            #expect(ours[index] == parts[0], "\(samples[index].name)")
            let nodes = rewritten[index].nodes.map { "\($0.nodeID) \(Hex.encode(Array($0.host.utf8))) \($0.port)" }
            #expect(nodes == Array(parts[1...]), "\(samples[index].name)")
            let known = rewritten[index].nodes.filter { $0.nodeID % 2 == 0 }
            #expect(
                rewritten[index].unmapped.allSatisfy { !known.contains($0) || samples[index].api == .describeCluster }
            )
        }
        let apis = Set(samples.map(\.api))
        #expect(
            apis == [.metadata, .findCoordinator, .describeCluster, .produce, .fetch, .shareFetch, .shareAcknowledge]
        )
    }

    @Test func `an answer without endpoints, and one whose endpoints are mapped to themselves, stays as it is`() throws
    {
        for sample in try Kio.samples(seed: "same", countOfEach: 3) where sample.direction == .answer {
            guard sample.api != .describeCluster else { continue }
            let answer = sample.answer
            let same = try AnswerRewriter.rewrite(answer.span.bytes, sample.api, version: sample.version) { $0 }

            #expect(same.answer == answer, "\(sample.name)")
            #expect(same.unmapped.isEmpty)
        }
    }
}

struct AnswerRewriterTests {
    @Test(arguments: [
        (APIKey.metadata, Int16(0), true), (.findCoordinator, 0, true), (.findCoordinator, 6, true),
        (.describeCluster, 0, true), (.produce, 9, false), (.produce, 10, true), (.fetch, 15, false),
        (.fetch, 16, true), (.shareFetch, 1, true), (.shareAcknowledge, 2, true), (.describeQuorum, 2, false),
        (.describeTopicPartitions, 0, false), (.streamsGroupHeartbeat, 0, false), (.metadata, 99, false),
        (APIKey(rawValue: 9_999), 0, false),
    ])
    func `the answers that name brokers are known`(api: APIKey, version: Int16, holds: Bool) {
        #expect(AnswerRewriter.holdsEndpoints(api, version: version) == holds)
    }

    @Test func `unknown tags and what follows the message stay`() throws {
        // DescribeCluster 0: header and its tags, times, error, text, cluster, controller, one broker with an unknown tag,
        // operations, an unknown tag, two bytes that do not belong to it.
        let head: [UInt8] = [0, 0, 0, 9, 1, 5, 2, 0xaa, 0xbb, 0, 0, 0, 0, 0, 0, 0, 2, 0x63, 0, 0, 0, 1, 2]
        let broker: [UInt8] = [0, 0, 0, 1, 2, 0x68, 0, 0, 0x23, 0x84, 0, 1, 7, 1, 0xcc]
        let tail: [UInt8] = [0x80, 0, 0, 0, 1, 9, 1, 0xdd, 0xee, 0xff]

        let made = try AnswerRewriter.rewrite((head + broker + tail).span.bytes, .describeCluster, version: 0) { node in
            NodeEndpoint(nodeID: node.nodeID, host: "gate", port: 258)
        }

        let other: [UInt8] = [0, 0, 0, 1, 5, 0x67, 0x61, 0x74, 0x65, 0, 0, 1, 2, 0, 1, 7, 1, 0xcc]
        #expect(made.answer == head + other + tail)
        #expect(made.nodes == [NodeEndpoint(nodeID: 1, host: "h", port: 9_092)])
    }

    @Test func `controllers are never taken for brokers`() throws {
        // DescribeCluster 1 with endpointType 2.
        let head: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0x63, 0, 0, 0, 1, 2, 0, 0, 0, 1]
        let tail: [UInt8] = [0, 0, 0x80, 0, 0, 0, 0]
        let answer = head + [2, 0x68, 0, 0, 0x23, 0x84] + tail

        let made = try AnswerRewriter.rewrite(answer.span.bytes, .describeCluster, version: 1) { $0 }

        #expect(made.answer == head + [1, 0xff, 0xff, 0xff, 0xff] + tail)
        #expect(made.nodes.isEmpty)
        #expect(made.unmapped == [NodeEndpoint(nodeID: 1, host: "h", port: 9_092)])
    }

    @Test func `a host that is longer than a string may be is an error`() throws {
        let answer: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 0, 0, 1, 0, 1, 0x68, 0, 0, 0x23, 0x84]
        let host = String(repeating: "h", count: 32_768)

        #expect(throws: KafkaFormatError(.unencodable, at: 10)) {
            try AnswerRewriter.rewrite(answer.span.bytes, .findCoordinator, version: 0) { node in
                NodeEndpoint(nodeID: node.nodeID, host: host, port: 1)
            }
        }
    }

    @Test func `an answer that ends before its last endpoint is an error, never passed on`() {
        let answer: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 0, 0, 1, 0, 1, 0x68, 0, 0, 0x23, 0x84]
        for end in answer.indices {
            let part = Array(answer[..<end])
            #expect(throws: KafkaFormatError.self) {
                try AnswerRewriter.rewrite(part.span.bytes, .findCoordinator, version: 0) { $0 }
            }
        }
    }

    // MARK: - Versions

    @Test func `versions above ours are lowered, others stay`() throws {
        // Version 0: no error; Metadata to 99, CreateTopics to 3, an API that nobody knows to 50.
        let head: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 3]
        var answer = head + [0, 3, 0, 1, 0, 99, 0, 19, 0, 0, 0, 3, 0x27, 0x10, 0, 0, 0, 50]

        try AnswerRewriter.capVersions(&answer, version: 0)

        #expect(answer == head + [0, 3, 0, 1, 0, 13, 0, 19, 0, 0, 0, 3, 0x27, 0x10, 0, 0, 0, 50])
    }

    @Test func `versions of flexible answers too, behind tags of their own`() throws {
        let head: [UInt8] = [0, 0, 0, 1, 0, 0, 3]
        let tail: [UInt8] = [0, 0, 0, 0, 0]
        var answer = head + [0, 18, 0, 0, 0, 5, 1, 3, 1, 0xaa, 0, 0, 0, 0, 0, 20, 0] + tail

        try AnswerRewriter.capVersions(&answer, version: 3)

        #expect(answer == head + [0, 18, 0, 0, 0, 4, 1, 3, 1, 0xaa, 0, 0, 0, 0, 0, 13, 0] + tail)
    }

    @Test func `a broker that does not know the version answers in version 0`() throws {
        // What Kafka 3.9.0 answered to version 99.
        let recorded: [UInt8] = [0, 0, 0, 1, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4]
        var answer = recorded

        try AnswerRewriter.capVersions(&answer, version: 99)
        #expect(answer == recorded)

        answer[15] = 5
        try AnswerRewriter.capVersions(&answer, version: 99)
        #expect(answer == recorded)
    }

    @Test func `a version that nobody could read is an error`() {
        var answer: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]

        #expect(throws: KafkaFormatError(.unknownLayout, at: 0)) {
            try AnswerRewriter.capVersions(&answer, version: 5)
        }
    }
}
