// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// What Kafka's error codes say of the check that came before them.
///
/// Source: the order of checks and errors in Apache Kafka's request handlers (`KafkaApis`, `ControllerApis`, `AclApis`, 2.8 to
/// 4.3), and the codes of its protocol guide. A code stands in one of the sets only where every version answers with it
/// behind the check alone; a code in none leaves open whether there was a check. Examples that leave it open: 41
/// NOT_CONTROLLER and 35 UNSUPPORTED_VERSION (before the check), 42 INVALID_REQUEST (before or behind), 54
/// SECURITY_DISABLED (there is no authorizer), 55 OPERATION_NOT_ATTEMPTED (another resource of the request failed), 100
/// UNKNOWN_TOPIC_ID (without a name nothing can be checked), 7 REQUEST_TIMED_OUT and -1 UNKNOWN_SERVER_ERROR.
enum AnswerCodes {
    /// The type of the resource that a code refuses; nil for codes that refuse nothing.
    static func refusedResource(_ code: Int16) -> KafkaResource? {
        switch code {
        case 29: .topic
        case 30: .group
        case 31: .cluster
        case 53: .transactionalID
        case 65: .delegationToken
        default: nil
        }
    }

    /// State of a partition that is only looked at for those who may: the topic is unknown (3), has no leader (5, 6, 9),
    /// its epoch or storage is not right (56, 74 to 76, 78), an offset is out of range (1), the format is older (43).
    static let partition: Set<Int16> = [1, 3, 5, 6, 9, 43, 56, 74, 75, 76, 78]

    /// Verdicts on records: too large, corrupt, out of order, too few replicas, refused by a rule.
    static let records: Set<Int16> = [2, 10, 18, 19, 20, 32, 44, 45, 46, 47, 48, 59, 87, 90]

    /// State of a group and its members, told by its coordinator.
    ///
    /// Without 23: SyncGroup says INCONSISTENT_GROUP_PROTOCOL before it asks whether the client may.
    static let group: Set<Int16> = [
        12, 14, 15, 16, 22, 24, 25, 26, 27, 28, 68, 69, 79, 81, 82, 86, 88, 110, 111, 112, 113,
    ]

    /// State of a transaction, told by its coordinator.
    static let transaction: Set<Int16> = [14, 15, 16, 47, 48, 49, 50, 51, 52, 90, 105, 120]

    /// Verdicts on a topic to be made or changed: the name (17), that it is there (36), its counts and configuration (37 to
    /// 40), a rule (44), a reassignment under way (60), a quota of changes (89).
    static let newTopic: Set<Int16> = [17, 36, 37, 38, 39, 40, 44, 60, 89]
}

extension AnswerCodes {
    /// Kafka's name of a code; nil for one that is not known.
    static func name(_ code: Int16) -> String? {
        KafkaErrorCode(rawValue: code).name
    }
}
