// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/cluster.txt; never edited.

extension MessageText {
    static let cluster = """
        api 3 0 13 9
        request
        0 topics ar 0 13 1 13 - -
        1 topicId i 10 13 - - - -
        1 name s 0 13 10 13 - -
        0 allowAutoTopicCreation o 4 13 - - - -
        0 includeClusterAuthorizedOperations o 8 10 - - - -
        0 includeTopicAuthorizedOperations o 8 13 - - - -
        answer
        0 throttleTimeMs 4 3 13 - - - -
        0 brokers ar 0 13 - - - q
        1 nodeId 4 0 13 - - - N
        1 host s 0 13 - - - H
        1 port 4 0 13 - - - P
        1 rack s 1 13 1 13 - -
        0 clusterId s 2 13 2 13 - -
        0 controllerId 4 1 13 - - - - default=-1
        0 topics ar 0 13 - - - - mirrors=topics
        1 errorCode 2 0 13 - - - e
        1 name s 0 13 12 13 - - key=name
        1 topicId i 10 13 - - - - key=topicId
        1 isInternal o 1 13 - - - -
        1 partitions ar 0 13 - - - q
        2 errorCode 2 0 13 - - - e
        2 partitionIndex 4 0 13 - - - -
        2 leaderId 4 0 13 - - - -
        2 leaderEpoch 4 7 13 - - - - default=-1
        2 replicaNodes a4 0 13 - - - -
        2 isrNodes a4 0 13 - - - -
        2 offlineReplicas a4 5 13 - - - -
        1 topicAuthorizedOperations 4 8 13 - - - - default=-2147483648
        0 clusterAuthorizedOperations 4 8 10 - - - -
        0 errorCode 2 13 13 - - - e
        api 10 0 6 3
        request
        0 key s 0 3 - - - -
        0 keyType 1 1 6 - - - -
        0 coordinatorKeys as 4 6 - - - -
        answer
        0 throttleTimeMs 4 1 6 - - - -
        0 errorCode 2 0 3 - - - e
        0 errorMessage s 1 3 1 3 - -
        0 nodeId 4 0 3 - - - N default=-1
        0 host s 0 3 - - - H
        0 port 4 0 3 - - - P default=-1
        0 coordinators ar 4 6 - - - - mirrors=coordinatorKeys
        1 key s 4 6 - - - - key=key
        1 nodeId 4 4 6 - - - N default=-1
        1 host s 4 6 - - - H
        1 port 4 4 6 - - - P default=-1
        1 errorCode 2 4 6 - - - e
        1 errorMessage s 4 6 4 6 - -
        api 18 0 4 3
        request
        0 clientSoftwareName s 3 4 - - - -
        0 clientSoftwareVersion s 3 4 - - - -
        answer
        0 errorCode 2 0 4 - - - e
        0 apiKeys ar 0 4 - - - q
        1 apiKey 2 0 4 - - - -
        1 minVersion 2 0 4 - - - -
        1 maxVersion 2 0 4 - - - -
        0 throttleTimeMs 4 1 4 - - - -
        0 supportedFeatures ar 3 4 - - 0 q
        1 name s 3 4 - - - -
        1 minVersion 2 3 4 - - - -
        1 maxVersion 2 3 4 - - - -
        0 finalizedFeaturesEpoch 8 3 4 - - 1 - default=-1
        0 finalizedFeatures ar 3 4 - - 2 q
        1 name s 3 4 - - - -
        1 maxVersionLevel 2 3 4 - - - -
        1 minVersionLevel 2 3 4 - - - -
        0 zkMigrationReady o 3 4 - - 3 -
        api 55 0 2 0
        request
        0 topics ar 0 2 - - - -
        1 topicName s 0 2 - - - -
        1 partitions ar 0 2 - - - -
        2 partitionIndex 4 0 2 - - - -
        answer
        0 errorCode 2 0 2 - - - e
        0 errorMessage s 2 2 2 2 - -
        0 topics ar 0 2 - - - - mirrors=topics
        1 topicName s 0 2 - - - - key=topicName
        1 partitions ar 0 2 - - - - mirrors=partitions
        2 partitionIndex 4 0 2 - - - - key=partitionIndex
        2 errorCode 2 0 2 - - - e
        2 errorMessage s 2 2 2 2 - -
        2 leaderId 4 0 2 - - - -
        2 leaderEpoch 4 0 2 - - - -
        2 highWatermark 8 0 2 - - - -
        2 currentVoters ar 0 2 - - - q
        3 replicaId 4 0 2 - - - -
        3 replicaDirectoryId i 2 2 - - - -
        3 logEndOffset 8 0 2 - - - -
        3 lastFetchTimestamp 8 1 2 - - - - default=-1
        3 lastCaughtUpTimestamp 8 1 2 - - - - default=-1
        2 observers ar 0 2 - - - q
        3 replicaId 4 0 2 - - - -
        3 replicaDirectoryId i 2 2 - - - -
        3 logEndOffset 8 0 2 - - - -
        3 lastFetchTimestamp 8 1 2 - - - - default=-1
        3 lastCaughtUpTimestamp 8 1 2 - - - - default=-1
        0 nodes ar 2 2 - - - q
        1 nodeId 4 2 2 - - - -
        1 listeners ar 2 2 - - - -
        2 name s 2 2 - - - -
        2 host s 2 2 - - - -
        2 port u 2 2 - - - -
        api 57 0 2 0
        request
        0 timeoutMs 4 0 2 - - - -
        0 featureUpdates ar 0 2 - - - -
        1 feature s 0 2 - - - -
        1 maxVersionLevel 2 0 2 - - - -
        1 allowDowngrade o 0 0 - - - -
        1 upgradeType 1 1 2 - - - -
        0 validateOnly o 1 2 - - - -
        answer
        0 throttleTimeMs 4 0 2 - - - -
        0 errorCode 2 0 2 - - - e
        0 errorMessage s 0 2 0 2 - -
        0 results ar 0 1 - - - - mirrors=featureUpdates
        1 feature s 0 1 - - - - key=feature
        1 errorCode 2 0 1 - - - e
        1 errorMessage s 0 1 0 1 - -
        api 60 0 2 0
        request
        0 includeClusterAuthorizedOperations o 0 2 - - - -
        0 endpointType 1 1 2 - - - -
        0 includeFencedBrokers o 2 2 - - - -
        answer
        0 throttleTimeMs 4 0 2 - - - -
        0 errorCode 2 0 2 - - - e
        0 errorMessage s 0 2 0 2 - -
        0 endpointType 1 1 2 - - - K default=1
        0 clusterId s 0 2 - - - -
        0 controllerId 4 0 2 - - - - default=-1
        0 brokers ar 0 2 - - - q
        1 brokerId 4 0 2 - - - N
        1 host s 0 2 - - - H
        1 port 4 0 2 - - - P
        1 rack s 0 2 0 2 - -
        1 isFenced o 2 2 - - - -
        0 clusterAuthorizedOperations 4 0 2 - - - - default=-2147483648
        api 64 0 0 0
        request
        0 brokerId 4 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 errorMessage s 0 0 0 0 - -
        api 75 0 0 0
        request
        0 topics ar 0 0 - - - -
        1 name s 0 0 - - - -
        0 responsePartitionLimit 4 0 0 - - - -
        0 cursor r 0 0 0 0 - -
        1 topicName s 0 0 - - - -
        1 partitionIndex 4 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 topics ar 0 0 - - - - mirrors=topics
        1 errorCode 2 0 0 - - - e
        1 name s 0 0 0 0 - - key=name
        1 topicId i 0 0 - - - -
        1 isInternal o 0 0 - - - -
        1 partitions ar 0 0 - - - q
        2 errorCode 2 0 0 - - - e
        2 partitionIndex 4 0 0 - - - -
        2 leaderId 4 0 0 - - - -
        2 leaderEpoch 4 0 0 - - - - default=-1
        2 replicaNodes a4 0 0 - - - -
        2 isrNodes a4 0 0 - - - -
        2 eligibleLeaderReplicas a4 0 0 0 0 - -
        2 lastKnownElr a4 0 0 0 0 - -
        2 offlineReplicas a4 0 0 - - - -
        1 topicAuthorizedOperations 4 0 0 - - - - default=-2147483648
        0 nextCursor r 0 0 0 0 - -
        1 topicName s 0 0 - - - -
        1 partitionIndex 4 0 0 - - - -
        api 80 0 1 0
        request
        0 clusterId s 0 1 0 1 - -
        0 timeoutMs 4 0 1 - - - -
        0 voterId 4 0 1 - - - -
        0 voterDirectoryId i 0 1 - - - -
        0 listeners ar 0 1 - - - -
        1 name s 0 1 - - - -
        1 host s 0 1 - - - -
        1 port u 0 1 - - - -
        0 ackWhenCommitted o 1 1 - - - -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 errorCode 2 0 1 - - - e
        0 errorMessage s 0 1 0 1 - -
        api 81 0 0 0
        request
        0 clusterId s 0 0 0 0 - -
        0 voterId 4 0 0 - - - -
        0 voterDirectoryId i 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 errorMessage s 0 0 0 0 - -
        """
}
