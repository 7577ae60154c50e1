// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/topics.txt; never edited.

extension MessageText {
    static let topics = """
        api 19 0 7 5
        request
        0 topics ar 0 7 - - - -
        1 name s 0 7 - - - -
        1 numPartitions 4 0 7 - - - -
        1 replicationFactor 2 0 7 - - - -
        1 assignments ar 0 7 - - - -
        2 partitionIndex 4 0 7 - - - -
        2 brokerIds a4 0 7 - - - -
        1 configs ar 0 7 - - - -
        2 name s 0 7 - - - n
        2 value s 0 7 0 7 - v
        0 timeoutMs 4 0 7 - - - -
        0 validateOnly o 1 7 - - - -
        answer
        0 throttleTimeMs 4 2 7 - - - -
        0 topics ar 0 7 - - - - mirrors=topics
        1 name s 0 7 - - - - key=name
        1 topicId i 7 7 - - - -
        1 errorCode 2 0 7 - - - e
        1 errorMessage s 1 7 1 7 - -
        1 topicConfigErrorCode 2 5 7 - - 0 -
        1 numPartitions 4 5 7 - - - - default=-1
        1 replicationFactor 2 5 7 - - - - default=-1
        1 configs ar 5 7 5 7 - q
        2 name s 5 7 - - - n
        2 value s 5 7 5 7 - v
        2 readOnly o 5 7 - - - -
        2 configSource 1 5 7 - - - - default=-1
        2 isSensitive o 5 7 - - - m
        api 20 0 6 4
        request
        0 topics ar 6 6 - - - -
        1 name s 6 6 6 6 - -
        1 topicId i 6 6 - - - -
        0 topicNames as 0 5 - - - -
        0 timeoutMs 4 0 6 - - - -
        answer
        0 throttleTimeMs 4 1 6 - - - -
        0 responses ar 0 6 - - - - mirrors=topics,topicNames
        1 name s 0 6 6 6 - - key=name
        1 topicId i 6 6 - - - - key=topicId
        1 errorCode 2 0 6 - - - e
        1 errorMessage s 5 6 5 6 - -
        api 34 0 2 2
        request
        0 dirs ar 0 2 - - - -
        1 path s 0 2 - - - -
        1 topics ar 0 2 - - - -
        2 name s 0 2 - - - -
        2 partitions a4 0 2 - - - -
        answer
        0 throttleTimeMs 4 0 2 - - - -
        0 results ar 0 2 - - - - mirrors=dirs.topics
        1 topicName s 0 2 - - - - key=name
        1 partitions ar 0 2 - - - - mirrors=partitions
        2 partitionIndex 4 0 2 - - - - key=partitionIndex
        2 errorCode 2 0 2 - - - e
        api 35 0 5 2
        request
        0 topics ar 0 5 0 5 - -
        1 topic s 0 5 - - - -
        1 partitions a4 0 5 - - - -
        answer
        0 throttleTimeMs 4 0 5 - - - -
        0 errorCode 2 3 5 - - - e
        0 results ar 0 5 - - - -
        1 errorCode 2 0 5 - - - e
        1 logDir s 0 5 - - - -
        1 topics ar 0 5 - - - q
        2 name s 0 5 - - - -
        2 partitions ar 0 5 - - - -
        3 partitionIndex 4 0 5 - - - -
        3 partitionSize 8 0 5 - - - -
        3 offsetLag 8 0 5 - - - -
        3 isFutureKey o 0 5 - - - -
        1 totalBytes 8 4 5 - - - - default=-1
        1 usableBytes 8 4 5 - - - - default=-1
        1 isCordoned o 5 5 - - - -
        api 37 0 3 2
        request
        0 topics ar 0 3 - - - -
        1 name s 0 3 - - - -
        1 count 4 0 3 - - - -
        1 assignments ar 0 3 0 3 - -
        2 brokerIds a4 0 3 - - - -
        0 timeoutMs 4 0 3 - - - -
        0 validateOnly o 0 3 - - - -
        answer
        0 throttleTimeMs 4 0 3 - - - -
        0 results ar 0 3 - - - - mirrors=topics
        1 name s 0 3 - - - - key=name
        1 errorCode 2 0 3 - - - e
        1 errorMessage s 0 3 0 3 - -
        api 43 0 2 2
        request
        0 electionType 1 1 2 - - - -
        0 topicPartitions ar 0 2 0 2 - -
        1 topic s 0 2 - - - -
        1 partitions a4 0 2 - - - -
        0 timeoutMs 4 0 2 - - - -
        answer
        0 throttleTimeMs 4 0 2 - - - -
        0 errorCode 2 1 2 - - - e
        0 replicaElectionResults ar 0 2 - - - - mirrors=topicPartitions
        1 topic s 0 2 - - - - key=topic
        1 partitionResult ar 0 2 - - - - mirrors=partitions
        2 partitionId 4 0 2 - - - - key=partitionId
        2 errorCode 2 0 2 - - - e
        2 errorMessage s 0 2 0 2 - -
        api 45 0 1 0
        request
        0 timeoutMs 4 0 1 - - - -
        0 allowReplicationFactorChange o 1 1 - - - -
        0 topics ar 0 1 - - - -
        1 name s 0 1 - - - -
        1 partitions ar 0 1 - - - -
        2 partitionIndex 4 0 1 - - - -
        2 replicas a4 0 1 0 1 - -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 allowReplicationFactorChange o 1 1 - - - - default=1
        0 errorCode 2 0 1 - - - e
        0 errorMessage s 0 1 0 1 - -
        0 responses ar 0 1 - - - - mirrors=topics
        1 name s 0 1 - - - - key=name
        1 partitions ar 0 1 - - - - mirrors=partitions
        2 partitionIndex 4 0 1 - - - - key=partitionIndex
        2 errorCode 2 0 1 - - - e
        2 errorMessage s 0 1 0 1 - -
        api 46 0 0 0
        request
        0 timeoutMs 4 0 0 - - - -
        0 topics ar 0 0 0 0 - -
        1 name s 0 0 - - - -
        1 partitionIndexes a4 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 errorMessage s 0 0 0 0 - -
        0 topics ar 0 0 - - - q
        1 name s 0 0 - - - -
        1 partitions ar 0 0 - - - -
        2 partitionIndex 4 0 0 - - - -
        2 replicas a4 0 0 - - - -
        2 addingReplicas a4 0 0 - - - -
        2 removingReplicas a4 0 0 - - - -
        """
}
