// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import KafkaProtocol
import Testing

@Suite struct CapturePolicyTests {
    private static func policy(_ members: [PolicyValue.Member]) throws -> CapturePolicy {
        try CapturePolicy(.map(members))
    }

    /// These are on and all others off.
    private static func only(_ categories: CaptureCategory...) -> PolicyValue {
        .map(CaptureCategory.allCases.map { .init($0.rawValue, .bool(categories.contains($0))) })
    }

    // MARK: - Reading

    @Test func `an empty document is the defaults`() throws {
        #expect(try CapturePolicy(.map([])) == CapturePolicy())
        #expect(try CapturePolicy(.null) == CapturePolicy())
        #expect(CapturePolicy().categories == [.authentication, .authorize, .management, .produce, .consume])
        for category in CaptureCategory.allCases { #expect(CapturePolicy().whenUnavailable(category) == .pass) }
    }

    @Test func `a whole document`() throws {
        let policy = try Self.policy([
            .init("categories", Self.only(.authentication, .authorize, .management)),
            .init(
                "methods",
                .map([
                    .init("include", .array([.string("kafka.DescribeConfigs")])),
                    .init("exclude", .array([.string("OffsetCommit")])),
                ])
            ),
            .init("excludedPrincipals", .array([.string("User:monitor")])),
            .init(
                "rules",
                .array([
                    .map([
                        .init("pattern", .string("crn:///kafka=*/topic=billing-*")),
                        .init("categories", Self.only(.produce)),
                    ])
                ])
            ),
            .init(
                "whenUnavailable",
                .map([.init("management", .string("refuse")), .init("produce", .string("pass"))])
            ),
            .init("coalesce", .map([.init("checks", .string("5m")), .init("failures", .string("0s"))])),
        ])

        #expect(policy.categories == [.authentication, .authorize, .management])
        #expect(policy.methods == ["kafka.DescribeConfigs": true, "kafka.OffsetCommit": false])
        #expect(policy.excludedPrincipals == ["User:monitor"])
        #expect(policy.rules.map(\.categories) == [[.produce]])
        #expect(policy.whenUnavailable(.management) == .refuse)
        #expect(policy.whenUnavailable(.produce) == .pass)
        #expect(policy.checkWindow == 300_000_000_000)
        #expect(policy.failureWindow == 0)
    }

    @Test(
        arguments: [
            ([.init("category", .array([]))], .unknownKey, "category"),
            ([.init("categories", .map([])), .init("categories", .map([]))], .repeatedKey, "categories"),
            ([.init("categories", .string("all"))], .wrongValue, "categories"),
            ([.init("categories", .map([.init("PRODUCE", .bool(true))]))], .unknownKey, "categories.PRODUCE"),
            ([.init("categories", .map([.init("produce", .string("on"))]))], .wrongValue, "categories.produce"),
            ([.init("methods", .map([.init("only", .array([]))]))], .unknownKey, "methods.only"),
            (
                [.init("methods", .map([.init("include", .array([.string("kafka.Nothing")]))]))], .unknownName,
                "methods.include[0]"
            ),
            ([.init("excludedPrincipals", .array([.string("alice")]))], .wrongValue, "excludedPrincipals[0]"),
            (
                [
                    .init(
                        "rules",
                        .array([.map([.init("pattern", .string("topic=a")), .init("categories", .map([]))])])
                    )
                ],
                .wrongPattern, "rules[0].pattern"
            ),
            ([.init("rules", .array([.map([.init("categories", .map([]))])]))], .missingKey, "rules[0]"),
            ([.init("rules", .array([.map([.init("pattern", .string("crn:///kafka=k"))])]))], .missingKey, "rules[0]"),
            (
                [.init("whenUnavailable", .map([.init("reading", .string("pass"))]))], .unknownKey,
                "whenUnavailable.reading"
            ),
            (
                [.init("whenUnavailable", .map([.init("consume", .string("drop"))]))], .unknownName,
                "whenUnavailable.consume"
            ),
            ([.init("coalesce", .map([.init("checks", .string("2h"))]))], .wrongValue, "coalesce.checks"),
            ([.init("coalesce", .map([.init("checks", .integer(60))]))], .wrongValue, "coalesce.checks"),
        ] as [([PolicyValue.Member], PolicyError.Code, String)]
    )
    func `what is wrong is named with its place`(
        _ members: [PolicyValue.Member],
        _ code: PolicyError.Code,
        _ path: String
    )
        throws
    {
        let error = try #require(throws: PolicyError.self) { try Self.policy(members) }

        #expect(error.code == code)
        #expect(error.path == path)
        #expect(!error.message.isEmpty)
        #expect(!error.expected.isEmpty)
    }

    @Test func `two rules for one pattern are an error`() {
        let rule = PolicyValue.map([.init("pattern", .string("crn:///kafka=k")), .init("categories", .map([]))])

        #expect(throws: PolicyError.self) { try Self.policy([.init("rules", .array([rule, rule]))]) }
    }

    @Test func `a rule is a difference from the general categories, wherever those stand`() throws {
        let rules = PolicyValue.array([
            .map([
                .init("pattern", .string("crn:///kafka=k/topic=*")),
                .init("categories", .map([.init("describe", .bool(true)), .init("produce", .bool(false))])),
            ])
        ])
        let general = PolicyValue.map([.init("consume", .bool(false))])

        for members in [
            [PolicyValue.Member("rules", rules), .init("categories", general)],
            [.init("categories", general), .init("rules", rules)],
        ] {
            let policy = try Self.policy(members)
            #expect(policy.categories == [.authentication, .authorize, .management, .produce])
            #expect(policy.rules.map(\.categories) == [[.authentication, .authorize, .management, .describe]])
        }
    }

    // MARK: - What is captured

    @Test func `by default refusals of look-ups are captured, and nothing else of them`() throws {
        var mapping = try Mapping(policy: CapturePolicy())
        let topics: KafkaFields = ["topics": [["errorCode": 29, "name": "a"], ["errorCode": 0, "name": "b"]]]

        let events = try mapping.map(3, 12, ["topics": [["name": "a"], ["name": "b"]]], topics)

        #expect(events.checks == ["denied Describe Topic a"])
        #expect(events.acts == [])
        #expect(events.first?.mapped.category == .authorize)
    }

    @Test func `allowed checks need their category and authorize`() throws {
        for (categories, checks, acts) in [
            ([.management, .authorize], 1, 1), ([.management], 0, 1), ([.authorize], 0, 0), ([.produce], 0, 0),
        ] as [(Set<CaptureCategory>, Int, Int)] {
            var policy = CapturePolicy()
            policy.categories = categories
            var mapping = try Mapping(policy: policy)

            let events = try mapping.map(
                19,
                5,
                ["topics": [["name": "a"]]],
                ["topics": [["name": "a", "errorCode": 0]]]
            )

            #expect(events.checks.count == checks)
            #expect(events.acts.count == acts)
        }
    }

    @Test func `excluded principals and methods leave nothing`() throws {
        var policy = CapturePolicy.everything
        policy.excludedPrincipals = ["User:alice"]
        var mapping = try Mapping(policy: policy)
        #expect(try mapping.map(30, 2, [:], ["results": [["errorCode": 31]]]).isEmpty)

        policy = .everything
        policy.methods = ["kafka.CreateAcls": false]
        mapping = try Mapping(policy: policy)
        #expect(try mapping.map(30, 2, [:], ["results": [["errorCode": 31]]]).isEmpty)

        policy = CapturePolicy()
        policy.methods = ["kafka.DescribeAcls": true]
        mapping = try Mapping(policy: policy)
        #expect(try mapping.map(29, 2, [:], ["errorCode": 0]).count == 2)
    }

    @Test func `the most specific rule decides for its resource`() throws {
        let policy = try Self.policy([
            .init(
                "rules",
                .array([
                    .map([.init("pattern", .string("crn:///kafka=*/topic=*")), .init("categories", Self.only())]),
                    .map([
                        .init("pattern", .string("crn:///kafka=*/topic=billing-*")),
                        .init("categories", Self.only(.produce)),
                    ]),
                    .map([
                        .init("pattern", .string("crn:///kafka=*/topic=billing-test")),
                        .init("categories", Self.only()),
                    ]),
                ])
            )
        ])
        var mapping = try Mapping(policy: policy)
        func produce(_ name: KafkaValue) throws -> [String] {
            try mapping.map(
                0,
                9,
                ["acks": -1, "topicData": [["name": name]]],
                ["responses": [["name": name, "partitionResponses": [["errorCode": 0]]]]]
            ).acts
        }

        #expect(try produce("orders") == [])
        #expect(try produce("billing-1") == ["success crn:///kafka=k-1/topic=billing-1"])
        #expect(try produce("billing-test") == [])
        // No rule is about groups.
        #expect(try mapping.map(11, 5, ["groupId": "g"], ["errorCode": 0]).acts == ["success crn:///kafka=k-1/group=g"])
    }

    @Test func `brokers among themselves are interbroker, but what they manage is management`() throws {
        let cluster = KafkaCluster(crn: try #require(CRN(Mapping.clusterCRN)), interbrokerPrincipals: ["User:broker"])
        var mapping = try Mapping(policy: CapturePolicy(), cluster: cluster, user: "broker")
        let answer: KafkaFields = ["errorCode": 0, "responses": [["topic": "a", "partitions": [["errorCode": 0]]]]]

        #expect(try mapping.map(1, 11, ["replicaId": -1, "topics": [["topic": "a"]]], answer).isEmpty)
        #expect(try mapping.map(30, 2, [:], ["results": [["errorCode": 0]]]).count == 2)

        // A follower is one whoever it is.
        mapping = try Mapping(policy: CapturePolicy())
        #expect(try mapping.map(1, 11, ["replicaId": 2, "topics": [["topic": "a"]]], answer).isEmpty)
        #expect(try mapping.map(1, 11, ["replicaId": -1, "topics": [["topic": "b"]]], answer).count == 1)
    }

    @Test func `which exchanges are wanted at all`() {
        let standard = CapturePolicy()
        var silent = CapturePolicy()
        silent.categories = []
        func wanted(_ policy: CapturePolicy, _ key: Int16) -> Bool { policy.captures(APIKey(rawValue: key)) }

        for key: Int16 in [0, 1, 2, 3, 10, 19, 20, 29, 30, 36, 51, 75] { #expect(wanted(standard, key), "\(key)") }
        for key: Int16 in [4, 12, 18, 52, 71, 300] { #expect(!wanted(standard, key), "\(key)") }
        // Topics are learnt from these whatever is captured.
        for key: Int16 in [3, 19, 20, 75] { #expect(wanted(silent, key), "\(key)") }
        for key: Int16 in [0, 1, 2, 10, 30, 36] { #expect(!wanted(silent, key), "\(key)") }
        silent.methods = ["kafka.Heartbeat": true]
        #expect(wanted(silent, 12))
    }

    // MARK: - Weakenings

    @Test func `what a log is expected to have cannot be switched off in silence`() throws {
        #expect(CapturePolicy().weakenings == [])
        #expect(CapturePolicy.everything.weakenings == [])

        var policy = CapturePolicy()
        policy.categories = [.produce]
        #expect(
            policy.weakenings == [
                "category authentication is off", "category authorize is off", "category management is off",
            ]
        )
        policy = CapturePolicy()
        policy.excludedPrincipals = ["User:root"]
        policy.methods = ["kafka.CreateAcls": false, "kafka.DescribeAcls": true]
        #expect(
            policy.weakenings == [
                "method kafka.CreateAcls of category management is not captured",
                "nothing that User:root does is captured",
            ]
        )
        policy = try Self.policy([
            .init(
                "rules",
                .array([
                    .map([
                        .init("pattern", .string("crn:///kafka=*/topic=tmp-*")),
                        .init("categories", Self.only(.authorize)),
                    ])
                ])
            )
        ])
        #expect(policy.weakenings == ["category management is off for crn:///kafka=*/topic=tmp-*"])
    }

    // MARK: - Explaining

    @Test func `a CRN is explained by the rule that applies`() throws {
        let policy = try Self.policy([
            .init(
                "rules",
                .array([
                    .map([
                        .init("pattern", .string("crn:///kafka=*/topic=billing-*")),
                        .init("categories", Self.only(.produce)),
                    ])
                ])
            )
        ])
        let billing = policy.explain(try #require(CRN("crn:///kafka=k/topic=billing-1")))
        let other = policy.explain(try #require(CRN("crn:///kafka=k/topic=orders")))

        #expect(billing.rule == "crn:///kafka=*/topic=billing-*")
        #expect(billing.categories == [.produce])
        #expect(billing.sentences.contains("Captured there: produce."))
        #expect(other.rule == nil)
        #expect(other.categories == CapturePolicy.defaultCategories)
    }

    @Test func `a method is explained by its category`() throws {
        let policy = CapturePolicy()

        #expect(policy.explain(method: "kafka.CreateTopics")?.isCaptured == true)
        #expect(policy.explain(method: "Metadata")?.isCaptured == false)
        #expect(policy.explain(method: "Metadata")?.sentences.last?.contains("Refusals") == true)
        #expect(policy.explain(method: "kafka.Authentication")?.isCaptured == true)
        #expect(policy.explain(method: "kafka.Nothing") == nil)
    }

    @Test func `every event that is made is explained as captured, and every one that is not as not`() throws {
        var policy = CapturePolicy()
        policy.methods = ["kafka.EndTxn": false]
        policy.excludedPrincipals = ["User:bob"]
        for user in ["alice", "bob"] {
            for row in OutcomeCases.management + OutcomeCases.groups + OutcomeCases.lookups + OutcomeCases.traffic {
                var all = try Mapping(user: user)
                var some = try Mapping(policy: policy, user: user)
                let made = try some.map(row.key, row.version, row.request, row.answer)
                let kept = Set(made.map { "\($0.check ?? "") \($0.act ?? "")" })

                for event in try all.map(row.key, row.version, row.request, row.answer) {
                    // What a follower or a broker fetches shows in the event only by its outcome.
                    if event.mapped.category == .interbroker || row.name.contains("follower") { continue }
                    let isKept = kept.contains("\(event.check ?? "") \(event.act ?? "")")
                    let explained = try #require(policy.explain(event: event.mapped.bytes))
                    if row.name == "AddPartitionsToTxn 4 is a broker's" { continue }
                    #expect(explained.isCaptured == isKept, "\(user) \(row.name): \(explained.sentences)")
                }
            }
        }
        #expect(policy.explain(event: Array("{}".utf8)) == nil)
        #expect(policy.explain(event: Array("no event".utf8)) == nil)
    }
}
