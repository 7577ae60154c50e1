// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import Foundation
import Testing

/// The example day in `Examples/day` against the catalogue, and against what a reader of it is promised.
@Suite struct ExampleDayTests {
    private let catalog: Catalog
    private let events: [ExampleEvent]

    init() throws {
        catalog = try Catalog.embedded()
        events = try ExampleEvent.readDay()
    }

    @Test func `the day has 250 to 400 events with ids of their own`() {
        #expect((250...400).contains(events.count))
        #expect(Set(events.map(\.id)).count == events.count)
    }

    @Test func `every event is classified`() {
        for event in events {
            let answer = event.classified(by: catalog)
            if case .unclassified(let reason) = answer.standing {
                Issue.record("\(event.place): \(reason.rawValue), \(answer.explanation)")
            }
            #expect(!answer.explanation.contains("does not"), "\(event.place): \(answer.explanation)")
        }
    }

    @Test(arguments: [
        ("kafka/authentication/-", []),
        ("kafka/authorization/-", ["Topic", "Cluster", "Group"]),
        ("kafka/management/-", ["Topic", "Cluster", "Group", "ClusterLink"]),
        ("kafka/rbac/-", ["Environment", "CloudApiKey", "SecurityMetadata", "Billing"]),
        ("schema-registry/authentication/-", ["SCHEMA_REGISTRY"]),
        ("schema-registry/authorization/-", ["SCHEMA_REGISTRY"]),
        ("schema-registry/management/schemas", ["SCHEMA_REGISTRY"]),
        ("schema-registry/management/stream-catalog", ["SCHEMA_REGISTRY"]),
        ("schema-registry/management/schema-exporters", ["SCHEMA_REGISTRY"]),
        ("schema-registry/management/dek-registry", ["SCHEMA_REGISTRY"]),
        ("ksqldb/authentication/-", ["KSQL"]),
        ("ksqldb/authorization/-", ["KSQL"]),
        ("flink/authentication/-", ["FLINK_REGION"]),
        ("flink/authorization/-", ["STATEMENT", "WORKSPACE"]),
        ("flink/management/region", ["FLINK_REGION"]),
        ("flink/management/compute-pool", ["COMPUTE_POOL"]),
        ("flink/management/workspace", ["FLINK_WORKSPACE"]),
        ("flink/management/statement", ["STATEMENT"]),
        ("tableflow/catalog-integration/-", ["TABLEFLOW_CATALOG", "PROVIDER_INTEGRATION"]),
        ("tableflow/topic-operations/-", ["TOPIC"]),
        ("tableflow/data-plane-catalog/-", ["ICEBERG_NAMESPACE", "ICEBERG_TABLE", "ENVIRONMENT"]),
        ("tableflow/oauth/-", ["ORGANIZATION"]),
        ("tableflow/signer/-", ["ICEBERG_SIGNER"]),
        ("access-transparency/privileged-access/-", ["KAFKA_CLUSTER", "ENVIRONMENT", "ORGANIZATION"]),
        ("organization/authorization/ip-filter", ["ORGANIZATION"]),
        ("organization/access-management/api-key", ["API_KEY"]),
        ("organization/access-management/identity-pool", ["IDENTITY_POOL"]),
        ("organization/access-management/identity-provider", ["IDENTITY_PROVIDER"]),
        ("organization/access-management/rbac", ["CLOUD_CLUSTER"]),
        ("organization/access-management/service-account", ["ORGANIZATION"]),
        ("organization/access-management/sso-connection", ["SSO_CONNECTION"]),
        ("organization/access-management/user", ["USER"]),
        ("organization/access-management/user-invitation", ["USER_INVITATION"]),
        ("organization/infrastructure/connector", ["CONNECTOR"]),
        ("organization/infrastructure/custom-connector-plugin", ["CUSTOM_CONNECTOR_PLUGIN"]),
        ("organization/infrastructure/environment", ["ENVIRONMENT"]),
        ("organization/infrastructure/kafka-cluster", ["KAFKA_CLUSTER"]),
        ("organization/infrastructure/ksqldb-cluster", ["KSQL_CLUSTER"]),
        ("organization/infrastructure/schema-registry-cluster", ["SCHEMA_REGISTRY"]),
        ("organization/networking/dns-forwarder", ["DNS_FORWARDER"]),
        ("organization/networking/network", ["NETWORK"]),
        ("organization/networking/peering", ["PEERING"]),
        ("organization/networking/private-link-access", ["PRIVATE_LINK_ACCESS"]),
        ("organization/networking/private-link-attachment", ["PRIVATE_LINK_ATTACHMENT"]),
        ("organization/networking/private-link-attachment-connection", ["PRIVATE_LINK_ATTACHMENT_CONNECTION"]),
        ("organization/networking/transit-gateway-attachment", ["ENVIRONMENT"]),
        ("organization/services/billing", ["ORGANIZATION"]),
        ("organization/services/sign-in", ["ORGANIZATION"]),
        ("organization/services/marketplace-entitlement", ["MARKETPLACE_ENTITLEMENT"]),
        ("organization/services/notification-integration", ["NS_INTEGRATION"]),
        ("organization/services/notification-subscription", ["NS_SUBSCRIPTION"]),
        ("organization/services/notification-type", ["NS_NOTIFICATION_TYPE"]),
    ])
    func `every category occurs with every resource type`(place: String, resourceTypes: [String]) {
        let here = events.filter { event in
            let answer = event.classified(by: catalog)
            return [answer.family, answer.category, answer.subcategory].map { $0 ?? "-" }.joined(separator: "/")
                == place
        }

        #expect(!here.isEmpty)
        for resourceType in resourceTypes {
            #expect(here.contains { $0.resourceType == resourceType }, "\(resourceType)")
        }
    }

    @Test func `every event type occurs, the alias too`() throws {
        #expect(Set(events.map(\.type)) == Set(catalog.eventTypes.map(\.name)))
    }

    @Test(arguments: ["success", "failure", "allowed", "denied", "unknown"])
    func `every outcome occurs`(outcome: String) {
        #expect(events.contains { $0.outcome == outcome })
    }

    @Test(arguments: [
        ("\"method_name\":", "snake_case"),
        ("\"principal\":\"User:", "principal as a string"),
        ("\"confluentServiceAccount\":", "principal as an object"),
        ("\"identityPool\":", "identity pool"),
        ("\"externalAccount\":", "external account"),
        ("\"group\":", "group"),
        ("\"actingPrincipal\":\"User:pool-", "acting identity pool"),
        ("\"actingPrincipal\":\"Group:", "acting group"),
        ("\"confluentInternal\":", "internal principal"),
        ("\"specversion\":\"0.3\"", "Confluent Platform before CloudEvents 1.0"),
        ("\"confluentRouting\":", "routing of older Platform versions"),
        ("\\u003d", "escaped equals sign"),
        ("\\/", "escaped slash"),
        ("+999999999-12-31T23:59:59.999999999-18:00", "the last time there is"),
        ("+01:00\"", "time with an offset"),
        ("ü", "letters beyond ASCII"),
    ])
    func `every form of writing occurs`(text: String, what: String) {
        #expect(events.contains { $0.text.contains(text) }, "\(what)")
    }

    @Test func `ids above 2 to the 53 occur as numbers and as strings`() throws {
        let number = try Regex("\"connection_id\": ?[0-9]{17,}")
        let string = try Regex("\"connection_id\": ?\"[0-9]{17,}\"")

        #expect(events.contains { $0.text.contains(number) })
        #expect(events.contains { $0.text.contains(string) })
    }

    @Test(arguments: [3, 6, 9])
    func `times with three, six and nine digits occur`(digits: Int) throws {
        let time = try Regex("2026-11-20T[0-9:]{8}\\.[0-9]{\(digits)}Z")

        #expect(events.contains { $0.time.wholeMatch(of: time) != nil })
    }

    @Test func `every file is in the order of time`() {
        // Text order is time order among times of one zone up to the whole second; the two odd ones are left out.
        let ordinary = events.filter { $0.time.hasPrefix("2026-11-20T") && $0.time.hasSuffix("Z") }
        for (file, events) in Dictionary(grouping: ordinary, by: { $0.place.prefix { $0 != ":" } }) {
            let seconds = events.map { $0.time.prefix(19) }
            #expect(seconds == seconds.sorted(), "\(file)")
        }
        #expect(ordinary.count == events.count - 2)
    }

    @Test func `all addresses and mail domains are those set aside for documentation`() throws {
        let documentation = /192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+|2001:db8:[0-9a-f:]*/
        for event in events {
            for address in event.addresses {
                #expect(address.wholeMatch(of: documentation) != nil, "\(event.place): \(address)")
            }
            for mail in event.text.matches(of: /@([a-z.]+)/) { #expect(mail.1 == "example.com", "\(event.place)") }
        }
    }

    @Test func `the story is told by three questions`() {
        let denied = events.filter { $0.principal == "sa-payments" && $0.outcome == "denied" }
        let grants = events.filter { $0.method == "BindRoleForPrincipal" }
        let deletions = events.filter { $0.method == "kafka.DeleteTopics" && $0.type.hasSuffix("/request") }

        #expect(denied.count == 28)
        #expect(grants.count == 2)
        #expect(grants.first?.text.contains("\"role_name\":\"OrganizationAdmin\"") == true)
        #expect(deletions.count == 2)
        #expect(deletions.first?.resourceName == "payments.transactions")
    }
}
