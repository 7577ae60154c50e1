// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/groups.txt; never edited.

extension MessageText {
    static let groups = """
        api 8 0 10 8
        request
        0 groupId s 0 10 - - - -
        0 generationIdOrMemberEpoch 4 1 10 - - - -
        0 memberId s 1 10 - - - -
        0 groupInstanceId s 7 10 7 10 - -
        0 retentionTimeMs 8 2 4 - - - -
        0 topics ar 0 10 - - - -
        1 name s 0 9 - - - -
        1 topicId i 10 10 - - - -
        1 partitions ar 0 10 - - - -
        2 partitionIndex 4 0 10 - - - -
        2 committedOffset 8 0 10 - - - -
        2 committedLeaderEpoch 4 6 10 - - - q
        2 commitTimestamp 8 1 1 - - - q
        2 committedMetadata s 0 10 0 10 - q
        answer
        0 throttleTimeMs 4 3 10 - - - -
        0 topics ar 0 10 - - - - mirrors=topics
        1 name s 0 9 - - - - key=name
        1 topicId i 10 10 - - - - key=topicId
        1 partitions ar 0 10 - - - - mirrors=partitions
        2 partitionIndex 4 0 10 - - - - key=partitionIndex
        2 errorCode 2 0 10 - - - e
        api 9 0 10 6
        request
        0 groupId s 0 7 - - - -
        0 topics ar 0 7 2 7 - -
        1 name s 0 7 - - - -
        1 partitionIndexes a4 0 7 - - - -
        0 groups ar 8 10 - - - -
        1 groupId s 8 10 - - - -
        1 memberId s 9 10 9 10 - -
        1 memberEpoch 4 9 10 - - - -
        1 topics ar 8 10 8 10 - -
        2 name s 8 9 - - - -
        2 topicId i 10 10 - - - -
        2 partitionIndexes a4 8 10 - - - -
        0 requireStable o 7 10 - - - -
        answer
        0 throttleTimeMs 4 3 10 - - - -
        0 topics ar 0 7 - - - - mirrors=topics
        1 name s 0 7 - - - - key=name
        1 partitions ar 0 7 - - - - mirrors=partitionIndexes
        2 partitionIndex 4 0 7 - - - - key=partitionIndex
        2 committedOffset 8 0 7 - - - q
        2 committedLeaderEpoch 4 5 7 - - - q
        2 metadata s 0 7 0 7 - q
        2 errorCode 2 0 7 - - - e
        0 errorCode 2 2 7 - - - e
        0 groups ar 8 10 - - - - mirrors=groups
        1 groupId s 8 10 - - - - key=groupId
        1 topics ar 8 10 - - - - mirrors=topics
        2 name s 8 9 - - - - key=name
        2 topicId i 10 10 - - - - key=topicId
        2 partitions ar 8 10 - - - - mirrors=partitionIndexes
        3 partitionIndex 4 8 10 - - - - key=partitionIndex
        3 committedOffset 8 8 10 - - - q
        3 committedLeaderEpoch 4 8 10 - - - q default=-1
        3 metadata s 8 10 8 10 - q
        3 errorCode 2 8 10 - - - e
        1 errorCode 2 8 10 - - - e
        api 11 0 9 6
        request
        0 groupId s 0 9 - - - -
        0 sessionTimeoutMs 4 0 9 - - - -
        0 rebalanceTimeoutMs 4 1 9 - - - -
        0 memberId s 0 9 - - - -
        0 groupInstanceId s 5 9 5 9 - -
        0 protocolType s 0 9 - - - -
        0 protocols ar 0 9 - - - -
        1 name s 0 9 - - - -
        1 metadata b 0 9 - - - -
        0 reason s 8 9 8 9 - -
        answer
        0 throttleTimeMs 4 2 9 - - - -
        0 errorCode 2 0 9 - - - e
        0 generationId 4 0 9 - - - - default=-1
        0 protocolType s 7 9 7 9 - -
        0 protocolName s 0 9 7 9 - -
        0 leader s 0 9 - - - -
        0 skipAssignment o 9 9 - - - -
        0 memberId s 0 9 - - - -
        0 members ar 0 9 - - - q
        1 memberId s 0 9 - - - -
        1 groupInstanceId s 5 9 5 9 - -
        1 metadata b 0 9 - - - -
        api 12 0 4 4
        request
        0 groupId s 0 4 - - - -
        0 generationId 4 0 4 - - - -
        0 memberId s 0 4 - - - -
        0 groupInstanceId s 3 4 3 4 - -
        answer
        0 throttleTimeMs 4 1 4 - - - -
        0 errorCode 2 0 4 - - - e
        api 13 0 5 4
        request
        0 groupId s 0 5 - - - -
        0 memberId s 0 2 - - - -
        0 members ar 3 5 - - - -
        1 memberId s 3 5 - - - -
        1 groupInstanceId s 3 5 3 5 - -
        1 reason s 5 5 5 5 - -
        answer
        0 throttleTimeMs 4 1 5 - - - -
        0 errorCode 2 0 5 - - - e
        0 members ar 3 5 - - - - mirrors=members
        1 memberId s 3 5 - - - - key=memberId
        1 groupInstanceId s 3 5 3 5 - - key=groupInstanceId
        1 errorCode 2 3 5 - - - e
        api 14 0 5 4
        request
        0 groupId s 0 5 - - - -
        0 generationId 4 0 5 - - - -
        0 memberId s 0 5 - - - -
        0 groupInstanceId s 3 5 3 5 - -
        0 protocolType s 5 5 5 5 - -
        0 protocolName s 5 5 5 5 - -
        0 assignments ar 0 5 - - - -
        1 memberId s 0 5 - - - -
        1 assignment b 0 5 - - - -
        answer
        0 throttleTimeMs 4 1 5 - - - -
        0 errorCode 2 0 5 - - - e
        0 protocolType s 5 5 5 5 - -
        0 protocolName s 5 5 5 5 - -
        0 assignment b 0 5 - - - -
        api 15 0 6 5
        request
        0 groups as 0 6 - - - -
        0 includeAuthorizedOperations o 3 6 - - - -
        answer
        0 throttleTimeMs 4 1 6 - - - -
        0 groups ar 0 6 - - - - mirrors=groups
        1 errorCode 2 0 6 - - - e
        1 errorMessage s 6 6 6 6 - -
        1 groupId s 0 6 - - - - key=groupId
        1 groupState s 0 6 - - - -
        1 protocolType s 0 6 - - - -
        1 protocolData s 0 6 - - - q
        1 members ar 0 6 - - - q
        2 memberId s 0 6 - - - -
        2 groupInstanceId s 4 6 4 6 - -
        2 clientId s 0 6 - - - -
        2 clientHost s 0 6 - - - -
        2 memberMetadata b 0 6 - - - -
        2 memberAssignment b 0 6 - - - -
        1 authorizedOperations 4 3 6 - - - - default=-2147483648
        api 16 0 5 3
        request
        0 statesFilter as 4 5 - - - -
        0 typesFilter as 5 5 - - - -
        answer
        0 throttleTimeMs 4 1 5 - - - -
        0 errorCode 2 0 5 - - - e
        0 groups ar 0 5 - - - q
        1 groupId s 0 5 - - - -
        1 protocolType s 0 5 - - - -
        1 groupState s 4 5 - - - -
        1 groupType s 5 5 - - - -
        api 42 0 2 2
        request
        0 groupsNames as 0 2 - - - -
        answer
        0 throttleTimeMs 4 0 2 - - - -
        0 results ar 0 2 - - - - mirrors=groupsNames
        1 groupId s 0 2 - - - - key=groupId
        1 errorCode 2 0 2 - - - e
        api 47 0 0 -
        request
        0 groupId s 0 0 - - - -
        0 topics ar 0 0 - - - -
        1 name s 0 0 - - - -
        1 partitions ar 0 0 - - - -
        2 partitionIndex 4 0 0 - - - -
        answer
        0 errorCode 2 0 0 - - - e
        0 throttleTimeMs 4 0 0 - - - -
        0 topics ar 0 0 - - - - mirrors=topics
        1 name s 0 0 - - - - key=name
        1 partitions ar 0 0 - - - - mirrors=partitions
        2 partitionIndex 4 0 0 - - - - key=partitionIndex
        2 errorCode 2 0 0 - - - e
        api 68 0 1 0
        request
        0 groupId s 0 1 - - - -
        0 memberId s 0 1 - - - -
        0 memberEpoch 4 0 1 - - - -
        0 instanceId s 0 1 0 1 - -
        0 rackId s 0 1 0 1 - -
        0 rebalanceTimeoutMs 4 0 1 - - - -
        0 subscribedTopicNames as 0 1 0 1 - -
        0 subscribedTopicRegex s 1 1 1 1 - -
        0 serverAssignor s 0 1 0 1 - -
        0 topicPartitions ar 0 1 0 1 - q
        1 topicId i 0 1 - - - -
        1 partitions a4 0 1 - - - -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 errorCode 2 0 1 - - - e
        0 errorMessage s 0 1 0 1 - -
        0 memberId s 0 1 0 1 - -
        0 memberEpoch 4 0 1 - - - -
        0 heartbeatIntervalMs 4 0 1 - - - -
        0 assignment r 0 1 0 1 - q
        1 topicPartitions ar 0 1 - - - -
        2 topicId i 0 1 - - - -
        2 partitions a4 0 1 - - - -
        api 69 0 1 0
        request
        0 groupIds as 0 1 - - - -
        0 includeAuthorizedOperations o 0 1 - - - -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 groups ar 0 1 - - - - mirrors=groupIds
        1 errorCode 2 0 1 - - - e
        1 errorMessage s 0 1 0 1 - -
        1 groupId s 0 1 - - - - key=groupId
        1 groupState s 0 1 - - - -
        1 groupEpoch 4 0 1 - - - -
        1 assignmentEpoch 4 0 1 - - - -
        1 assignorName s 0 1 - - - -
        1 members ar 0 1 - - - q
        2 memberId s 0 1 - - - -
        2 instanceId s 0 1 0 1 - -
        2 rackId s 0 1 0 1 - -
        2 memberEpoch 4 0 1 - - - -
        2 clientId s 0 1 - - - -
        2 clientHost s 0 1 - - - -
        2 subscribedTopicNames as 0 1 - - - -
        2 subscribedTopicRegex s 0 1 0 1 - -
        2 assignment r 0 1 - - - -
        3 topicPartitions ar 0 1 - - - -
        4 topicId i 0 1 - - - -
        4 topicName s 0 1 - - - -
        4 partitions a4 0 1 - - - -
        2 targetAssignment r 0 1 - - - -
        3 topicPartitions ar 0 1 - - - -
        4 topicId i 0 1 - - - -
        4 topicName s 0 1 - - - -
        4 partitions a4 0 1 - - - -
        2 memberType 1 1 1 - - - - default=-1
        1 authorizedOperations 4 0 1 - - - - default=-2147483648
        """
}
