// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol
import Testing

struct MessageDecoderTests {
    /// AlterConfigs 0 of one topic with one setting.
    private static func alterConfigs(_ name: String, _ value: String?) -> [UInt8] {
        func string(_ text: String) -> [UInt8] { [0, UInt8(text.utf8.count)] + text.utf8 }
        return [0, 0, 0, 1, 2] + string("t") + [0, 0, 0, 1] + string(name) + (value.map(string) ?? [0xff, 0xff]) + [0]
    }

    private static func setting(in fields: KafkaFields) -> KafkaFields? {
        fields["resources"]?.elements.first?.fields?["configs"]?.elements.first?.fields
    }

    @Test(arguments: [
        "ssl.key.password", "SSL.KEYSTORE.PASSWORD", "sasl.jaas.config", "listener.name.x.plain.sasl.jaas.config",
        "ssl.keystore.key", "listener.name.x.ssl.keystore.key", "a.secret.b", "basic.auth.credentials.source",
        "some.token", "ssl.key.passphrase", "aws.access.key", "",
    ])
    func `the value of a setting with a sensitive name is nowhere`(name: String) throws {
        let body = Self.alterConfigs(name, "hunter2-hunter2")

        let fields = try MessageDecoder().decode(
            body.span.bytes,
            .alterConfigs,
            version: 0,
            .request,
            keeping: .everything
        )

        #expect(Self.setting(in: fields)?["value"] == .withheld)
        var dumped = String(describing: fields)
        dump(fields, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test(arguments: [
        "retention.ms", "cleanup.policy", "ssl.truststore.certificates", "ssl.keystore.certificate.chain",
        "min.insync.replicas", "log.dirs",
    ])
    func `the value of any other setting is kept`(name: String) throws {
        let body = Self.alterConfigs(name, "7")

        let fields = try MessageDecoder().decode(body.span.bytes, .alterConfigs, version: 0, .request)

        #expect(Self.setting(in: fields)?["value"] == .string("7"))
    }

    @Test func `that a secret is taken away is no secret`() throws {
        let body = Self.alterConfigs("ssl.key.password", nil)

        let fields = try MessageDecoder().decode(body.span.bytes, .alterConfigs, version: 0, .request)

        #expect(Self.setting(in: fields)?["value"] == .null)
    }

    @Test func `a broker's word that a value is sensitive counts too`() throws {
        // CreateTopics 5: one topic with one setting "x" of value "hunter2", sensitive.
        let topic: [UInt8] = [2, 0x74, 0, 0, 0, 0, 0, 0, 1, 0, 1]
        let setting: [UInt8] = [2, 2, 0x78, 8] + Array("hunter2".utf8) + [0, 1, 1, 0]
        let body: [UInt8] = [0, 0, 0, 0, 2] + topic + setting + [0, 0]

        let fields = try MessageDecoder().decode(
            body.span.bytes,
            .createTopics,
            version: 5,
            .answer,
            keeping: .everything
        )

        let found = fields["topics"]?.elements.first?.fields?["configs"]?.elements.first?.fields
        #expect(found?["name"] == .string("x"))
        #expect(found?["value"] == .withheld)
    }

    @Test func `unknown tagged fields are walked over, known ones kept`() throws {
        // Fetch 12 of nothing: tag 0 is the cluster's id, tag 9 nobody knows.
        let plain: [UInt8] = Array(repeating: 0, count: 4 * 4 + 1 + 4 + 4) + [1, 1, 1]
        let body = plain + [2, 0, 3, 2, 0x63, 0x64, 9, 2, 0xaa, 0xbb]

        #expect(throws: KafkaFormatError.self) {
            try MessageDecoder().decode(body.span.bytes, .fetch, version: 12, .request)
        }

        let right = plain + [2, 0, 3, 3, 0x63, 0x64, 9, 2, 0xaa, 0xbb]
        let fields = try MessageDecoder().decode(right.span.bytes, .fetch, version: 12, .request)
        #expect(fields["clusterId"] == .string("cd"))
        #expect(fields.all.last?.name == "clusterId")
    }

    @Test func `of a tag that is sent twice the last counts, as for a broker`() throws {
        let plain: [UInt8] = Array(repeating: 0, count: 4 * 4 + 1 + 4 + 4) + [1, 1, 1]
        let body = plain + [2, 0, 2, 2, 0x61, 0, 2, 2, 0x62]

        let fields = try MessageDecoder().decode(body.span.bytes, .fetch, version: 12, .request)

        #expect(fields.all.filter { $0.name == "clusterId" }.map(\.value) == [.string("b")])
    }

    @Test func `more values than allowed are an error before they take any memory`() {
        // DescribeGroups 0 of 100 groups without a name.
        let body: [UInt8] = [0, 0, 0, 100] + Array(repeating: 0, count: 200)

        #expect(throws: KafkaFormatError(.tooManyValues, at: 0)) {
            try MessageDecoder(maximumValueCount: 99).decode(body.span.bytes, .describeGroups, version: 0, .request)
        }
    }

    @Test(
        arguments: [
            (.metadata, 14), (.metadata, -1), (.shareFetch, 0), (APIKey(rawValue: 93), 0), (APIKey(rawValue: -1), 0),
        ] as [(APIKey, Int16)]
    )
    func `what is not described is not decoded`(api: APIKey, version: Int16) {
        let body: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]

        #expect(throws: KafkaFormatError(.unknownLayout, at: 0)) {
            try MessageDecoder().decode(body.span.bytes, api, version: version, .request)
        }
    }

    @Test func `text that is no UTF-8 is repaired`() throws {
        let body: [UInt8] = [0, 0, 0, 1, 0, 2, 0x61, 0xff]

        let fields = try MessageDecoder().decode(body.span.bytes, .deleteGroups, version: 0, .request)

        #expect(fields["groupsNames"]?.elements == [.string("a\u{fffd}")])
    }

    @Test func `null where none may be is an error`() {
        let body: [UInt8] = [0xff, 0xff, 0xff, 0xff]

        #expect(throws: KafkaFormatError(.unexpectedNull, at: 0)) {
            try MessageDecoder().decode(body.span.bytes, .deleteGroups, version: 0, .request)
        }
    }
}

struct MessageLayoutsTests {
    @Test(
        arguments: [
            (.createTopics, 0...7, 5, "CreateTopics"), (.saslHandshake, 0...1, nil, "SaslHandshake"),
            (.shareFetch, 1...2, 0, "ShareFetch"), (.deleteShareGroupOffsets, 0...0, 0, "DeleteShareGroupOffsets"),
        ] as [(APIKey, ClosedRange<Int16>, Int16?, String)]
    )
    func `versions and names`(api: APIKey, versions: ClosedRange<Int16>, flexible: Int16?, name: String) {
        #expect(MessageLayouts.versions(of: api) == versions)
        #expect(MessageLayouts.firstFlexibleVersion(of: api) == flexible)
        #expect(api.name == name)
    }

    @Test func `every API from 0 to 92 is described, and no other`() {
        for key in Int16(-2)...200 {
            let api = APIKey(rawValue: key)
            #expect((MessageLayouts.versions(of: api) != nil) == (0...92).contains(key))
            #expect((api.name != nil) == (0...92).contains(key))
        }
    }

    @Test func `denials are the five codes that say that somebody may not`() {
        let denials = (Int16.min...Int16.max).filter { KafkaErrorCode(rawValue: $0).isDenial }

        #expect(denials == [29, 30, 31, 53, 65])
        #expect(KafkaErrorCode.topicAuthorizationFailed.name == "TOPIC_AUTHORIZATION_FAILED")
        #expect(KafkaErrorCode(rawValue: 44).name == "POLICY_VIOLATION")
        #expect(KafkaErrorCode(rawValue: -1).name == "UNKNOWN_SERVER_ERROR")
        #expect(KafkaErrorCode(rawValue: 9_999).name == nil)
    }
}
