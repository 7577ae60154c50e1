// SPDX-License-Identifier: Apache-2.0

// How to read a row: number and name of the API; category; where the request names its resources; where the answer's codes
// stand; the checks in the broker's order; codes that only follow the checks; what goes into the event.
//
// Sources: Kafka's protocol guide ("Operations and Resources on Protocols") for the checks, the message descriptions for the
// fields, the order in the request handlers for the codes (see `AnswerCodes`). Methods are Confluent's names where its pages
// have one, and `kafka.` with Kafka's name elsewhere.

extension KafkaAPI {
    private static let aclWords =
        "resourceType:resource resourceName resourcePatternType:pattern patternType:pattern principal host "
        + "operation:operation permissionType:permission"
    private static let aclFilterWords =
        "resourceTypeFilter:resource resourceNameFilter patternTypeFilter:pattern principalFilter hostFilter "
        + "operation:operation permissionType:permission"

    static let management: [KafkaAPI] = [
        // The broker asks for Create on the cluster first, silently, and for the topic only when that is refused.
        row(
            19,
            "CreateTopics",
            .management,
            names: ["topics[topic=name]"],
            codes: ["topics[topic=name|topicId].errorCode"],
            checks: [.topic(.create)],
            refusals: [.cluster(.create)],
            after: AnswerCodes.newTopic,
            remark: "Create on the cluster may have been what allowed it",
            data:
                "topics(name numPartitions replicationFactor assignments(partitionIndex brokerIds) configs(name value:config)) "
                + "validateOnly",
            result: "topics(name topicId numPartitions replicationFactor)"
        ),
        // The controller asks for Delete on the cluster first, silently. 3 by name comes before the check for Delete, and 73
        // before any.
        row(
            20,
            "DeleteTopics",
            .management,
            names: ["topics[topic=name|topicId]", "topicNames[topic=]"],
            codes: ["responses[topic=name|topicId].errorCode"],
            checks: [.topic(.delete)],
            refusals: [.cluster(.delete)],
            remark: "Delete on the cluster may have been what allowed it",
            special: .deleteTopics,
            data: "topics(name topicId:topic) topicNames"
        ),
        row(
            21,
            "DeleteRecords",
            .management,
            names: ["topics[topic=name]"],
            codes: ["topics[topic=name].partitions[].errorCode"],
            checks: [.topic(.delete)],
            after: AnswerCodes.partition.union([44]),
            data: "topics(name partitions(partitionIndex offset))",
            result: "topics(name partitions(partitionIndex lowWatermark))"
        ),
        row(
            30,
            "CreateAcls",
            .management,
            codes: ["results[].errorCode"],
            checks: [.cluster(.alter)],
            after: [42],
            data: "creations(\(aclWords))"
        ),
        row(
            31,
            "DeleteAcls",
            .management,
            codes: ["filterResults[].errorCode"],
            checks: [.cluster(.alter)],
            data: "filters(\(aclFilterWords))",
            result: "filterResults(matchingAcls(errorCode \(aclWords)))"
        ),
        row(
            33,
            "AlterConfigs",
            .management,
            codes: ["responses[].errorCode"],
            checks: [.topic(.alterConfigs)],
            after: [3, 40, 44],
            special: .configurations,
            data: "resources(resourceType:target resourceName configs(name value:config)) validateOnly"
        ),
        row(
            44,
            "IncrementalAlterConfigs",
            .management,
            codes: ["responses[].errorCode"],
            checks: [.topic(.alterConfigs)],
            after: [3, 40, 44],
            special: .configurations,
            data:
                "resources(resourceType:target resourceName configs(name configOperation:change value:config)) validateOnly"
        ),
        row(
            34,
            "AlterReplicaLogDirs",
            .management,
            codes: ["results[].partitions[].errorCode"],
            checks: [.cluster(.alter)],
            after: [3, 9, 56, 57],
            data: "dirs(path topics(name partitions))"
        ),
        row(
            37,
            "CreatePartitions",
            .management,
            names: ["topics[topic=name]"],
            codes: ["results[topic=name].errorCode"],
            checks: [.topic(.alter)],
            after: AnswerCodes.newTopic.union([3]),
            data: "topics(name count assignments(brokerIds)) validateOnly"
        ),
        // Who asks for a token of his own needs no right.
        row(
            38,
            "CreateDelegationToken",
            .management,
            codes: ["errorCode"],
            special: .createDelegationToken,
            data: "ownerPrincipalType ownerPrincipalName renewers(principalType principalName) maxLifetimeMs",
            result: "principalType principalName tokenRequesterPrincipalType tokenRequesterPrincipalName tokenId "
                + "issueTimestampMs expiryTimestampMs maxTimestampMs"
        ),
        // Owners and renewers may, without a check; 63 says that somebody else tried.
        row(
            39,
            "RenewDelegationToken",
            .management,
            codes: ["errorCode"],
            data: "renewPeriodMs",
            result: "expiryTimestampMs"
        ),
        row(
            40,
            "ExpireDelegationToken",
            .management,
            codes: ["errorCode"],
            data: "expiryTimePeriodMs",
            result: "expiryTimestampMs"
        ),
        row(
            42,
            "DeleteGroups",
            .management,
            names: ["groupsNames[group=]"],
            codes: ["results[group=groupId].errorCode"],
            checks: [.group(.delete, nil)],
            after: AnswerCodes.group,
            data: "groupsNames"
        ),
        // The top-level code came with version 1; before, each partition has the refusal.
        row(
            43,
            "ElectLeaders",
            .management,
            codes: ["errorCode", "replicaElectionResults[].partitionResult[].errorCode"],
            checks: [.cluster(.alter)],
            after: [3, 80, 83, 84],
            data: "electionType:election topicPartitions(topic partitions)"
        ),
        row(
            45,
            "AlterPartitionReassignments",
            .management,
            codes: ["errorCode", "responses[].partitions[].errorCode"],
            checks: [.cluster(.alter)],
            after: [3, 37, 39, 85],
            data: "topics(name partitions(partitionIndex replicas)) allowReplicationFactorChange"
        ),
        row(
            47,
            "OffsetDelete",
            .management,
            names: ["topics[topic=name]"],
            codes: ["errorCode", "topics[topic=name].partitions[].errorCode"],
            checks: [.group(.delete), .topic(.read)],
            after: AnswerCodes.group.union([3]),
            data: "groupId topics(name partitions(partitionIndex))"
        ),
        row(
            49,
            "AlterClientQuotas",
            .management,
            codes: ["entries[].errorCode"],
            checks: [.cluster(.alterConfigs)],
            data: "entries(entity(entityType entityName) ops(key value remove)) validateOnly"
        ),
        row(
            51,
            "AlterUserScramCredentials",
            .management,
            codes: ["results[].errorCode"],
            checks: [.cluster(.alter)],
            after: [91, 92, 93],
            data: "deletions(name mechanism:scram) upsertions(name mechanism:scram iterations)"
        ),
        row(
            57,
            "UpdateFeatures",
            .management,
            codes: ["errorCode", "results[].errorCode"],
            checks: [.cluster(.alter)],
            after: [95, 96],
            data: "featureUpdates(feature maxVersionLevel allowDowngrade upgradeType:upgrade) validateOnly"
        ),
        row(
            64,
            "UnregisterBroker",
            .management,
            codes: ["errorCode"],
            checks: [.cluster(.alter)],
            after: [102],
            data: "brokerId"
        ),
        row(
            80,
            "AddRaftVoter",
            .management,
            codes: ["errorCode"],
            checks: [.cluster(.alter)],
            after: [126],
            data: "clusterId voterId voterDirectoryId listeners(name host port)"
        ),
        row(
            81,
            "RemoveRaftVoter",
            .management,
            codes: ["errorCode"],
            checks: [.cluster(.alter)],
            after: [127],
            data: "clusterId voterId voterDirectoryId"
        ),
        row(
            91,
            "AlterShareGroupOffsets",
            .management,
            names: ["topics[topic=topicName]"],
            codes: ["errorCode", "responses[topic=topicName|topicId].partitions[].errorCode"],
            checks: [.group(.read), .topic(.read)],
            after: AnswerCodes.group.union([3]),
            data: "groupId topics(topicName partitions(partitionIndex startOffset))"
        ),
        row(
            92,
            "DeleteShareGroupOffsets",
            .management,
            names: ["topics[topic=topicName]"],
            codes: ["errorCode", "responses[topic=topicName|topicId].errorCode"],
            checks: [.group(.delete), .topic(.read)],
            after: AnswerCodes.group.union([3]),
            data: "groupId topics(topicName)"
        ),
    ]
}
