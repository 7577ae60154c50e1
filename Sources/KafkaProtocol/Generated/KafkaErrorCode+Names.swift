// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/errors.txt; never edited.

extension KafkaErrorCode {
    package static let unknownServerError = KafkaErrorCode(rawValue: -1)
    package static let noError = KafkaErrorCode(rawValue: 0)
    package static let offsetOutOfRange = KafkaErrorCode(rawValue: 1)
    package static let corruptMessage = KafkaErrorCode(rawValue: 2)
    package static let unknownTopicOrPartition = KafkaErrorCode(rawValue: 3)
    package static let invalidFetchSize = KafkaErrorCode(rawValue: 4)
    package static let leaderNotAvailable = KafkaErrorCode(rawValue: 5)
    package static let notLeaderOrFollower = KafkaErrorCode(rawValue: 6)
    package static let requestTimedOut = KafkaErrorCode(rawValue: 7)
    package static let brokerNotAvailable = KafkaErrorCode(rawValue: 8)
    package static let replicaNotAvailable = KafkaErrorCode(rawValue: 9)
    package static let messageTooLarge = KafkaErrorCode(rawValue: 10)
    package static let staleControllerEpoch = KafkaErrorCode(rawValue: 11)
    package static let offsetMetadataTooLarge = KafkaErrorCode(rawValue: 12)
    package static let networkException = KafkaErrorCode(rawValue: 13)
    package static let coordinatorLoadInProgress = KafkaErrorCode(rawValue: 14)
    package static let coordinatorNotAvailable = KafkaErrorCode(rawValue: 15)
    package static let notCoordinator = KafkaErrorCode(rawValue: 16)
    package static let invalidTopicException = KafkaErrorCode(rawValue: 17)
    package static let recordListTooLarge = KafkaErrorCode(rawValue: 18)
    package static let notEnoughReplicas = KafkaErrorCode(rawValue: 19)
    package static let notEnoughReplicasAfterAppend = KafkaErrorCode(rawValue: 20)
    package static let invalidRequiredAcks = KafkaErrorCode(rawValue: 21)
    package static let illegalGeneration = KafkaErrorCode(rawValue: 22)
    package static let inconsistentGroupProtocol = KafkaErrorCode(rawValue: 23)
    package static let invalidGroupId = KafkaErrorCode(rawValue: 24)
    package static let unknownMemberId = KafkaErrorCode(rawValue: 25)
    package static let invalidSessionTimeout = KafkaErrorCode(rawValue: 26)
    package static let rebalanceInProgress = KafkaErrorCode(rawValue: 27)
    package static let invalidCommitOffsetSize = KafkaErrorCode(rawValue: 28)
    package static let topicAuthorizationFailed = KafkaErrorCode(rawValue: 29)
    package static let groupAuthorizationFailed = KafkaErrorCode(rawValue: 30)
    package static let clusterAuthorizationFailed = KafkaErrorCode(rawValue: 31)
    package static let invalidTimestamp = KafkaErrorCode(rawValue: 32)
    package static let unsupportedSaslMechanism = KafkaErrorCode(rawValue: 33)
    package static let illegalSaslState = KafkaErrorCode(rawValue: 34)
    package static let unsupportedVersion = KafkaErrorCode(rawValue: 35)
    package static let topicAlreadyExists = KafkaErrorCode(rawValue: 36)
    package static let invalidPartitions = KafkaErrorCode(rawValue: 37)
    package static let invalidReplicationFactor = KafkaErrorCode(rawValue: 38)
    package static let invalidReplicaAssignment = KafkaErrorCode(rawValue: 39)
    package static let invalidConfig = KafkaErrorCode(rawValue: 40)
    package static let notController = KafkaErrorCode(rawValue: 41)
    package static let invalidRequest = KafkaErrorCode(rawValue: 42)
    package static let unsupportedForMessageFormat = KafkaErrorCode(rawValue: 43)
    package static let policyViolation = KafkaErrorCode(rawValue: 44)
    package static let outOfOrderSequenceNumber = KafkaErrorCode(rawValue: 45)
    package static let duplicateSequenceNumber = KafkaErrorCode(rawValue: 46)
    package static let invalidProducerEpoch = KafkaErrorCode(rawValue: 47)
    package static let invalidTxnState = KafkaErrorCode(rawValue: 48)
    package static let invalidProducerIdMapping = KafkaErrorCode(rawValue: 49)
    package static let invalidTransactionTimeout = KafkaErrorCode(rawValue: 50)
    package static let concurrentTransactions = KafkaErrorCode(rawValue: 51)
    package static let transactionCoordinatorFenced = KafkaErrorCode(rawValue: 52)
    package static let transactionalIdAuthorizationFailed = KafkaErrorCode(rawValue: 53)
    package static let securityDisabled = KafkaErrorCode(rawValue: 54)
    package static let operationNotAttempted = KafkaErrorCode(rawValue: 55)
    package static let kafkaStorageError = KafkaErrorCode(rawValue: 56)
    package static let logDirNotFound = KafkaErrorCode(rawValue: 57)
    package static let saslAuthenticationFailed = KafkaErrorCode(rawValue: 58)
    package static let unknownProducerId = KafkaErrorCode(rawValue: 59)
    package static let reassignmentInProgress = KafkaErrorCode(rawValue: 60)
    package static let delegationTokenAuthDisabled = KafkaErrorCode(rawValue: 61)
    package static let delegationTokenNotFound = KafkaErrorCode(rawValue: 62)
    package static let delegationTokenOwnerMismatch = KafkaErrorCode(rawValue: 63)
    package static let delegationTokenRequestNotAllowed = KafkaErrorCode(rawValue: 64)
    package static let delegationTokenAuthorizationFailed = KafkaErrorCode(rawValue: 65)
    package static let delegationTokenExpired = KafkaErrorCode(rawValue: 66)
    package static let invalidPrincipalType = KafkaErrorCode(rawValue: 67)
    package static let nonEmptyGroup = KafkaErrorCode(rawValue: 68)
    package static let groupIdNotFound = KafkaErrorCode(rawValue: 69)
    package static let fetchSessionIdNotFound = KafkaErrorCode(rawValue: 70)
    package static let invalidFetchSessionEpoch = KafkaErrorCode(rawValue: 71)
    package static let listenerNotFound = KafkaErrorCode(rawValue: 72)
    package static let topicDeletionDisabled = KafkaErrorCode(rawValue: 73)
    package static let fencedLeaderEpoch = KafkaErrorCode(rawValue: 74)
    package static let unknownLeaderEpoch = KafkaErrorCode(rawValue: 75)
    package static let unsupportedCompressionType = KafkaErrorCode(rawValue: 76)
    package static let staleBrokerEpoch = KafkaErrorCode(rawValue: 77)
    package static let offsetNotAvailable = KafkaErrorCode(rawValue: 78)
    package static let memberIdRequired = KafkaErrorCode(rawValue: 79)
    package static let preferredLeaderNotAvailable = KafkaErrorCode(rawValue: 80)
    package static let groupMaxSizeReached = KafkaErrorCode(rawValue: 81)
    package static let fencedInstanceId = KafkaErrorCode(rawValue: 82)
    package static let eligibleLeadersNotAvailable = KafkaErrorCode(rawValue: 83)
    package static let electionNotNeeded = KafkaErrorCode(rawValue: 84)
    package static let noReassignmentInProgress = KafkaErrorCode(rawValue: 85)
    package static let groupSubscribedToTopic = KafkaErrorCode(rawValue: 86)
    package static let invalidRecord = KafkaErrorCode(rawValue: 87)
    package static let unstableOffsetCommit = KafkaErrorCode(rawValue: 88)
    package static let throttlingQuotaExceeded = KafkaErrorCode(rawValue: 89)
    package static let producerFenced = KafkaErrorCode(rawValue: 90)
    package static let resourceNotFound = KafkaErrorCode(rawValue: 91)
    package static let duplicateResource = KafkaErrorCode(rawValue: 92)
    package static let unacceptableCredential = KafkaErrorCode(rawValue: 93)
    package static let inconsistentVoterSet = KafkaErrorCode(rawValue: 94)
    package static let invalidUpdateVersion = KafkaErrorCode(rawValue: 95)
    package static let featureUpdateFailed = KafkaErrorCode(rawValue: 96)
    package static let principalDeserializationFailure = KafkaErrorCode(rawValue: 97)
    package static let snapshotNotFound = KafkaErrorCode(rawValue: 98)
    package static let positionOutOfRange = KafkaErrorCode(rawValue: 99)
    package static let unknownTopicId = KafkaErrorCode(rawValue: 100)
    package static let duplicateBrokerRegistration = KafkaErrorCode(rawValue: 101)
    package static let brokerIdNotRegistered = KafkaErrorCode(rawValue: 102)
    package static let inconsistentTopicId = KafkaErrorCode(rawValue: 103)
    package static let inconsistentClusterId = KafkaErrorCode(rawValue: 104)
    package static let transactionalIdNotFound = KafkaErrorCode(rawValue: 105)
    package static let fetchSessionTopicIdError = KafkaErrorCode(rawValue: 106)
    package static let ineligibleReplica = KafkaErrorCode(rawValue: 107)
    package static let newLeaderElected = KafkaErrorCode(rawValue: 108)
    package static let offsetMovedToTieredStorage = KafkaErrorCode(rawValue: 109)
    package static let fencedMemberEpoch = KafkaErrorCode(rawValue: 110)
    package static let unreleasedInstanceId = KafkaErrorCode(rawValue: 111)
    package static let unsupportedAssignor = KafkaErrorCode(rawValue: 112)
    package static let staleMemberEpoch = KafkaErrorCode(rawValue: 113)
    package static let mismatchedEndpointType = KafkaErrorCode(rawValue: 114)
    package static let unsupportedEndpointType = KafkaErrorCode(rawValue: 115)
    package static let unknownControllerId = KafkaErrorCode(rawValue: 116)
    package static let unknownSubscriptionId = KafkaErrorCode(rawValue: 117)
    package static let telemetryTooLarge = KafkaErrorCode(rawValue: 118)
    package static let invalidRegistration = KafkaErrorCode(rawValue: 119)
    package static let transactionAbortable = KafkaErrorCode(rawValue: 120)
    package static let invalidRecordState = KafkaErrorCode(rawValue: 121)
    package static let shareSessionNotFound = KafkaErrorCode(rawValue: 122)
    package static let invalidShareSessionEpoch = KafkaErrorCode(rawValue: 123)
    package static let fencedStateEpoch = KafkaErrorCode(rawValue: 124)
    package static let invalidVoterKey = KafkaErrorCode(rawValue: 125)
    package static let duplicateVoter = KafkaErrorCode(rawValue: 126)
    package static let voterNotFound = KafkaErrorCode(rawValue: 127)
    package static let invalidRegularExpression = KafkaErrorCode(rawValue: 128)
    package static let rebootstrapRequired = KafkaErrorCode(rawValue: 129)
    package static let streamsInvalidTopology = KafkaErrorCode(rawValue: 130)
    package static let streamsInvalidTopologyEpoch = KafkaErrorCode(rawValue: 131)
    package static let streamsTopologyFenced = KafkaErrorCode(rawValue: 132)
    package static let shareSessionLimitReached = KafkaErrorCode(rawValue: 133)

    static let names: [Int16: String] = [
        -1: "UNKNOWN_SERVER_ERROR",
        0: "NONE",
        1: "OFFSET_OUT_OF_RANGE",
        2: "CORRUPT_MESSAGE",
        3: "UNKNOWN_TOPIC_OR_PARTITION",
        4: "INVALID_FETCH_SIZE",
        5: "LEADER_NOT_AVAILABLE",
        6: "NOT_LEADER_OR_FOLLOWER",
        7: "REQUEST_TIMED_OUT",
        8: "BROKER_NOT_AVAILABLE",
        9: "REPLICA_NOT_AVAILABLE",
        10: "MESSAGE_TOO_LARGE",
        11: "STALE_CONTROLLER_EPOCH",
        12: "OFFSET_METADATA_TOO_LARGE",
        13: "NETWORK_EXCEPTION",
        14: "COORDINATOR_LOAD_IN_PROGRESS",
        15: "COORDINATOR_NOT_AVAILABLE",
        16: "NOT_COORDINATOR",
        17: "INVALID_TOPIC_EXCEPTION",
        18: "RECORD_LIST_TOO_LARGE",
        19: "NOT_ENOUGH_REPLICAS",
        20: "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
        21: "INVALID_REQUIRED_ACKS",
        22: "ILLEGAL_GENERATION",
        23: "INCONSISTENT_GROUP_PROTOCOL",
        24: "INVALID_GROUP_ID",
        25: "UNKNOWN_MEMBER_ID",
        26: "INVALID_SESSION_TIMEOUT",
        27: "REBALANCE_IN_PROGRESS",
        28: "INVALID_COMMIT_OFFSET_SIZE",
        29: "TOPIC_AUTHORIZATION_FAILED",
        30: "GROUP_AUTHORIZATION_FAILED",
        31: "CLUSTER_AUTHORIZATION_FAILED",
        32: "INVALID_TIMESTAMP",
        33: "UNSUPPORTED_SASL_MECHANISM",
        34: "ILLEGAL_SASL_STATE",
        35: "UNSUPPORTED_VERSION",
        36: "TOPIC_ALREADY_EXISTS",
        37: "INVALID_PARTITIONS",
        38: "INVALID_REPLICATION_FACTOR",
        39: "INVALID_REPLICA_ASSIGNMENT",
        40: "INVALID_CONFIG",
        41: "NOT_CONTROLLER",
        42: "INVALID_REQUEST",
        43: "UNSUPPORTED_FOR_MESSAGE_FORMAT",
        44: "POLICY_VIOLATION",
        45: "OUT_OF_ORDER_SEQUENCE_NUMBER",
        46: "DUPLICATE_SEQUENCE_NUMBER",
        47: "INVALID_PRODUCER_EPOCH",
        48: "INVALID_TXN_STATE",
        49: "INVALID_PRODUCER_ID_MAPPING",
        50: "INVALID_TRANSACTION_TIMEOUT",
        51: "CONCURRENT_TRANSACTIONS",
        52: "TRANSACTION_COORDINATOR_FENCED",
        53: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
        54: "SECURITY_DISABLED",
        55: "OPERATION_NOT_ATTEMPTED",
        56: "KAFKA_STORAGE_ERROR",
        57: "LOG_DIR_NOT_FOUND",
        58: "SASL_AUTHENTICATION_FAILED",
        59: "UNKNOWN_PRODUCER_ID",
        60: "REASSIGNMENT_IN_PROGRESS",
        61: "DELEGATION_TOKEN_AUTH_DISABLED",
        62: "DELEGATION_TOKEN_NOT_FOUND",
        63: "DELEGATION_TOKEN_OWNER_MISMATCH",
        64: "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED",
        65: "DELEGATION_TOKEN_AUTHORIZATION_FAILED",
        66: "DELEGATION_TOKEN_EXPIRED",
        67: "INVALID_PRINCIPAL_TYPE",
        68: "NON_EMPTY_GROUP",
        69: "GROUP_ID_NOT_FOUND",
        70: "FETCH_SESSION_ID_NOT_FOUND",
        71: "INVALID_FETCH_SESSION_EPOCH",
        72: "LISTENER_NOT_FOUND",
        73: "TOPIC_DELETION_DISABLED",
        74: "FENCED_LEADER_EPOCH",
        75: "UNKNOWN_LEADER_EPOCH",
        76: "UNSUPPORTED_COMPRESSION_TYPE",
        77: "STALE_BROKER_EPOCH",
        78: "OFFSET_NOT_AVAILABLE",
        79: "MEMBER_ID_REQUIRED",
        80: "PREFERRED_LEADER_NOT_AVAILABLE",
        81: "GROUP_MAX_SIZE_REACHED",
        82: "FENCED_INSTANCE_ID",
        83: "ELIGIBLE_LEADERS_NOT_AVAILABLE",
        84: "ELECTION_NOT_NEEDED",
        85: "NO_REASSIGNMENT_IN_PROGRESS",
        86: "GROUP_SUBSCRIBED_TO_TOPIC",
        87: "INVALID_RECORD",
        88: "UNSTABLE_OFFSET_COMMIT",
        89: "THROTTLING_QUOTA_EXCEEDED",
        90: "PRODUCER_FENCED",
        91: "RESOURCE_NOT_FOUND",
        92: "DUPLICATE_RESOURCE",
        93: "UNACCEPTABLE_CREDENTIAL",
        94: "INCONSISTENT_VOTER_SET",
        95: "INVALID_UPDATE_VERSION",
        96: "FEATURE_UPDATE_FAILED",
        97: "PRINCIPAL_DESERIALIZATION_FAILURE",
        98: "SNAPSHOT_NOT_FOUND",
        99: "POSITION_OUT_OF_RANGE",
        100: "UNKNOWN_TOPIC_ID",
        101: "DUPLICATE_BROKER_REGISTRATION",
        102: "BROKER_ID_NOT_REGISTERED",
        103: "INCONSISTENT_TOPIC_ID",
        104: "INCONSISTENT_CLUSTER_ID",
        105: "TRANSACTIONAL_ID_NOT_FOUND",
        106: "FETCH_SESSION_TOPIC_ID_ERROR",
        107: "INELIGIBLE_REPLICA",
        108: "NEW_LEADER_ELECTED",
        109: "OFFSET_MOVED_TO_TIERED_STORAGE",
        110: "FENCED_MEMBER_EPOCH",
        111: "UNRELEASED_INSTANCE_ID",
        112: "UNSUPPORTED_ASSIGNOR",
        113: "STALE_MEMBER_EPOCH",
        114: "MISMATCHED_ENDPOINT_TYPE",
        115: "UNSUPPORTED_ENDPOINT_TYPE",
        116: "UNKNOWN_CONTROLLER_ID",
        117: "UNKNOWN_SUBSCRIPTION_ID",
        118: "TELEMETRY_TOO_LARGE",
        119: "INVALID_REGISTRATION",
        120: "TRANSACTION_ABORTABLE",
        121: "INVALID_RECORD_STATE",
        122: "SHARE_SESSION_NOT_FOUND",
        123: "INVALID_SHARE_SESSION_EPOCH",
        124: "FENCED_STATE_EPOCH",
        125: "INVALID_VOTER_KEY",
        126: "DUPLICATE_VOTER",
        127: "VOTER_NOT_FOUND",
        128: "INVALID_REGULAR_EXPRESSION",
        129: "REBOOTSTRAP_REQUIRED",
        130: "STREAMS_INVALID_TOPOLOGY",
        131: "STREAMS_INVALID_TOPOLOGY_EPOCH",
        132: "STREAMS_TOPOLOGY_FENCED",
        133: "SHARE_SESSION_LIMIT_REACHED",
    ]

    static let denials: Set<Int16> = [29, 30, 31, 53, 65]
}
