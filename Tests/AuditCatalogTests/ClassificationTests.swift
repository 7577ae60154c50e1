// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import Testing

@Suite struct ClassificationTests {
    private static let cloud = "io.confluent.cloud/request"
    private let catalog: Catalog

    init() throws {
        catalog = try Catalog.embedded()
    }

    @Test(arguments: [
        (
            "io.confluent.kafka.server/authentication", "kafka.Authentication", nil, "kafka/authentication/-",
            "documented"
        ),
        ("io.confluent.kafka.server/authorization", "kafka.DeleteTopics", "Topic", "kafka/authorization/-", "derived"),
        ("io.confluent.kafka.server/request", "kafka.DeleteTopics", "TOPIC", "kafka/management/-", "documented"),
        ("io.confluent.kafka.server/authorization", "mds.Authorize", "Billing", "kafka/rbac/-", "documented"),
        (
            "io.confluent.kafka.server/authorization", "kafka.FetchConsumer", "Topic", "kafka/authorization/-",
            "recorded"
        ),
        (
            "io.confluent.sg.server/request", "schema-registry.RegisterKek", "SCHEMA_REGISTRY",
            "schema-registry/management/dek-registry", "reported"
        ),
        ("io.confluent.ksql.server/authorization", "ksql.Authorize", "KSQL", "ksqldb/authorization/-", "reported"),
        (cloud, "ListFlinkRegions", "FLINK_REGION", "flink/management/region", "documented"),
        (cloud, "TableflowSignRequest", "ICEBERG_SIGNER", "tableflow/signer/-", "unconfirmed"),
        (
            "io.confluent.cloud/access-transparency", "confluent.privileged.access", "ENVIRONMENT",
            "access-transparency/privileged-access/-", "documented"
        ),
        (
            "io.confluent.cloud/authorization", "ip-filter.Authorize", "ORGANIZATION",
            "organization/authorization/ip-filter", "documented"
        ),
        (cloud, "BindRoleForPrincipal", "CLOUD_CLUSTER", "organization/access-management/rbac", "documented"),
    ])
    func `a known event gets its place and certainty`(
        type: String,
        method: String,
        resourceType: String?,
        place: String,
        certainty: String
    ) {
        let answer = catalog.classify(type: type, method: method, resourceType: resourceType)

        #expect(answer.standing == .known)
        #expect(Self.place(of: answer) == place)
        #expect(answer.certainty == certainty)
    }

    @Test(arguments: [
        ("CreateApiKey", "CreateAPIKey"),
        ("createapikey", "CreateAPIKey"),
        ("UnBindAllRolesForPrincipal", "UnbindAllRolesForPrincipal"),
        ("UNBINDROLEFORPRINCIPAL", "UnbindRoleForPrincipal"),
        ("ListTableFlowCatalog", "TableflowListCatalogs"),
        ("loadtable", "TableflowLoadTable"),
        ("LoadNamespace", "TableflowLoadNamespaces"),
    ])
    func `another spelling is known by its usual one`(spelling: String, canonical: String) {
        let answer = catalog.classify(type: Self.cloud, method: spelling)

        #expect(answer.standing == .otherSpelling(canonical: canonical))
        #expect(answer.explanation.hasPrefix("\"\(spelling)\" is another spelling of \"\(canonical)\""))
    }

    @Test(arguments: [
        ("TOPIC", "topic-operations"),
        ("Topic", "topic-operations"),
        ("ICEBERG_NAMESPACE", "data-plane-catalog"),
        ("ENVIRONMENT", "data-plane-catalog"),
    ])
    func `the resource type decides between two methods of one name`(resourceType: String, category: String) {
        let answer = catalog.classify(type: Self.cloud, method: "TableflowListTables", resourceType: resourceType)

        #expect(answer.standing == .known)
        #expect(answer.category == category)
        #expect(!answer.explanation.contains("does not tell"))
    }

    @Test(arguments: [nil, "COMET"])
    func `two methods of one name without a telling resource type are said to be undecided`(resourceType: String?) {
        let answer = catalog.classify(type: Self.cloud, method: "TableflowListTables", resourceType: resourceType)

        #expect(answer.category == "topic-operations")
        #expect(answer.explanation.contains("Several categories have this method"))
    }

    @Test func `an alias of a type brings its own category forward`() {
        let answer = catalog.classify(type: "io.confluent.tableflow.server/catalog", method: "TableflowListTables")

        #expect(answer.standing == .known)
        #expect(answer.category == "data-plane-catalog")
        #expect(
            answer.explanation.hasSuffix(
                "Event type \"io.confluent.tableflow.server/catalog\" is an earlier name of \"io.confluent.cloud/request\"."
            )
        )
    }

    @Test func `an alias of a type has the methods of its target too`() {
        let answer = catalog.classify(type: "io.confluent.tableflow.server/catalog", method: "TableflowGetTable")

        #expect(answer.standing == .known)
        #expect(answer.category == "topic-operations")
    }

    @Test func `a name of which only the beginning is known covers what begins so`() {
        let type = "io.confluent.sg.server/request"
        let answer = catalog.classify(type: type, method: "schema-registry.SearchCatalogUsingBasic")

        #expect(answer.standing == .known)
        #expect(answer.category == "reads")
        #expect(answer.explanation.contains("whose full name is not known"))
        #expect(
            catalog.classify(type: type, method: "schema-registry.SearchCatalog").standing
                == .unclassified(.unknownMethod)
        )
    }

    @Test(
        arguments: [
            (
                nil, "kafka.Fetch", .missingType,
                "The event has no type."
            ),
            (
                "", "kafka.Fetch", .missingType,
                "The event has no type."
            ),
            (
                "com.example/thing", nil, .unknownType,
                "Event type \"com.example/thing\" is not in the catalogue."
            ),
            (
                "com.example/thing", "kafka.Fetch", .unknownType,
                "Event type \"com.example/thing\" is not in the catalogue; method \"kafka.Fetch\" is known under "
                    + "\"io.confluent.kafka.server/authorization\", "
                    + "\"io.confluent.kafka.server/request\"."
            ),
            (
                "io.confluent.kafka.server/request", nil, .missingMethod,
                "The event of type \"io.confluent.kafka.server/request\" names no method. "
                    + "Its event type alone places it in kafka/management."
            ),
            (
                "io.confluent.kafka.server/request", "", .missingMethod,
                "The event of type \"io.confluent.kafka.server/request\" names no method. "
                    + "Its event type alone places it in kafka/management."
            ),
            (
                "io.confluent.cloud/request", "MakeTea", .unknownMethod,
                "Method \"MakeTea\" is not in the catalogue, under \"io.confluent.cloud/request\" or any other event type."
            ),
            (
                "io.confluent.kafka.server/request", "kafka.FetchConsumer", .methodOfAnotherType,
                "Method \"kafka.FetchConsumer\" is known under \"io.confluent.kafka.server/authorization\", not under "
                    + "\"io.confluent.kafka.server/request\". Its event type alone places it in kafka/management."
            ),
        ] as [(String?, String?, Classification.UnclassifiedReason, String)]
    )
    func `what is unclassified says why`(
        type: String?,
        method: String?,
        reason: Classification.UnclassifiedReason,
        explanation: String
    ) {
        let answer = catalog.classify(type: type, method: method)

        #expect(answer.standing == .unclassified(reason))
        #expect(answer.certainty == nil)
        #expect(answer.explanation == explanation)
    }

    @Test(arguments: [
        ("io.confluent.cloud/request", "PEERING", "organization/networking/peering"),
        ("io.confluent.cloud/request", "NS_SUBSCRIPTION", "organization/services/notification-subscription"),
        ("io.confluent.cloud/request", "ORGANIZATION", "-/-/-"),
        ("io.confluent.cloud/request", "COMET", "-/-/-"),
        ("io.confluent.kafka.server/authorization", "Billing", "kafka/rbac/-"),
        ("io.confluent.kafka.server/authorization", "COMET", "kafka/-/-"),
        ("io.confluent.sg.server/request", "COMET", "schema-registry/-/-"),
        ("io.confluent.tableflow.server/catalog", "TOPIC", "tableflow/topic-operations/-"),
        ("com.example/thing", "PEERING", "-/-/-"),
    ])
    func `an unknown method is placed as far as type and resource type leave no choice`(
        type: String,
        resourceType: String,
        place: String
    ) {
        let answer = catalog.classify(type: type, method: "MakeTea", resourceType: resourceType)

        #expect(answer.entry == nil)
        #expect(Self.place(of: answer) == place)
    }

    @Test func `a resource type that the catalogue does not list is mentioned`() {
        let answer = catalog.classify(type: Self.cloud, method: "CreateNetwork", resourceType: "COMET")

        #expect(answer.standing == .known)
        #expect(
            answer.explanation
                == "\"CreateNetwork\" is a known method (documented) of Organization, Networking, Network. "
                + "The catalogue does not list resource type \"COMET\" there."
        )
    }

    @Test func `a type is compared with its letter case`() {
        let answer = catalog.classify(type: "IO.confluent.cloud/request", method: "CreateNetwork")

        #expect(answer.standing == .unclassified(.unknownType))
    }

    private static func place(of answer: Classification) -> String {
        [answer.family, answer.category, answer.subcategory].map { $0 ?? "-" }.joined(separator: "/")
    }
}
