// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol
import Testing

struct RefusalAnswerTests {
    /// POLICY_VIOLATION.
    private static let code: Int16 = 44

    @Test(.enabled(if: Kio.isThere, "kio is not installed for \(Kio.python)"))
    func `kio reads the refusal of every request, and finds no other error code in it`() throws {
        var answers: [(api: APIKey, version: Int16, bytes: [UInt8])] = []
        var unanswered: [APIKey: Set<Int16>] = [:]
        var answered: [APIKey: Set<Int16>] = [:]

        for sample in try Kio.samples(seed: "refusals", countOfEach: 8) where sample.direction == .request {
            let header = RequestHeader(apiKey: sample.api, apiVersion: sample.version, correlationID: 7, clientID: nil)
            let request = try sample.decoded()
            if let bytes = RefusalAnswer.make(header, request, errorCode: Self.code) {
                answers.append((sample.api, sample.version, bytes))
                answered[sample.api, default: []].insert(sample.version)
            } else {
                unanswered[sample.api, default: []].insert(sample.version)
            }
        }

        for (answer, codes) in zip(answers, try Kio.ask("codes", about: answers)) {
            #expect(codes == "\(Self.code)", "\(answer.api.name ?? "?") \(answer.version): \(Hex.encode(answer.bytes))")
        }
        // DescribeLogDirs has no error code of its own before version 3, and one per directory cannot be made up.
        let never = unanswered.compactMap { api, versions in
            let rest = versions.subtracting(answered[api] ?? [])
            return rest.isEmpty ? nil : (api, rest)
        }
        #expect(Dictionary(uniqueKeysWithValues: never) == [.describeLogDirs: [1, 2]])
    }

    @Test func `each topic asked for is refused by its name`() throws {
        let topics = ["orders", "payments"].map {
            KafkaValue.fields(KafkaFields([.init(name: "name", value: .string($0))]))
        }
        let request = KafkaFields([.init(name: "topics", value: .array(topics))])

        let answer = try refusal(of: .createTopics, 7, request)

        let refused = try #require(answer["topics"]).elements.compactMap(\.fields)
        #expect(refused.map { $0["name"]?.string } == ["orders", "payments"])
        #expect(refused.map { $0["errorCode"]?.integer } == [44, 44])
        #expect(refused.map { $0["numPartitions"]?.integer } == [-1, -1])
        #expect(refused.map { $0["errorMessage"] } == [.null, .null])
    }

    @Test func `names that stand alone in the request become the keys of the answer`() throws {
        let names = KafkaValue.array([.string("a"), .string("b")])

        let topics = try refusal(of: .deleteTopics, 4, KafkaFields([.init(name: "topicNames", value: names)]))
        let groups = try refusal(of: .deleteGroups, 2, KafkaFields([.init(name: "groupsNames", value: names)]))

        #expect(topics["responses"]?.elements.compactMap { $0.fields?["name"]?.string } == ["a", "b"])
        #expect(groups["results"]?.elements.compactMap { $0.fields?["groupId"]?.string } == ["a", "b"])
    }

    @Test func `partitions below topics below directories are refused one by one`() throws {
        let topic = KafkaFields([
            .init(name: "name", value: .string("t")),
            .init(name: "partitions", value: .array([.integer(3), .integer(5)])),
        ])
        let directory = KafkaFields([
            .init(name: "path", value: .string("/d")),
            .init(name: "topics", value: .array([.fields(topic)])),
        ])
        let request = KafkaFields([.init(name: "dirs", value: .array([.fields(directory), .fields(directory)]))])

        let results = try refusal(of: .alterReplicaLogDirs, 2, request)["results"]?.elements.compactMap(\.fields)

        #expect(results?.map { $0["topicName"]?.string } == ["t", "t"])
        let partitions = results?.first?["partitions"]?.elements.compactMap(\.fields)
        #expect(partitions?.map { $0["partitionIndex"]?.integer } == [3, 5])
        #expect(partitions?.map { $0["errorCode"]?.integer } == [44, 44])
    }

    @Test func `those whose credentials are deleted and those whose are set are refused in one list`() throws {
        func users(_ names: String...) -> KafkaValue {
            .array(names.map { .fields(KafkaFields([.init(name: "name", value: .string($0))])) })
        }
        let request = KafkaFields([
            .init(name: "deletions", value: users("a")),
            .init(name: "upsertions", value: users("b", "c")),
        ])

        let answer = try refusal(of: .alterUserScramCredentials, 0, request)

        #expect(answer["results"]?.elements.compactMap { $0.fields?["user"]?.string } == ["a", "b", "c"])
    }

    @Test func `no coordinator is known to a request that was refused`() throws {
        let answer = try refusal(of: .findCoordinator, 2, nil)

        #expect(answer["errorCode"]?.integer == 44)
        #expect(answer["nodeId"]?.integer == -1)
        #expect(answer["host"]?.string == "")
        #expect(answer["port"]?.integer == -1)
    }

    @Test(
        arguments: [
            (.createTopics, 7), (.produce, 9), (.metadata, 99), (APIKey(rawValue: 5_000), 0), (.describeLogDirs, 1),
        ] as [(APIKey, Int16)]
    )
    func `where nothing could say no there is no answer`(api: APIKey, version: Int16) {
        let header = RequestHeader(apiKey: api, apiVersion: version, correlationID: 1, clientID: nil)

        #expect(RefusalAnswer.make(header, nil, errorCode: 44) == nil)
        #expect(RefusalAnswer.make(header, KafkaFields(), errorCode: 44) == nil)
    }

    /// The refusal, read again without its header.
    private func refusal(of api: APIKey, _ version: Int16, _ request: KafkaFields?) throws -> KafkaFields {
        let header = RequestHeader(apiKey: api, apiVersion: version, correlationID: 0x0102_0304, clientID: nil)
        let bytes = try #require(RefusalAnswer.make(header, request, errorCode: 44))
        #expect(Array(bytes[..<4]) == [1, 2, 3, 4])
        let start = MessageLayouts.hasTaggedAnswerHeader(api, version: version) ? 5 : 4
        return try MessageDecoder()
            .decode(
                bytes.span.bytes.extracting(start..<bytes.count),
                api,
                version: version,
                .answer,
                keeping: .everything
            )
    }
}
