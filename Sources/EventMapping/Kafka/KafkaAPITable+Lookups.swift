// SPDX-License-Identifier: Apache-2.0

// Look-ups. See the table of management for how to read a row.

extension KafkaAPI {
    static let lookups: [KafkaAPI] = [
        row(
            2,
            "ListOffsets",
            .describe,
            reads: true,
            names: ["topics[topic=name]"],
            codes: ["topics[topic=name].partitions[].errorCode"],
            checks: [.topic(.describe)],
            after: AnswerCodes.partition,
            data: "replicaId isolationLevel topics(name partitions(partitionIndex timestamp))"
        ),
        // A denied producer or consumer usually shows here, because clients ask for the leader first.
        row(
            3,
            "Metadata",
            .describe,
            reads: true,
            names: ["topics[topic=name|topicId]"],
            codes: ["topics[topic=name|topicId].errorCode"],
            checks: [.topic(.describe)],
            after: [3, 5],
            special: .metadata,
            data: "topics(name topicId:topic) allowAutoTopicCreation includeClusterAuthorizedOperations "
                + "includeTopicAuthorizedOperations"
        ),
        // Top level in versions 2 to 7, for each group since 8; before 2 a refused group shows in every partition.
        row(
            9,
            "OffsetFetch",
            .describe,
            reads: true,
            names: ["groups[group=groupId]", "topics[topic=name]"],
            codes: [
                "errorCode", "topics[topic=name].partitions[].errorCode", "groups[group=groupId].errorCode",
                "groups[group=groupId].topics[topic=name|topicId].partitions[].errorCode",
            ],
            checks: [.group(.describe), .topic(.describe)],
            after: AnswerCodes.group.union([3]),
            data:
                "groupId topics(name partitionIndexes) groups(groupId memberId topics(name topicId:topic partitionIndexes)) "
                + "requireStable"
        ),
        row(
            10,
            "FindCoordinator",
            .describe,
            reads: true,
            codes: ["errorCode", "coordinators[].errorCode"],
            after: [14, 15],
            special: .findCoordinator,
            data: "key keyType:coordinator coordinatorKeys"
        ),
        row(
            15,
            "DescribeGroups",
            .describe,
            reads: true,
            names: ["groups[group=]"],
            codes: ["groups[group=groupId].errorCode"],
            checks: [.group(.describe, nil)],
            after: AnswerCodes.group,
            data: "groups includeAuthorizedOperations"
        ),
        // What may not be seen is left out of the list without a code: the broker's log alone has such refusals.
        row(16, "ListGroups", .describe, reads: true, codes: ["errorCode"], data: "statesFilter typesFilter"),
        row(
            23,
            "OffsetForLeaderEpoch",
            .describe,
            reads: true,
            names: ["topics[topic=topic]"],
            codes: ["topics[topic=topic].partitions[].errorCode"],
            checks: [.topic(.describe)],
            refusals: [.cluster(.clusterAction)],
            after: AnswerCodes.partition,
            remark: "ClusterAction on the cluster may have been what allowed it",
            data: "replicaId topics(topic partitions(partition leaderEpoch))"
        ),
        row(
            29,
            "DescribeAcls",
            .describe,
            reads: true,
            codes: ["errorCode"],
            checks: [.cluster(.describe)],
            data: "resourceTypeFilter:resource resourceNameFilter patternTypeFilter:pattern principalFilter hostFilter "
                + "operation:operation permissionType:permission"
        ),
        row(
            32,
            "DescribeConfigs",
            .describe,
            reads: true,
            codes: ["results[].errorCode"],
            checks: [.topic(.describeConfigs)],
            after: [3],
            special: .configurations,
            data: "resources(resourceType:target resourceName configurationKeys)"
        ),
        // Version 3 brought the code; before, a refusal is an empty list.
        row(
            35,
            "DescribeLogDirs",
            .describe,
            reads: true,
            codes: ["errorCode"],
            checks: [.cluster(.describe)],
            data: "topics(topic partitions)"
        ),
        row(
            41,
            "DescribeDelegationToken",
            .describe,
            reads: true,
            codes: ["errorCode"],
            data: "owners(principalType principalName)"
        ),
        row(
            46,
            "ListPartitionReassignments",
            .describe,
            reads: true,
            codes: ["errorCode"],
            checks: [.cluster(.describe)],
            data: "topics(name partitionIndexes)"
        ),
        row(
            48,
            "DescribeClientQuotas",
            .describe,
            reads: true,
            codes: ["errorCode"],
            checks: [.cluster(.describeConfigs)],
            data: "components(entityType matchType:match match) strict"
        ),
        row(
            50,
            "DescribeUserScramCredentials",
            .describe,
            reads: true,
            codes: ["errorCode", "results[].errorCode"],
            checks: [.cluster(.describe)],
            after: [91, 92],
            data: "users(name)"
        ),
        row(
            55,
            "DescribeQuorum",
            .describe,
            reads: true,
            codes: ["errorCode"],
            checks: [.cluster(.describe)],
            data: "topics(topicName partitions(partitionIndex))"
        ),
        // The broker asks nothing, or only to tell which operations are allowed; the controller asks for Alter.
        row(
            60,
            "DescribeCluster",
            .describe,
            reads: true,
            codes: ["errorCode"],
            refusals: [.cluster(.alter)],
            data: "includeClusterAuthorizedOperations endpointType includeFencedBrokers"
        ),
        row(
            61,
            "DescribeProducers",
            .describe,
            reads: true,
            names: ["topics[topic=name]"],
            codes: ["topics[topic=name].partitions[].errorCode"],
            checks: [.topic(.read)],
            after: AnswerCodes.partition,
            data: "topics(name partitionIndexes)"
        ),
        row(
            65,
            "DescribeTransactions",
            .describe,
            reads: true,
            names: ["transactionalIds[transaction=]"],
            codes: ["transactionStates[transaction=transactionalId].errorCode"],
            checks: [.transaction(.describe, nil)],
            after: [14, 15, 16, 105],
            data: "transactionalIds"
        ),
        row(
            66,
            "ListTransactions",
            .describe,
            reads: true,
            codes: ["errorCode"],
            data: "stateFilters producerIdFilters durationFilter transactionalIdPattern"
        ),
        row(
            69,
            "ConsumerGroupDescribe",
            .describe,
            reads: true,
            names: ["groupIds[group=]"],
            codes: ["groups[group=groupId].errorCode"],
            checks: [.group(.describe, nil)],
            refusals: [.topic(.describe)],
            after: AnswerCodes.group,
            data: "groupIds includeAuthorizedOperations"
        ),
        row(
            74,
            "ListConfigResources",
            .describe,
            reads: true,
            codes: ["errorCode"],
            checks: [.cluster(.describeConfigs)],
            data: "resourceTypes"
        ),
        row(
            75,
            "DescribeTopicPartitions",
            .describe,
            reads: true,
            names: ["topics[topic=name]"],
            codes: ["topics[topic=name|topicId].errorCode"],
            checks: [.topic(.describe)],
            after: [3],
            data: "topics(name) responsePartitionLimit"
        ),
        row(
            77,
            "ShareGroupDescribe",
            .describe,
            reads: true,
            names: ["groupIds[group=]"],
            codes: ["groups[group=groupId].errorCode"],
            checks: [.group(.describe, nil)],
            refusals: [.topic(.describe)],
            after: AnswerCodes.group,
            data: "groupIds includeAuthorizedOperations"
        ),
        row(
            89,
            "StreamsGroupDescribe",
            .describe,
            reads: true,
            names: ["groupIds[group=]"],
            codes: ["groups[group=groupId].errorCode"],
            checks: [.group(.describe, nil)],
            refusals: [.topic(.describe)],
            after: AnswerCodes.group,
            data: "groupIds includeAuthorizedOperations"
        ),
        row(
            90,
            "DescribeShareGroupOffsets",
            .describe,
            reads: true,
            names: ["groups[group=groupId]"],
            codes: [
                "groups[group=groupId].errorCode",
                "groups[group=groupId].topics[topic=topicName|topicId].partitions[].errorCode",
            ],
            checks: [.group(.describe, nil), .topic(.describe)],
            after: AnswerCodes.group.union([3]),
            data: "groups(groupId topics(topicName partitions))"
        ),
    ]
}
