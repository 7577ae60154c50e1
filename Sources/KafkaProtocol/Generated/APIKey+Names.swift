// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages; never edited.

extension APIKey {
    package static let produce = APIKey(rawValue: 0)
    package static let fetch = APIKey(rawValue: 1)
    package static let listOffsets = APIKey(rawValue: 2)
    package static let metadata = APIKey(rawValue: 3)
    package static let leaderAndIsr = APIKey(rawValue: 4)
    package static let stopReplica = APIKey(rawValue: 5)
    package static let updateMetadata = APIKey(rawValue: 6)
    package static let controlledShutdown = APIKey(rawValue: 7)
    package static let offsetCommit = APIKey(rawValue: 8)
    package static let offsetFetch = APIKey(rawValue: 9)
    package static let findCoordinator = APIKey(rawValue: 10)
    package static let joinGroup = APIKey(rawValue: 11)
    package static let heartbeat = APIKey(rawValue: 12)
    package static let leaveGroup = APIKey(rawValue: 13)
    package static let syncGroup = APIKey(rawValue: 14)
    package static let describeGroups = APIKey(rawValue: 15)
    package static let listGroups = APIKey(rawValue: 16)
    package static let saslHandshake = APIKey(rawValue: 17)
    package static let apiVersions = APIKey(rawValue: 18)
    package static let createTopics = APIKey(rawValue: 19)
    package static let deleteTopics = APIKey(rawValue: 20)
    package static let deleteRecords = APIKey(rawValue: 21)
    package static let initProducerId = APIKey(rawValue: 22)
    package static let offsetForLeaderEpoch = APIKey(rawValue: 23)
    package static let addPartitionsToTxn = APIKey(rawValue: 24)
    package static let addOffsetsToTxn = APIKey(rawValue: 25)
    package static let endTxn = APIKey(rawValue: 26)
    package static let writeTxnMarkers = APIKey(rawValue: 27)
    package static let txnOffsetCommit = APIKey(rawValue: 28)
    package static let describeAcls = APIKey(rawValue: 29)
    package static let createAcls = APIKey(rawValue: 30)
    package static let deleteAcls = APIKey(rawValue: 31)
    package static let describeConfigs = APIKey(rawValue: 32)
    package static let alterConfigs = APIKey(rawValue: 33)
    package static let alterReplicaLogDirs = APIKey(rawValue: 34)
    package static let describeLogDirs = APIKey(rawValue: 35)
    package static let saslAuthenticate = APIKey(rawValue: 36)
    package static let createPartitions = APIKey(rawValue: 37)
    package static let createDelegationToken = APIKey(rawValue: 38)
    package static let renewDelegationToken = APIKey(rawValue: 39)
    package static let expireDelegationToken = APIKey(rawValue: 40)
    package static let describeDelegationToken = APIKey(rawValue: 41)
    package static let deleteGroups = APIKey(rawValue: 42)
    package static let electLeaders = APIKey(rawValue: 43)
    package static let incrementalAlterConfigs = APIKey(rawValue: 44)
    package static let alterPartitionReassignments = APIKey(rawValue: 45)
    package static let listPartitionReassignments = APIKey(rawValue: 46)
    package static let offsetDelete = APIKey(rawValue: 47)
    package static let describeClientQuotas = APIKey(rawValue: 48)
    package static let alterClientQuotas = APIKey(rawValue: 49)
    package static let describeUserScramCredentials = APIKey(rawValue: 50)
    package static let alterUserScramCredentials = APIKey(rawValue: 51)
    package static let vote = APIKey(rawValue: 52)
    package static let beginQuorumEpoch = APIKey(rawValue: 53)
    package static let endQuorumEpoch = APIKey(rawValue: 54)
    package static let describeQuorum = APIKey(rawValue: 55)
    package static let alterPartition = APIKey(rawValue: 56)
    package static let updateFeatures = APIKey(rawValue: 57)
    package static let envelope = APIKey(rawValue: 58)
    package static let fetchSnapshot = APIKey(rawValue: 59)
    package static let describeCluster = APIKey(rawValue: 60)
    package static let describeProducers = APIKey(rawValue: 61)
    package static let brokerRegistration = APIKey(rawValue: 62)
    package static let brokerHeartbeat = APIKey(rawValue: 63)
    package static let unregisterBroker = APIKey(rawValue: 64)
    package static let describeTransactions = APIKey(rawValue: 65)
    package static let listTransactions = APIKey(rawValue: 66)
    package static let allocateProducerIds = APIKey(rawValue: 67)
    package static let consumerGroupHeartbeat = APIKey(rawValue: 68)
    package static let consumerGroupDescribe = APIKey(rawValue: 69)
    package static let controllerRegistration = APIKey(rawValue: 70)
    package static let getTelemetrySubscriptions = APIKey(rawValue: 71)
    package static let pushTelemetry = APIKey(rawValue: 72)
    package static let assignReplicasToDirs = APIKey(rawValue: 73)
    package static let listConfigResources = APIKey(rawValue: 74)
    package static let describeTopicPartitions = APIKey(rawValue: 75)
    package static let shareGroupHeartbeat = APIKey(rawValue: 76)
    package static let shareGroupDescribe = APIKey(rawValue: 77)
    package static let shareFetch = APIKey(rawValue: 78)
    package static let shareAcknowledge = APIKey(rawValue: 79)
    package static let addRaftVoter = APIKey(rawValue: 80)
    package static let removeRaftVoter = APIKey(rawValue: 81)
    package static let updateRaftVoter = APIKey(rawValue: 82)
    package static let initializeShareGroupState = APIKey(rawValue: 83)
    package static let readShareGroupState = APIKey(rawValue: 84)
    package static let writeShareGroupState = APIKey(rawValue: 85)
    package static let deleteShareGroupState = APIKey(rawValue: 86)
    package static let readShareGroupStateSummary = APIKey(rawValue: 87)
    package static let streamsGroupHeartbeat = APIKey(rawValue: 88)
    package static let streamsGroupDescribe = APIKey(rawValue: 89)
    package static let describeShareGroupOffsets = APIKey(rawValue: 90)
    package static let alterShareGroupOffsets = APIKey(rawValue: 91)
    package static let deleteShareGroupOffsets = APIKey(rawValue: 92)

    static let names: [Int16: String] = [
        0: "Produce",
        1: "Fetch",
        2: "ListOffsets",
        3: "Metadata",
        4: "LeaderAndIsr",
        5: "StopReplica",
        6: "UpdateMetadata",
        7: "ControlledShutdown",
        8: "OffsetCommit",
        9: "OffsetFetch",
        10: "FindCoordinator",
        11: "JoinGroup",
        12: "Heartbeat",
        13: "LeaveGroup",
        14: "SyncGroup",
        15: "DescribeGroups",
        16: "ListGroups",
        17: "SaslHandshake",
        18: "ApiVersions",
        19: "CreateTopics",
        20: "DeleteTopics",
        21: "DeleteRecords",
        22: "InitProducerId",
        23: "OffsetForLeaderEpoch",
        24: "AddPartitionsToTxn",
        25: "AddOffsetsToTxn",
        26: "EndTxn",
        27: "WriteTxnMarkers",
        28: "TxnOffsetCommit",
        29: "DescribeAcls",
        30: "CreateAcls",
        31: "DeleteAcls",
        32: "DescribeConfigs",
        33: "AlterConfigs",
        34: "AlterReplicaLogDirs",
        35: "DescribeLogDirs",
        36: "SaslAuthenticate",
        37: "CreatePartitions",
        38: "CreateDelegationToken",
        39: "RenewDelegationToken",
        40: "ExpireDelegationToken",
        41: "DescribeDelegationToken",
        42: "DeleteGroups",
        43: "ElectLeaders",
        44: "IncrementalAlterConfigs",
        45: "AlterPartitionReassignments",
        46: "ListPartitionReassignments",
        47: "OffsetDelete",
        48: "DescribeClientQuotas",
        49: "AlterClientQuotas",
        50: "DescribeUserScramCredentials",
        51: "AlterUserScramCredentials",
        52: "Vote",
        53: "BeginQuorumEpoch",
        54: "EndQuorumEpoch",
        55: "DescribeQuorum",
        56: "AlterPartition",
        57: "UpdateFeatures",
        58: "Envelope",
        59: "FetchSnapshot",
        60: "DescribeCluster",
        61: "DescribeProducers",
        62: "BrokerRegistration",
        63: "BrokerHeartbeat",
        64: "UnregisterBroker",
        65: "DescribeTransactions",
        66: "ListTransactions",
        67: "AllocateProducerIds",
        68: "ConsumerGroupHeartbeat",
        69: "ConsumerGroupDescribe",
        70: "ControllerRegistration",
        71: "GetTelemetrySubscriptions",
        72: "PushTelemetry",
        73: "AssignReplicasToDirs",
        74: "ListConfigResources",
        75: "DescribeTopicPartitions",
        76: "ShareGroupHeartbeat",
        77: "ShareGroupDescribe",
        78: "ShareFetch",
        79: "ShareAcknowledge",
        80: "AddRaftVoter",
        81: "RemoveRaftVoter",
        82: "UpdateRaftVoter",
        83: "InitializeShareGroupState",
        84: "ReadShareGroupState",
        85: "WriteShareGroupState",
        86: "DeleteShareGroupState",
        87: "ReadShareGroupStateSummary",
        88: "StreamsGroupHeartbeat",
        89: "StreamsGroupDescribe",
        90: "DescribeShareGroupOffsets",
        91: "AlterShareGroupOffsets",
        92: "DeleteShareGroupOffsets",
    ]
}
