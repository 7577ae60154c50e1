// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/transactions.txt; never edited.

extension MessageText {
    static let transactions = """
        api 22 0 6 2
        request
        0 transactionalId s 0 6 0 6 - -
        0 transactionTimeoutMs 4 0 6 - - - -
        0 producerId 8 3 6 - - - -
        0 producerEpoch 2 3 6 - - - -
        0 enable2Pc o 6 6 - - - -
        0 keepPreparedTxn o 6 6 - - - -
        answer
        0 throttleTimeMs 4 0 6 - - - -
        0 errorCode 2 0 6 - - - e
        0 producerId 8 0 6 - - - - default=-1
        0 producerEpoch 2 0 6 - - - -
        0 ongoingTxnProducerId 8 6 6 - - - - default=-1
        0 ongoingTxnProducerEpoch 2 6 6 - - - - default=-1
        api 24 0 5 3
        request
        0 transactions ar 4 5 - - - -
        1 transactionalId s 4 5 - - - -
        1 producerId 8 4 5 - - - -
        1 producerEpoch 2 4 5 - - - -
        1 verifyOnly o 4 5 - - - -
        1 topics ar 4 5 - - - -
        2 name s 4 5 - - - -
        2 partitions a4 4 5 - - - -
        0 v3AndBelowTransactionalId s 0 3 - - - -
        0 v3AndBelowProducerId 8 0 3 - - - -
        0 v3AndBelowProducerEpoch 2 0 3 - - - -
        0 v3AndBelowTopics ar 0 3 - - - -
        1 name s 0 3 - - - -
        1 partitions a4 0 3 - - - -
        answer
        0 throttleTimeMs 4 0 5 - - - -
        0 errorCode 2 4 5 - - - e
        0 resultsByTransaction ar 4 5 - - - - mirrors=transactions
        1 transactionalId s 4 5 - - - - key=transactionalId
        1 topicResults ar 4 5 - - - - mirrors=topics
        2 name s 4 5 - - - - key=name
        2 resultsByPartition ar 4 5 - - - - mirrors=partitions
        3 partitionIndex 4 4 5 - - - - key=partitionIndex
        3 partitionErrorCode 2 4 5 - - - e
        0 resultsByTopicV3AndBelow ar 0 3 - - - - mirrors=v3AndBelowTopics
        1 name s 0 3 - - - - key=name
        1 resultsByPartition ar 0 3 - - - - mirrors=partitions
        2 partitionIndex 4 0 3 - - - - key=partitionIndex
        2 partitionErrorCode 2 0 3 - - - e
        api 25 0 4 3
        request
        0 transactionalId s 0 4 - - - -
        0 producerId 8 0 4 - - - -
        0 producerEpoch 2 0 4 - - - -
        0 groupId s 0 4 - - - -
        answer
        0 throttleTimeMs 4 0 4 - - - -
        0 errorCode 2 0 4 - - - e
        api 26 0 5 3
        request
        0 transactionalId s 0 5 - - - -
        0 producerId 8 0 5 - - - -
        0 producerEpoch 2 0 5 - - - -
        0 committed o 0 5 - - - -
        answer
        0 throttleTimeMs 4 0 5 - - - -
        0 errorCode 2 0 5 - - - e
        0 producerId 8 5 5 - - - - default=-1
        0 producerEpoch 2 5 5 - - - - default=-1
        api 27 0 2 1
        request
        0 markers ar 0 2 - - - -
        1 producerId 8 0 2 - - - -
        1 producerEpoch 2 0 2 - - - -
        1 transactionResult o 0 2 - - - -
        1 topics ar 0 2 - - - -
        2 name s 0 2 - - - -
        2 partitionIndexes a4 0 2 - - - -
        1 coordinatorEpoch 4 0 2 - - - -
        1 transactionVersion 1 2 2 - - - -
        answer
        0 markers ar 0 2 - - - - mirrors=markers
        1 producerId 8 0 2 - - - - key=producerId
        1 topics ar 0 2 - - - - mirrors=topics
        2 name s 0 2 - - - - key=name
        2 partitions ar 0 2 - - - - mirrors=partitionIndexes
        3 partitionIndex 4 0 2 - - - - key=partitionIndex
        3 errorCode 2 0 2 - - - e
        api 28 0 5 3
        request
        0 transactionalId s 0 5 - - - -
        0 groupId s 0 5 - - - -
        0 producerId 8 0 5 - - - -
        0 producerEpoch 2 0 5 - - - -
        0 generationId 4 3 5 - - - -
        0 memberId s 3 5 - - - -
        0 groupInstanceId s 3 5 3 5 - -
        0 topics ar 0 5 - - - -
        1 name s 0 5 - - - -
        1 partitions ar 0 5 - - - -
        2 partitionIndex 4 0 5 - - - -
        2 committedOffset 8 0 5 - - - -
        2 committedLeaderEpoch 4 2 5 - - - q
        2 committedMetadata s 0 5 0 5 - q
        answer
        0 throttleTimeMs 4 0 5 - - - -
        0 topics ar 0 5 - - - - mirrors=topics
        1 name s 0 5 - - - - key=name
        1 partitions ar 0 5 - - - - mirrors=partitions
        2 partitionIndex 4 0 5 - - - - key=partitionIndex
        2 errorCode 2 0 5 - - - e
        api 65 0 0 0
        request
        0 transactionalIds as 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 transactionStates ar 0 0 - - - - mirrors=transactionalIds
        1 errorCode 2 0 0 - - - e
        1 transactionalId s 0 0 - - - - key=transactionalId
        1 transactionState s 0 0 - - - -
        1 transactionTimeoutMs 4 0 0 - - - -
        1 transactionStartTimeMs 8 0 0 - - - -
        1 producerId 8 0 0 - - - -
        1 producerEpoch 2 0 0 - - - -
        1 topics ar 0 0 - - - q
        2 topic s 0 0 - - - -
        2 partitions a4 0 0 - - - -
        api 66 0 2 0
        request
        0 stateFilters as 0 2 - - - -
        0 producerIdFilters a8 0 2 - - - -
        0 durationFilter 8 1 2 - - - -
        0 transactionalIdPattern s 2 2 2 2 - -
        answer
        0 throttleTimeMs 4 0 2 - - - -
        0 errorCode 2 0 2 - - - e
        0 unknownStateFilters as 0 2 - - - -
        0 transactionStates ar 0 2 - - - q
        1 transactionalId s 0 2 - - - -
        1 producerId 8 0 2 - - - -
        1 transactionState s 0 2 - - - -
        """
}
