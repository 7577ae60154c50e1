// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/records.txt; never edited.

extension MessageText {
    static let records = """
        api 0 0 13 9
        request
        0 transactionalId s 3 13 3 13 - -
        0 acks 2 0 13 - - - -
        0 timeoutMs 4 0 13 - - - -
        0 topicData ar 0 13 - - - -
        1 name s 0 12 - - - -
        1 topicId i 13 13 - - - -
        1 partitionData ar 0 13 - - - -
        2 index 4 0 13 - - - -
        2 records b 0 13 0 13 - -
        answer
        0 responses ar 0 13 - - - - mirrors=topicData
        1 name s 0 12 - - - - key=name
        1 topicId i 13 13 - - - - key=topicId
        1 partitionResponses ar 0 13 - - - - mirrors=partitionData
        2 index 4 0 13 - - - - key=index
        2 errorCode 2 0 13 - - - e
        2 baseOffset 8 0 13 - - - q
        2 logAppendTimeMs 8 2 13 - - - q
        2 logStartOffset 8 5 13 - - - q default=-1
        2 recordErrors ar 8 13 - - - q
        3 batchIndex 4 8 13 - - - -
        3 batchIndexErrorMessage s 8 13 8 13 - -
        2 errorMessage s 8 13 8 13 - -
        2 currentLeader r 10 13 - - 0 q
        3 leaderId 4 10 13 - - - - default=-1
        3 leaderEpoch 4 10 13 - - - - default=-1
        0 throttleTimeMs 4 1 13 - - - -
        0 nodeEndpoints ar 10 13 - - 0 qd
        1 nodeId 4 10 13 - - - N
        1 host s 10 13 - - - H
        1 port 4 10 13 - - - P
        1 rack s 10 13 10 13 - -
        api 1 0 18 12
        request
        0 clusterId s 12 18 12 18 0 -
        0 replicaId 4 0 14 - - - -
        0 replicaState r 15 18 - - 1 -
        1 replicaId 4 15 18 - - - -
        1 replicaEpoch 8 15 18 - - - -
        0 maxWaitMs 4 0 18 - - - -
        0 minBytes 4 0 18 - - - -
        0 maxBytes 4 3 18 - - - -
        0 isolationLevel 1 4 18 - - - -
        0 sessionId 4 7 18 - - - -
        0 sessionEpoch 4 7 18 - - - -
        0 topics ar 0 18 - - - -
        1 topic s 0 12 - - - -
        1 topicId i 13 18 - - - -
        1 partitions ar 0 18 - - - q
        2 partition 4 0 18 - - - -
        2 currentLeaderEpoch 4 9 18 - - - -
        2 fetchOffset 8 0 18 - - - -
        2 lastFetchedEpoch 4 12 18 - - - -
        2 logStartOffset 8 5 18 - - - -
        2 partitionMaxBytes 4 0 18 - - - -
        2 replicaDirectoryId i 17 18 - - 0 -
        2 highWatermark 8 18 18 - - 1 -
        0 forgottenTopicsData ar 7 18 - - - -
        1 topic s 7 12 - - - -
        1 topicId i 13 18 - - - -
        1 partitions a4 7 18 - - - q
        0 rackId s 11 18 - - - -
        answer
        0 throttleTimeMs 4 1 18 - - - -
        0 errorCode 2 7 18 - - - e
        0 sessionId 4 7 18 - - - -
        0 responses ar 0 18 - - - - mirrors=topics
        1 topic s 0 12 - - - - key=topic
        1 topicId i 13 18 - - - - key=topicId
        1 partitions ar 0 18 - - - - mirrors=partitions
        2 partitionIndex 4 0 18 - - - - key=partition
        2 errorCode 2 0 18 - - - e
        2 highWatermark 8 0 18 - - - q
        2 lastStableOffset 8 4 18 - - - q default=-1
        2 logStartOffset 8 5 18 - - - q default=-1
        2 divergingEpoch r 12 18 - - 0 q
        3 epoch 4 12 18 - - - - default=-1
        3 endOffset 8 12 18 - - - - default=-1
        2 currentLeader r 12 18 - - 1 q
        3 leaderId 4 12 18 - - - - default=-1
        3 leaderEpoch 4 12 18 - - - - default=-1
        2 snapshotId r 12 18 - - 2 q
        3 endOffset 8 12 18 - - - - default=-1
        3 epoch 4 12 18 - - - - default=-1
        2 abortedTransactions ar 4 18 4 18 - q
        3 producerId 8 4 18 - - - -
        3 firstOffset 8 4 18 - - - -
        2 preferredReadReplica 4 11 18 - - - q default=-1
        2 records b 0 18 0 18 - -
        0 nodeEndpoints ar 16 18 - - 0 qd
        1 nodeId 4 16 18 - - - N
        1 host s 16 18 - - - H
        1 port 4 16 18 - - - P
        1 rack s 16 18 16 18 - -
        api 2 0 11 6
        request
        0 replicaId 4 0 11 - - - -
        0 isolationLevel 1 2 11 - - - -
        0 topics ar 0 11 - - - -
        1 name s 0 11 - - - -
        1 partitions ar 0 11 - - - -
        2 partitionIndex 4 0 11 - - - -
        2 currentLeaderEpoch 4 4 11 - - - -
        2 timestamp 8 0 11 - - - -
        2 maxNumOffsets 4 0 0 - - - -
        0 timeoutMs 4 10 11 - - - -
        answer
        0 throttleTimeMs 4 2 11 - - - -
        0 topics ar 0 11 - - - - mirrors=topics
        1 name s 0 11 - - - - key=name
        1 partitions ar 0 11 - - - - mirrors=partitions
        2 partitionIndex 4 0 11 - - - - key=partitionIndex
        2 errorCode 2 0 11 - - - e
        2 oldStyleOffsets a8 0 0 - - - q
        2 timestamp 8 1 11 - - - - default=-1
        2 offset 8 1 11 - - - - default=-1
        2 leaderEpoch 4 4 11 - - - - default=-1
        api 21 0 2 2
        request
        0 topics ar 0 2 - - - -
        1 name s 0 2 - - - -
        1 partitions ar 0 2 - - - -
        2 partitionIndex 4 0 2 - - - -
        2 offset 8 0 2 - - - -
        0 timeoutMs 4 0 2 - - - -
        answer
        0 throttleTimeMs 4 0 2 - - - -
        0 topics ar 0 2 - - - - mirrors=topics
        1 name s 0 2 - - - - key=name
        1 partitions ar 0 2 - - - - mirrors=partitions
        2 partitionIndex 4 0 2 - - - - key=partitionIndex
        2 lowWatermark 8 0 2 - - - -
        2 errorCode 2 0 2 - - - e
        api 23 0 4 4
        request
        0 replicaId 4 3 4 - - - -
        0 topics ar 0 4 - - - -
        1 topic s 0 4 - - - -
        1 partitions ar 0 4 - - - -
        2 partition 4 0 4 - - - -
        2 currentLeaderEpoch 4 2 4 - - - -
        2 leaderEpoch 4 0 4 - - - -
        answer
        0 throttleTimeMs 4 2 4 - - - -
        0 topics ar 0 4 - - - - mirrors=topics
        1 topic s 0 4 - - - - key=topic
        1 partitions ar 0 4 - - - - mirrors=partitions
        2 errorCode 2 0 4 - - - e
        2 partition 4 0 4 - - - - key=partition
        2 leaderEpoch 4 1 4 - - - - default=-1
        2 endOffset 8 0 4 - - - - default=-1
        api 61 0 0 0
        request
        0 topics ar 0 0 - - - -
        1 name s 0 0 - - - -
        1 partitionIndexes a4 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 topics ar 0 0 - - - - mirrors=topics
        1 name s 0 0 - - - - key=name
        1 partitions ar 0 0 - - - - mirrors=partitionIndexes
        2 partitionIndex 4 0 0 - - - - key=partitionIndex
        2 errorCode 2 0 0 - - - e
        2 errorMessage s 0 0 0 0 - -
        2 activeProducers ar 0 0 - - - q
        3 producerId 8 0 0 - - - -
        3 producerEpoch 4 0 0 - - - -
        3 lastSequence 4 0 0 - - - - default=-1
        3 lastTimestamp 8 0 0 - - - - default=-1
        3 coordinatorEpoch 4 0 0 - - - -
        3 currentTxnStartOffset 8 0 0 - - - - default=-1
        """
}
