// SPDX-License-Identifier: Apache-2.0

// Producing, consuming, and what brokers ask each other. See the table of management for how to read a row.

extension KafkaAPI {
    static let traffic: [KafkaAPI] = [
        row(
            0,
            "Produce",
            .produce,
            names: ["topicData[topic=name|topicId]"],
            codes: ["responses[topic=name|topicId].partitionResponses[].errorCode"],
            checks: [.transaction(.write), .topic(.write)],
            refusals: [.cluster(.idempotentWrite)],
            after: AnswerCodes.partition.union(AnswerCodes.records),
            special: .traffic,
            data: "transactionalId acks"
        ),
        row(
            1,
            "Fetch",
            .consume,
            reads: true,
            names: ["topics[topic=topic|topicId]"],
            codes: ["errorCode", "responses[topic=topic|topicId].partitions[].errorCode"],
            checks: [.topic(.read)],
            refusals: [.cluster(.clusterAction)],
            after: AnswerCodes.partition,
            special: .traffic,
            data: "replicaId replicaState(replicaId) isolationLevel rackId"
        ),
        row(
            8,
            "OffsetCommit",
            .consume,
            names: ["topics[topic=name|topicId]"],
            codes: ["topics[topic=name|topicId].partitions[].errorCode"],
            checks: [.group(.read), .topic(.read)],
            after: AnswerCodes.group.union([3]),
            data: "groupId memberId groupInstanceId generationIdOrMemberEpoch "
                + "topics(name topicId:topic partitions(partitionIndex committedOffset))"
        ),
        // 79 is the usual answer to the first try, which only fetches a member id.
        row(
            11,
            "JoinGroup",
            .consume,
            reads: true,
            codes: ["errorCode"],
            checks: [.group(.read)],
            after: AnswerCodes.group.union([23]),
            data: "groupId memberId groupInstanceId protocolType protocols(name) reason"
        ),
        row(
            12,
            "Heartbeat",
            .heartbeat,
            reads: true,
            codes: ["errorCode"],
            checks: [.group(.read)],
            after: AnswerCodes.group,
            data: "groupId memberId groupInstanceId"
        ),
        // Since version 3 it can remove others' members.
        row(
            13,
            "LeaveGroup",
            .consume,
            codes: ["errorCode", "members[].errorCode"],
            checks: [.group(.read)],
            after: AnswerCodes.group,
            data: "groupId memberId members(memberId groupInstanceId reason)"
        ),
        row(
            14,
            "SyncGroup",
            .consume,
            reads: true,
            codes: ["errorCode"],
            checks: [.group(.read)],
            after: AnswerCodes.group,
            data: "groupId memberId groupInstanceId protocolType protocolName"
        ),
        row(
            22,
            "InitProducerId",
            .produce,
            codes: ["errorCode"],
            after: AnswerCodes.transaction,
            special: .initProducerID,
            data: "transactionalId transactionTimeoutMs producerId producerEpoch enable2Pc"
        ),
        row(
            24,
            "AddPartitionsToTxn",
            .produce,
            names: ["v3AndBelowTopics[topic=name]", "transactions[].topics[topic=name]"],
            codes: [
                "errorCode",
                "resultsByTopicV3AndBelow[topic=name].resultsByPartition[].partitionErrorCode",
                "resultsByTransaction[].topicResults[topic=name].resultsByPartition[].partitionErrorCode",
            ],
            after: AnswerCodes.transaction.union([3]),
            special: .addPartitionsToTransaction,
            data: "v3AndBelowTransactionalId v3AndBelowTopics(name partitions) "
                + "transactions(transactionalId verifyOnly topics(name partitions))"
        ),
        row(
            25,
            "AddOffsetsToTxn",
            .produce,
            codes: ["errorCode"],
            checks: [.transaction(.write), .group(.read)],
            after: AnswerCodes.transaction,
            data: "transactionalId groupId"
        ),
        row(
            26,
            "EndTxn",
            .produce,
            codes: ["errorCode"],
            checks: [.transaction(.write)],
            after: AnswerCodes.transaction,
            data: "transactionalId committed"
        ),
        row(
            28,
            "TxnOffsetCommit",
            .consume,
            names: ["topics[topic=name]"],
            codes: ["topics[topic=name].partitions[].errorCode"],
            checks: [.transaction(.write), .group(.read), .topic(.read)],
            after: AnswerCodes.group.union(AnswerCodes.transaction).union([3]),
            data: "transactionalId groupId memberId topics(name partitions(partitionIndex committedOffset))"
        ),
        // Describe on the subscribed topics is asked since 4.0 only, so that only its refusal is certain.
        row(
            68,
            "ConsumerGroupHeartbeat",
            .consume,
            reads: true,
            codes: ["errorCode"],
            checks: [.group(.read)],
            refusals: [.topic(.describe)],
            after: AnswerCodes.group,
            special: .member,
            data: "groupId memberId memberEpoch instanceId subscribedTopicNames subscribedTopicRegex serverAssignor"
        ),
        row(
            76,
            "ShareGroupHeartbeat",
            .consume,
            reads: true,
            codes: ["errorCode"],
            checks: [.group(.read)],
            refusals: [.topic(.describe)],
            after: AnswerCodes.group,
            special: .member,
            data: "groupId memberId memberEpoch subscribedTopicNames"
        ),
        row(
            88,
            "StreamsGroupHeartbeat",
            .consume,
            reads: true,
            codes: ["errorCode"],
            checks: [.group(.read)],
            refusals: [.topic(.describe)],
            after: AnswerCodes.group,
            special: .member,
            data: "groupId memberId memberEpoch instanceId userEndpoint(host port) "
                + "topology(epoch subtopologies(subtopologyId sourceTopics sourceTopicRegex))"
        ),
        row(
            78,
            "ShareFetch",
            .consume,
            reads: true,
            names: ["topics[topic=topicId]"],
            codes: ["errorCode", "responses[topic=topicId].partitions[].errorCode"],
            checks: [.group(.read), .topic(.read)],
            after: AnswerCodes.group.union(AnswerCodes.partition),
            special: .traffic,
            data: "groupId memberId shareSessionEpoch"
        ),
        row(
            79,
            "ShareAcknowledge",
            .consume,
            names: ["topics[topic=topicId]"],
            codes: ["errorCode", "responses[topic=topicId].partitions[].errorCode"],
            checks: [.group(.read), .topic(.read)],
            after: AnswerCodes.group.union(AnswerCodes.partition),
            special: .traffic,
            data: "groupId memberId shareSessionEpoch"
        ),
    ]

    static let interbroker: [KafkaAPI] = [
        row(4, "LeaderAndIsr", .interbroker, codes: ["errorCode"], checks: [.cluster(.clusterAction)]),
        row(5, "StopReplica", .interbroker, codes: ["errorCode"], checks: [.cluster(.clusterAction)]),
        row(6, "UpdateMetadata", .interbroker, codes: ["errorCode"], checks: [.cluster(.clusterAction)]),
        row(7, "ControlledShutdown", .interbroker, codes: ["errorCode"], checks: [.cluster(.clusterAction)]),
        // Alter on the cluster is enough since 3.9, ClusterAction always: which of them allowed it can't be told.
        row(
            27,
            "WriteTxnMarkers",
            .interbroker,
            codes: ["markers[].topics[].partitions[].errorCode"],
            refusals: [.cluster(.alter)],
            data: "markers(producerId producerEpoch transactionResult topics(name partitionIndexes))"
        ),
        row(56, "AlterPartition", .interbroker, codes: ["errorCode"], checks: [.cluster(.clusterAction)]),
    ]
}
