// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/brokers.txt; never edited.

extension MessageText {
    static let brokers = """
        api 4 0 7 4
        request
        0 controllerId 4 0 7 - - - -
        0 isKRaftController o 7 7 - - - -
        0 controllerEpoch 4 0 7 - - - -
        0 brokerEpoch 8 2 7 - - - -
        0 type 1 5 7 - - - -
        0 ungroupedPartitionStates ar 0 1 - - - q
        1 topicName s 0 1 - - - -
        1 partitionIndex 4 0 1 - - - -
        1 controllerEpoch 4 0 1 - - - -
        1 leader 4 0 1 - - - -
        1 leaderEpoch 4 0 1 - - - -
        1 isr a4 0 1 - - - -
        1 partitionEpoch 4 0 1 - - - -
        1 replicas a4 0 1 - - - -
        1 isNew o 1 1 - - - -
        0 topicStates ar 2 7 - - - q
        1 topicName s 2 7 - - - -
        1 topicId i 5 7 - - - -
        1 partitionStates ar 2 7 - - - -
        2 partitionIndex 4 2 7 - - - -
        2 controllerEpoch 4 2 7 - - - -
        2 leader 4 2 7 - - - -
        2 leaderEpoch 4 2 7 - - - -
        2 isr a4 2 7 - - - -
        2 partitionEpoch 4 2 7 - - - -
        2 replicas a4 2 7 - - - -
        2 addingReplicas a4 3 7 - - - -
        2 removingReplicas a4 3 7 - - - -
        2 isNew o 2 7 - - - -
        2 leaderRecoveryState 1 6 7 - - - -
        0 liveLeaders ar 0 7 - - - q
        1 brokerId 4 0 7 - - - -
        1 hostName s 0 7 - - - -
        1 port 4 0 7 - - - -
        answer
        0 errorCode 2 0 7 - - - e
        0 partitionErrors ar 0 4 - - - q
        1 topicName s 0 4 - - - -
        1 partitionIndex 4 0 4 - - - -
        1 errorCode 2 0 4 - - - e
        0 topics ar 5 7 - - - q
        1 topicId i 5 7 - - - -
        1 partitionErrors ar 5 7 - - - -
        2 partitionIndex 4 5 7 - - - -
        2 errorCode 2 5 7 - - - e
        api 5 0 4 2
        request
        0 controllerId 4 0 4 - - - -
        0 isKRaftController o 4 4 - - - -
        0 controllerEpoch 4 0 4 - - - -
        0 brokerEpoch 8 1 4 - - - -
        0 deletePartitions o 0 2 - - - -
        0 ungroupedPartitions ar 0 0 - - - q
        1 topicName s 0 0 - - - -
        1 partitionIndex 4 0 0 - - - -
        0 topics ar 1 2 - - - q
        1 name s 1 2 - - - -
        1 partitionIndexes a4 1 2 - - - -
        0 topicStates ar 3 4 - - - q
        1 topicName s 3 4 - - - -
        1 partitionStates ar 3 4 - - - -
        2 partitionIndex 4 3 4 - - - -
        2 leaderEpoch 4 3 4 - - - -
        2 deletePartition o 3 4 - - - -
        answer
        0 errorCode 2 0 4 - - - e
        0 partitionErrors ar 0 4 - - - q
        1 topicName s 0 4 - - - -
        1 partitionIndex 4 0 4 - - - -
        1 errorCode 2 0 4 - - - e
        api 6 0 8 6
        request
        0 controllerId 4 0 8 - - - -
        0 isKRaftController o 8 8 - - - -
        0 type 1 8 8 - - 0 -
        0 controllerEpoch 4 0 8 - - - -
        0 brokerEpoch 8 5 8 - - - -
        0 ungroupedPartitionStates ar 0 4 - - - q
        1 topicName s 0 4 - - - -
        1 partitionIndex 4 0 4 - - - -
        1 controllerEpoch 4 0 4 - - - -
        1 leader 4 0 4 - - - -
        1 leaderEpoch 4 0 4 - - - -
        1 isr a4 0 4 - - - -
        1 zkVersion 4 0 4 - - - -
        1 replicas a4 0 4 - - - -
        1 offlineReplicas a4 4 4 - - - -
        0 topicStates ar 5 8 - - - q
        1 topicName s 5 8 - - - -
        1 topicId i 7 8 - - - -
        1 partitionStates ar 5 8 - - - -
        2 partitionIndex 4 5 8 - - - -
        2 controllerEpoch 4 5 8 - - - -
        2 leader 4 5 8 - - - -
        2 leaderEpoch 4 5 8 - - - -
        2 isr a4 5 8 - - - -
        2 zkVersion 4 5 8 - - - -
        2 replicas a4 5 8 - - - -
        2 offlineReplicas a4 5 8 - - - -
        0 liveBrokers ar 0 8 - - - q
        1 id 4 0 8 - - - -
        1 v0Host s 0 0 - - - -
        1 v0Port 4 0 0 - - - -
        1 endpoints ar 1 8 - - - -
        2 port 4 1 8 - - - -
        2 host s 1 8 - - - -
        2 listener s 3 8 - - - -
        2 securityProtocol 2 1 8 - - - -
        1 rack s 2 8 2 8 - -
        answer
        0 errorCode 2 0 8 - - - e
        api 7 0 3 3
        request
        0 brokerId 4 0 3 - - - -
        0 brokerEpoch 8 2 3 - - - -
        answer
        0 errorCode 2 0 3 - - - e
        0 remainingPartitions ar 0 3 - - - q
        1 topicName s 0 3 - - - -
        1 partitionIndex 4 0 3 - - - -
        api 52 0 2 0
        request
        0 clusterId s 0 2 0 2 - -
        0 voterId 4 1 2 - - - -
        0 topics ar 0 2 - - - q
        1 topicName s 0 2 - - - -
        1 partitions ar 0 2 - - - -
        2 partitionIndex 4 0 2 - - - -
        2 replicaEpoch 4 0 2 - - - -
        2 replicaId 4 0 2 - - - -
        2 replicaDirectoryId i 1 2 - - - -
        2 voterDirectoryId i 1 2 - - - -
        2 lastOffsetEpoch 4 0 2 - - - -
        2 lastOffset 8 0 2 - - - -
        2 preVote o 2 2 - - - -
        answer
        0 errorCode 2 0 2 - - - e
        0 topics ar 0 2 - - - q
        1 topicName s 0 2 - - - -
        1 partitions ar 0 2 - - - -
        2 partitionIndex 4 0 2 - - - -
        2 errorCode 2 0 2 - - - e
        2 leaderId 4 0 2 - - - -
        2 leaderEpoch 4 0 2 - - - -
        2 voteGranted o 0 2 - - - -
        0 nodeEndpoints ar 1 2 - - 0 q
        1 nodeId 4 1 2 - - - -
        1 host s 1 2 - - - -
        1 port u 1 2 - - - -
        api 53 0 1 1
        request
        0 clusterId s 0 1 0 1 - -
        0 voterId 4 1 1 - - - -
        0 topics ar 0 1 - - - q
        1 topicName s 0 1 - - - -
        1 partitions ar 0 1 - - - -
        2 partitionIndex 4 0 1 - - - -
        2 voterDirectoryId i 1 1 - - - -
        2 leaderId 4 0 1 - - - -
        2 leaderEpoch 4 0 1 - - - -
        0 leaderEndpoints ar 1 1 - - - q
        1 name s 1 1 - - - -
        1 host s 1 1 - - - -
        1 port u 1 1 - - - -
        answer
        0 errorCode 2 0 1 - - - e
        0 topics ar 0 1 - - - q
        1 topicName s 0 1 - - - -
        1 partitions ar 0 1 - - - -
        2 partitionIndex 4 0 1 - - - -
        2 errorCode 2 0 1 - - - e
        2 leaderId 4 0 1 - - - -
        2 leaderEpoch 4 0 1 - - - -
        0 nodeEndpoints ar 1 1 - - 0 q
        1 nodeId 4 1 1 - - - -
        1 host s 1 1 - - - -
        1 port u 1 1 - - - -
        api 54 0 1 1
        request
        0 clusterId s 0 1 0 1 - -
        0 topics ar 0 1 - - - q
        1 topicName s 0 1 - - - -
        1 partitions ar 0 1 - - - -
        2 partitionIndex 4 0 1 - - - -
        2 leaderId 4 0 1 - - - -
        2 leaderEpoch 4 0 1 - - - -
        2 preferredSuccessors a4 0 0 - - - -
        2 preferredCandidates ar 1 1 - - - -
        3 candidateId 4 1 1 - - - -
        3 candidateDirectoryId i 1 1 - - - -
        0 leaderEndpoints ar 1 1 - - - q
        1 name s 1 1 - - - -
        1 host s 1 1 - - - -
        1 port u 1 1 - - - -
        answer
        0 errorCode 2 0 1 - - - e
        0 topics ar 0 1 - - - q
        1 topicName s 0 1 - - - -
        1 partitions ar 0 1 - - - -
        2 partitionIndex 4 0 1 - - - -
        2 errorCode 2 0 1 - - - e
        2 leaderId 4 0 1 - - - -
        2 leaderEpoch 4 0 1 - - - -
        0 nodeEndpoints ar 1 1 - - 0 q
        1 nodeId 4 1 1 - - - -
        1 host s 1 1 - - - -
        1 port u 1 1 - - - -
        api 56 0 3 0
        request
        0 brokerId 4 0 3 - - - -
        0 brokerEpoch 8 0 3 - - - -
        0 topics ar 0 3 - - - q
        1 topicName s 0 1 - - - -
        1 topicId i 2 3 - - - -
        1 partitions ar 0 3 - - - -
        2 partitionIndex 4 0 3 - - - -
        2 leaderEpoch 4 0 3 - - - -
        2 newIsr a4 0 2 - - - -
        2 newIsrWithEpochs ar 3 3 - - - -
        3 brokerId 4 3 3 - - - -
        3 brokerEpoch 8 3 3 - - - -
        2 leaderRecoveryState 1 1 3 - - - -
        2 partitionEpoch 4 0 3 - - - -
        answer
        0 throttleTimeMs 4 0 3 - - - -
        0 errorCode 2 0 3 - - - e
        0 topics ar 0 3 - - - q
        1 topicName s 0 1 - - - -
        1 topicId i 2 3 - - - -
        1 partitions ar 0 3 - - - -
        2 partitionIndex 4 0 3 - - - -
        2 errorCode 2 0 3 - - - e
        2 leaderId 4 0 3 - - - -
        2 leaderEpoch 4 0 3 - - - -
        2 isr a4 0 3 - - - -
        2 leaderRecoveryState 1 1 3 - - - -
        2 partitionEpoch 4 0 3 - - - -
        api 58 0 0 0
        request
        0 requestData b 0 0 - - - s
        0 requestPrincipal b 0 0 0 0 - s
        0 clientHostAddress b 0 0 - - - -
        answer
        0 responseData b 0 0 0 0 - s
        0 errorCode 2 0 0 - - - e
        api 59 0 1 0
        request
        0 clusterId s 0 1 0 1 0 -
        0 replicaId 4 0 1 - - - -
        0 maxBytes 4 0 1 - - - -
        0 topics ar 0 1 - - - q
        1 name s 0 1 - - - -
        1 partitions ar 0 1 - - - -
        2 partition 4 0 1 - - - -
        2 currentLeaderEpoch 4 0 1 - - - -
        2 snapshotId r 0 1 - - - -
        3 endOffset 8 0 1 - - - -
        3 epoch 4 0 1 - - - -
        2 position 8 0 1 - - - -
        2 replicaDirectoryId i 1 1 - - 0 -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 errorCode 2 0 1 - - - e
        0 topics ar 0 1 - - - q
        1 name s 0 1 - - - -
        1 partitions ar 0 1 - - - -
        2 index 4 0 1 - - - -
        2 errorCode 2 0 1 - - - e
        2 snapshotId r 0 1 - - - -
        3 endOffset 8 0 1 - - - -
        3 epoch 4 0 1 - - - -
        2 currentLeader r 0 1 - - 0 -
        3 leaderId 4 0 1 - - - -
        3 leaderEpoch 4 0 1 - - - -
        2 size 8 0 1 - - - -
        2 position 8 0 1 - - - -
        2 unalignedRecords b 0 1 - - - -
        0 nodeEndpoints ar 1 1 - - 0 q
        1 nodeId 4 1 1 - - - -
        1 host s 1 1 - - - -
        1 port u 1 1 - - - -
        api 62 0 4 0
        request
        0 brokerId 4 0 4 - - - -
        0 clusterId s 0 4 - - - -
        0 incarnationId i 0 4 - - - -
        0 listeners ar 0 4 - - - -
        1 name s 0 4 - - - -
        1 host s 0 4 - - - -
        1 port u 0 4 - - - -
        1 securityProtocol 2 0 4 - - - -
        0 features ar 0 4 - - - q
        1 name s 0 4 - - - -
        1 minSupportedVersion 2 0 4 - - - -
        1 maxSupportedVersion 2 0 4 - - - -
        0 rack s 0 4 0 4 - -
        0 isMigratingZkBroker o 1 4 - - - -
        0 logDirs ai 2 4 - - - q
        0 previousBrokerEpoch 8 3 4 - - - -
        answer
        0 throttleTimeMs 4 0 4 - - - -
        0 errorCode 2 0 4 - - - e
        0 brokerEpoch 8 0 4 - - - - default=-1
        api 63 0 2 0
        request
        0 brokerId 4 0 2 - - - -
        0 brokerEpoch 8 0 2 - - - -
        0 currentMetadataOffset 8 0 2 - - - -
        0 wantFence o 0 2 - - - -
        0 wantShutDown o 0 2 - - - -
        0 offlineLogDirs ai 1 2 - - 0 q
        0 cordonedLogDirs ai 2 2 2 2 1 q
        answer
        0 throttleTimeMs 4 0 2 - - - -
        0 errorCode 2 0 2 - - - e
        0 isCaughtUp o 0 2 - - - -
        0 isFenced o 0 2 - - - - default=1
        0 shouldShutDown o 0 2 - - - -
        api 67 0 0 0
        request
        0 brokerId 4 0 0 - - - -
        0 brokerEpoch 8 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 producerIdStart 8 0 0 - - - -
        0 producerIdLen 4 0 0 - - - -
        api 70 0 0 0
        request
        0 controllerId 4 0 0 - - - -
        0 incarnationId i 0 0 - - - -
        0 zkMigrationReady o 0 0 - - - -
        0 listeners ar 0 0 - - - -
        1 name s 0 0 - - - -
        1 host s 0 0 - - - -
        1 port u 0 0 - - - -
        1 securityProtocol 2 0 0 - - - -
        0 features ar 0 0 - - - q
        1 name s 0 0 - - - -
        1 minSupportedVersion 2 0 0 - - - -
        1 maxSupportedVersion 2 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 errorMessage s 0 0 0 0 - -
        api 73 0 0 0
        request
        0 brokerId 4 0 0 - - - -
        0 brokerEpoch 8 0 0 - - - -
        0 directories ar 0 0 - - - q
        1 id i 0 0 - - - -
        1 topics ar 0 0 - - - -
        2 topicId i 0 0 - - - -
        2 partitions ar 0 0 - - - -
        3 partitionIndex 4 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 directories ar 0 0 - - - q
        1 id i 0 0 - - - -
        1 topics ar 0 0 - - - -
        2 topicId i 0 0 - - - -
        2 partitions ar 0 0 - - - -
        3 partitionIndex 4 0 0 - - - -
        3 errorCode 2 0 0 - - - e
        api 82 0 0 0
        request
        0 clusterId s 0 0 0 0 - -
        0 currentLeaderEpoch 4 0 0 - - - -
        0 voterId 4 0 0 - - - -
        0 voterDirectoryId i 0 0 - - - -
        0 listeners ar 0 0 - - - -
        1 name s 0 0 - - - -
        1 host s 0 0 - - - -
        1 port u 0 0 - - - -
        0 kRaftVersionFeature r 0 0 - - - -
        1 minSupportedVersion 2 0 0 - - - -
        1 maxSupportedVersion 2 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 currentLeader r 0 0 - - 0 -
        1 leaderId 4 0 0 - - - - default=-1
        1 leaderEpoch 4 0 0 - - - - default=-1
        1 host s 0 0 - - - -
        1 port 4 0 0 - - - -
        """
}
