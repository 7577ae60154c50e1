// SPDX-License-Identifier: Apache-2.0

/// What a check of Kafka's is about; the raw value is Confluent's spelling.
enum KafkaResource: String, Sendable {
    case topic = "Topic"
    case group = "Group"
    case cluster = "Cluster"
    case transactionalID = "TransactionalId"
    case delegationToken = "DelegationToken"
    case user = "User"

    /// The only name that resources of type `Cluster` have.
    static let clusterName = "kafka-cluster"

    /// The type of the last element of the resource's CRN; nil for the cluster itself.
    var crnType: String? {
        switch self {
        case .topic: "topic"
        case .group: "group"
        case .cluster: nil
        case .transactionalID: "transactional-id"
        case .delegationToken: "delegation-token"
        case .user: "user"
        }
    }
}

/// The name of a resource as an exchange gives it.
struct ResourceName: Hashable, Sendable {
    let text: String
    /// Whether it is an id whose name nobody has told.
    var isID = false
    /// Whether the exchange gave an id, and the name is what we know of it.
    var isResolved = false
}

/// What a principal wants to do with a resource; the raw value is Confluent's spelling.
enum KafkaOperation: String, Sendable {
    case unknown = "Unknown"
    case read = "Read"
    case write = "Write"
    case create = "Create"
    case delete = "Delete"
    case alter = "Alter"
    case describe = "Describe"
    case clusterAction = "ClusterAction"
    case describeConfigs = "DescribeConfigs"
    case alterConfigs = "AlterConfigs"
    case idempotentWrite = "IdempotentWrite"
    case createTokens = "CreateTokens"
}

/// One question that a broker asks its authorizer.
struct KafkaCheck: Hashable, Sendable {
    let operation: KafkaOperation
    let resource: KafkaResource
    /// The field of the request that names the resource where the place of the code does not.
    var field: String?

    static func topic(_ operation: KafkaOperation) -> Self { Self(operation: operation, resource: .topic) }

    static func cluster(_ operation: KafkaOperation) -> Self { Self(operation: operation, resource: .cluster) }

    static func group(_ operation: KafkaOperation, _ field: String? = "groupId") -> Self {
        Self(operation: operation, resource: .group, field: field)
    }

    static func transaction(_ operation: KafkaOperation, _ field: String? = "transactionalId") -> Self {
        Self(operation: operation, resource: .transactionalID, field: field)
    }
}
