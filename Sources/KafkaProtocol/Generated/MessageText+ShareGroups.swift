// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/share-groups.txt; never edited.

extension MessageText {
    static let shareGroups = """
        api 76 1 1 0
        request
        0 groupId s 1 1 - - - -
        0 memberId s 1 1 - - - -
        0 memberEpoch 4 1 1 - - - -
        0 rackId s 1 1 1 1 - -
        0 subscribedTopicNames as 1 1 1 1 - -
        answer
        0 throttleTimeMs 4 1 1 - - - -
        0 errorCode 2 1 1 - - - e
        0 errorMessage s 1 1 1 1 - -
        0 memberId s 1 1 1 1 - -
        0 memberEpoch 4 1 1 - - - -
        0 heartbeatIntervalMs 4 1 1 - - - -
        0 assignment r 1 1 1 1 - q
        1 topicPartitions ar 1 1 - - - -
        2 topicId i 1 1 - - - -
        2 partitions a4 1 1 - - - -
        api 77 1 1 0
        request
        0 groupIds as 1 1 - - - -
        0 includeAuthorizedOperations o 1 1 - - - -
        answer
        0 throttleTimeMs 4 1 1 - - - -
        0 groups ar 1 1 - - - - mirrors=groupIds
        1 errorCode 2 1 1 - - - e
        1 errorMessage s 1 1 1 1 - -
        1 groupId s 1 1 - - - - key=groupId
        1 groupState s 1 1 - - - -
        1 groupEpoch 4 1 1 - - - -
        1 assignmentEpoch 4 1 1 - - - -
        1 assignorName s 1 1 - - - -
        1 members ar 1 1 - - - q
        2 memberId s 1 1 - - - -
        2 rackId s 1 1 1 1 - -
        2 memberEpoch 4 1 1 - - - -
        2 clientId s 1 1 - - - -
        2 clientHost s 1 1 - - - -
        2 subscribedTopicNames as 1 1 - - - -
        2 assignment r 1 1 - - - -
        3 topicPartitions ar 1 1 - - - -
        4 topicId i 1 1 - - - -
        4 topicName s 1 1 - - - -
        4 partitions a4 1 1 - - - -
        1 authorizedOperations 4 1 1 - - - - default=-2147483648
        api 78 1 2 0
        request
        0 groupId s 1 2 1 2 - -
        0 memberId s 1 2 1 2 - -
        0 shareSessionEpoch 4 1 2 - - - -
        0 maxWaitMs 4 1 2 - - - -
        0 minBytes 4 1 2 - - - -
        0 maxBytes 4 1 2 - - - -
        0 maxRecords 4 1 2 - - - -
        0 batchSize 4 1 2 - - - -
        0 shareAcquireMode 1 2 2 - - - -
        0 isRenewAck o 2 2 - - - -
        0 topics ar 1 2 - - - -
        1 topicId i 1 2 - - - -
        1 partitions ar 1 2 - - - -
        2 partitionIndex 4 1 2 - - - -
        2 acknowledgementBatches ar 1 2 - - - q
        3 firstOffset 8 1 2 - - - -
        3 lastOffset 8 1 2 - - - -
        3 acknowledgeTypes a1 1 2 - - - -
        0 forgottenTopicsData ar 1 2 - - - -
        1 topicId i 1 2 - - - -
        1 partitions a4 1 2 - - - q
        answer
        0 throttleTimeMs 4 1 2 - - - -
        0 errorCode 2 1 2 - - - e
        0 errorMessage s 1 2 1 2 - -
        0 acquisitionLockTimeoutMs 4 1 2 - - - -
        0 responses ar 1 2 - - - - mirrors=topics
        1 topicId i 1 2 - - - - key=topicId
        1 partitions ar 1 2 - - - - mirrors=partitions
        2 partitionIndex 4 1 2 - - - - key=partitionIndex
        2 errorCode 2 1 2 - - - e
        2 errorMessage s 1 2 1 2 - -
        2 acknowledgeErrorCode 2 1 2 - - - e
        2 acknowledgeErrorMessage s 1 2 1 2 - -
        2 currentLeader r 1 2 - - - q
        3 leaderId 4 1 2 - - - -
        3 leaderEpoch 4 1 2 - - - -
        2 records b 1 2 - - - -
        2 acquiredRecords ar 1 2 - - - q
        3 firstOffset 8 1 2 - - - -
        3 lastOffset 8 1 2 - - - -
        3 deliveryCount 2 1 2 - - - -
        0 nodeEndpoints ar 1 2 - - - qd
        1 nodeId 4 1 2 - - - N
        1 host s 1 2 - - - H
        1 port 4 1 2 - - - P
        1 rack s 1 2 1 2 - -
        api 79 1 2 0
        request
        0 groupId s 1 2 1 2 - -
        0 memberId s 1 2 1 2 - -
        0 shareSessionEpoch 4 1 2 - - - -
        0 isRenewAck o 2 2 - - - -
        0 topics ar 1 2 - - - -
        1 topicId i 1 2 - - - -
        1 partitions ar 1 2 - - - -
        2 partitionIndex 4 1 2 - - - -
        2 acknowledgementBatches ar 1 2 - - - q
        3 firstOffset 8 1 2 - - - -
        3 lastOffset 8 1 2 - - - -
        3 acknowledgeTypes a1 1 2 - - - -
        answer
        0 throttleTimeMs 4 1 2 - - - -
        0 errorCode 2 1 2 - - - e
        0 errorMessage s 1 2 1 2 - -
        0 acquisitionLockTimeoutMs 4 2 2 - - - -
        0 responses ar 1 2 - - - - mirrors=topics
        1 topicId i 1 2 - - - - key=topicId
        1 partitions ar 1 2 - - - - mirrors=partitions
        2 partitionIndex 4 1 2 - - - - key=partitionIndex
        2 errorCode 2 1 2 - - - e
        2 errorMessage s 1 2 1 2 - -
        2 currentLeader r 1 2 - - - q
        3 leaderId 4 1 2 - - - -
        3 leaderEpoch 4 1 2 - - - -
        0 nodeEndpoints ar 1 2 - - - qd
        1 nodeId 4 1 2 - - - N
        1 host s 1 2 - - - H
        1 port 4 1 2 - - - P
        1 rack s 1 2 1 2 - -
        api 83 0 0 0
        request
        0 groupId s 0 0 - - - -
        0 topics ar 0 0 - - - -
        1 topicId i 0 0 - - - -
        1 partitions ar 0 0 - - - -
        2 partition 4 0 0 - - - -
        2 stateEpoch 4 0 0 - - - -
        2 startOffset 8 0 0 - - - -
        answer
        0 results ar 0 0 - - - - mirrors=topics
        1 topicId i 0 0 - - - - key=topicId
        1 partitions ar 0 0 - - - - mirrors=partitions
        2 partition 4 0 0 - - - - key=partition
        2 errorCode 2 0 0 - - - e
        2 errorMessage s 0 0 0 0 - -
        api 84 0 0 0
        request
        0 groupId s 0 0 - - - -
        0 topics ar 0 0 - - - -
        1 topicId i 0 0 - - - -
        1 partitions ar 0 0 - - - -
        2 partition 4 0 0 - - - -
        2 leaderEpoch 4 0 0 - - - -
        answer
        0 results ar 0 0 - - - - mirrors=topics
        1 topicId i 0 0 - - - - key=topicId
        1 partitions ar 0 0 - - - - mirrors=partitions
        2 partition 4 0 0 - - - - key=partition
        2 errorCode 2 0 0 - - - e
        2 errorMessage s 0 0 0 0 - -
        2 stateEpoch 4 0 0 - - - -
        2 startOffset 8 0 0 - - - -
        2 stateBatches ar 0 0 - - - q
        3 firstOffset 8 0 0 - - - -
        3 lastOffset 8 0 0 - - - -
        3 deliveryState 1 0 0 - - - -
        3 deliveryCount 2 0 0 - - - -
        api 85 0 1 0
        request
        0 groupId s 0 1 - - - -
        0 topics ar 0 1 - - - -
        1 topicId i 0 1 - - - -
        1 partitions ar 0 1 - - - -
        2 partition 4 0 1 - - - -
        2 stateEpoch 4 0 1 - - - -
        2 leaderEpoch 4 0 1 - - - -
        2 startOffset 8 0 1 - - - -
        2 deliveryCompleteCount 4 1 1 - - - -
        2 stateBatches ar 0 1 - - - q
        3 firstOffset 8 0 1 - - - -
        3 lastOffset 8 0 1 - - - -
        3 deliveryState 1 0 1 - - - -
        3 deliveryCount 2 0 1 - - - -
        answer
        0 results ar 0 1 - - - - mirrors=topics
        1 topicId i 0 1 - - - - key=topicId
        1 partitions ar 0 1 - - - - mirrors=partitions
        2 partition 4 0 1 - - - - key=partition
        2 errorCode 2 0 1 - - - e
        2 errorMessage s 0 1 0 1 - -
        api 86 0 0 0
        request
        0 groupId s 0 0 - - - -
        0 topics ar 0 0 - - - -
        1 topicId i 0 0 - - - -
        1 partitions ar 0 0 - - - -
        2 partition 4 0 0 - - - -
        answer
        0 results ar 0 0 - - - - mirrors=topics
        1 topicId i 0 0 - - - - key=topicId
        1 partitions ar 0 0 - - - - mirrors=partitions
        2 partition 4 0 0 - - - - key=partition
        2 errorCode 2 0 0 - - - e
        2 errorMessage s 0 0 0 0 - -
        api 87 0 1 0
        request
        0 groupId s 0 1 - - - -
        0 topics ar 0 1 - - - -
        1 topicId i 0 1 - - - -
        1 partitions ar 0 1 - - - -
        2 partition 4 0 1 - - - -
        2 leaderEpoch 4 0 1 - - - -
        answer
        0 results ar 0 1 - - - - mirrors=topics
        1 topicId i 0 1 - - - - key=topicId
        1 partitions ar 0 1 - - - - mirrors=partitions
        2 partition 4 0 1 - - - - key=partition
        2 errorCode 2 0 1 - - - e
        2 errorMessage s 0 1 0 1 - -
        2 stateEpoch 4 0 1 - - - -
        2 leaderEpoch 4 0 1 - - - -
        2 startOffset 8 0 1 - - - -
        2 deliveryCompleteCount 4 1 1 - - - - default=-1
        api 90 0 1 0
        request
        0 groups ar 0 1 - - - -
        1 groupId s 0 1 - - - -
        1 topics ar 0 1 0 1 - -
        2 topicName s 0 1 - - - -
        2 partitions a4 0 1 - - - -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 groups ar 0 1 - - - - mirrors=groups
        1 groupId s 0 1 - - - - key=groupId
        1 topics ar 0 1 - - - - mirrors=topics
        2 topicName s 0 1 - - - - key=topicName
        2 topicId i 0 1 - - - -
        2 partitions ar 0 1 - - - - mirrors=partitions
        3 partitionIndex 4 0 1 - - - - key=partitionIndex
        3 startOffset 8 0 1 - - - -
        3 leaderEpoch 4 0 1 - - - -
        3 lag 8 1 1 - - - - default=-1
        3 errorCode 2 0 1 - - - e
        3 errorMessage s 0 1 0 1 - -
        1 errorCode 2 0 1 - - - e
        1 errorMessage s 0 1 0 1 - -
        api 91 0 0 0
        request
        0 groupId s 0 0 - - - -
        0 topics ar 0 0 - - - -
        1 topicName s 0 0 - - - -
        1 partitions ar 0 0 - - - -
        2 partitionIndex 4 0 0 - - - -
        2 startOffset 8 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 errorMessage s 0 0 0 0 - -
        0 responses ar 0 0 - - - - mirrors=topics
        1 topicName s 0 0 - - - - key=topicName
        1 topicId i 0 0 - - - -
        1 partitions ar 0 0 - - - - mirrors=partitions
        2 partitionIndex 4 0 0 - - - - key=partitionIndex
        2 errorCode 2 0 0 - - - e
        2 errorMessage s 0 0 0 0 - -
        api 92 0 0 0
        request
        0 groupId s 0 0 - - - -
        0 topics ar 0 0 - - - -
        1 topicName s 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 errorMessage s 0 0 0 0 - -
        0 responses ar 0 0 - - - - mirrors=topics
        1 topicName s 0 0 - - - - key=topicName
        1 topicId i 0 0 - - - -
        1 errorCode 2 0 0 - - - e
        1 errorMessage s 0 0 0 0 - -
        """
}
