// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

enum OutcomeCases {
    private static let cluster = "crn:///kafka=k-1"
    private static func topic(_ name: String) -> String { "\(cluster)/topic=\(name)" }
    private static func group(_ name: String) -> String { "\(cluster)/group=\(name)" }

    static let management: [OutcomeCase] = [
        OutcomeCase(
            "CreateTopics",
            19,
            5,
            ["topics": [["name": "a"], ["name": "b"], ["name": "c"], ["name": "d"]]],
            [
                "topics": [
                    ["name": "a", "errorCode": 0], ["name": "b", "errorCode": 29], ["name": "c", "errorCode": 36],
                    ["name": "d", "errorCode": 41],
                ]
            ],
            ["allowed Create Topic a", "denied Create Topic b", "allowed Create Topic c"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "CreateTopics, refused for the cluster",
            19,
            1,
            ["topics": [["name": "a"]]],
            ["topics": [["name": "a", "errorCode": 31]]],
            ["denied Create Cluster kafka-cluster"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "CreateTopics, invalid request",
            19,
            5,
            ["topics": [["name": "a"]]],
            ["topics": [["name": "a", "errorCode": 42]]],
            [],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "DeleteTopics by name",
            20,
            4,
            ["topicNames": ["a"]],
            ["responses": [["name": "a", "errorCode": 29]]],
            ["denied Delete Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "DeleteTopics of none",
            20,
            4,
            ["topicNames": ["a"]],
            ["responses": [["name": "a", "errorCode": 3]]],
            [],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "DeleteTopics",
            20,
            6,
            ["topics": [["name": "a", "topicId": .uuid(.none)]]],
            ["responses": [["name": "a", "topicId": .uuid(.one), "errorCode": 0]]],
            ["allowed Delete Topic a"],
            act: "success \(topic("a"))"
        ),
        OutcomeCase(
            "DeleteTopics by id",
            20,
            6,
            ["topics": [["name": nil, "topicId": .uuid(.one)]]],
            ["responses": [["name": nil, "topicId": .uuid(.one), "errorCode": 29]]],
            ["denied Describe Topic AAAAAAAAAAAAAAAAAAAAAQ"],
            act: "failure \(topic("AAAAAAAAAAAAAAAAAAAAAQ"))"
        ),
        OutcomeCase(
            "DeleteRecords",
            21,
            2,
            ["topics": [["name": "a", "partitions": [["partitionIndex": 0, "offset": 1]]]]],
            ["topics": [["name": "a", "partitions": [["partitionIndex": 0, "errorCode": 29]]]]],
            ["denied Delete Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase("DescribeAcls without authorizer", 29, 3, [:], ["errorCode": 54], [], act: "failure \(cluster)"),
        OutcomeCase(
            "CreateAcls",
            30,
            2,
            ["creations": [["resourceType": 2], ["resourceType": 3]]],
            ["results": [["errorCode": 31], ["errorCode": 31]]],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "CreateAcls, allowed",
            30,
            2,
            ["creations": [["resourceType": 2]]],
            ["results": [["errorCode": 0]]],
            ["allowed Alter Cluster kafka-cluster"],
            act: "success \(cluster)"
        ),
        OutcomeCase(
            "DeleteAcls",
            31,
            2,
            ["filters": [["operation": 1]]],
            ["filterResults": [["errorCode": 31]]],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "AlterConfigs by type",
            33,
            2,
            ["resources": [["resourceType": 2, "resourceName": "a"], ["resourceType": 4, "resourceName": "1"]]],
            [
                "responses": [
                    ["errorCode": 29, "resourceType": 2, "resourceName": "a"],
                    ["errorCode": 31, "resourceType": 4, "resourceName": "1"],
                ]
            ],
            ["denied AlterConfigs Topic a", "denied AlterConfigs Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "IncrementalAlterConfigs of a broker, invalid before the check",
            44,
            1,
            ["resources": [["resourceType": 4, "resourceName": "1"]]],
            ["responses": [["errorCode": 40, "resourceType": 4, "resourceName": "1"]]],
            [],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "IncrementalAlterConfigs of a topic, invalid behind the check",
            44,
            1,
            ["resources": [["resourceType": 2, "resourceName": "a"]]],
            ["responses": [["errorCode": 40, "resourceType": 2, "resourceName": "a"]]],
            ["allowed AlterConfigs Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "IncrementalAlterConfigs of a group",
            44,
            1,
            ["resources": [["resourceType": 32, "resourceName": "g"]]],
            ["responses": [["errorCode": 30, "resourceType": 32, "resourceName": "g"]]],
            ["denied AlterConfigs Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "AlterReplicaLogDirs",
            34,
            2,
            ["dirs": [["path": "/d", "topics": [["name": "a", "partitions": [0]]]]]],
            ["results": [["topicName": "a", "partitions": [["partitionIndex": 0, "errorCode": 31]]]]],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "CreatePartitions",
            37,
            2,
            ["topics": [["name": "a", "count": 6]]],
            ["results": [["name": "a", "errorCode": 37]]],
            ["allowed Alter Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "CreateDelegationToken for oneself",
            38,
            3,
            ["ownerPrincipalType": "User", "ownerPrincipalName": "alice"],
            ["errorCode": 0, "tokenId": "t1"],
            [],
            act: "success \(cluster)"
        ),
        OutcomeCase(
            "CreateDelegationToken for another",
            38,
            3,
            ["ownerPrincipalType": "User", "ownerPrincipalName": "bob"],
            ["errorCode": 65],
            ["denied CreateTokens User User:bob"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "RenewDelegationToken of another",
            39,
            2,
            ["renewPeriodMs": 1],
            ["errorCode": 63],
            [],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "ExpireDelegationToken",
            40,
            2,
            ["expiryTimePeriodMs": -1],
            ["errorCode": 0],
            [],
            act: "success \(cluster)"
        ),
        OutcomeCase(
            "ElectLeaders",
            43,
            2,
            ["electionType": 0, "topicPartitions": nil],
            ["errorCode": 31, "replicaElectionResults": []],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "ElectLeaders, old",
            43,
            0,
            ["topicPartitions": [["topic": "a", "partitions": [0]]]],
            ["replicaElectionResults": [["topic": "a", "partitionResult": [["partitionId": 0, "errorCode": 31]]]]],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "ElectLeaders, nothing to do",
            43,
            2,
            ["electionType": 0],
            ["errorCode": 0, "replicaElectionResults": [["topic": "a", "partitionResult": [["errorCode": 84]]]]],
            ["allowed Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "AlterPartitionReassignments",
            45,
            0,
            ["topics": [["name": "a"]]],
            ["errorCode": 31, "responses": []],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "AlterClientQuotas",
            49,
            1,
            ["entries": []],
            ["entries": [["errorCode": 31]]],
            ["denied AlterConfigs Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "AlterUserScramCredentials",
            51,
            0,
            ["deletions": [], "upsertions": [["name": "dave"]]],
            ["results": [["user": "dave", "errorCode": 93]]],
            ["allowed Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "UpdateFeatures",
            57,
            1,
            ["featureUpdates": []],
            ["errorCode": 31],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "UnregisterBroker",
            64,
            0,
            ["brokerId": 4],
            ["errorCode": 0],
            ["allowed Alter Cluster kafka-cluster"],
            act: "success \(cluster)"
        ),
        OutcomeCase(
            "AddRaftVoter",
            80,
            0,
            ["voterId": 4],
            ["errorCode": 31],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase("RemoveRaftVoter", 81, 0, ["voterId": 4], ["errorCode": 41], [], act: "failure \(cluster)"),
    ]

    static let groups: [OutcomeCase] = [
        OutcomeCase(
            "OffsetCommit, group refused",
            8,
            8,
            ["groupId": "g", "topics": [["name": "a"]]],
            [
                "topics": [
                    [
                        "name": "a",
                        "partitions": [
                            ["partitionIndex": 0, "errorCode": 30], ["partitionIndex": 1, "errorCode": 30],
                        ],
                    ]
                ]
            ],
            ["denied Read Group g"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "OffsetCommit, one topic refused",
            8,
            8,
            ["groupId": "g", "topics": [["name": "a"], ["name": "b"]]],
            [
                "topics": [
                    ["name": "a", "partitions": [["partitionIndex": 0, "errorCode": 29]]],
                    ["name": "b", "partitions": [["partitionIndex": 0, "errorCode": 0]]],
                ]
            ],
            ["allowed Read Group g", "denied Read Topic a", "allowed Read Topic b"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "OffsetFetch 7",
            9,
            7,
            ["groupId": "g", "topics": [["name": "a"]]],
            ["topics": [], "errorCode": 30],
            ["denied Describe Group g"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "OffsetFetch 8, several groups",
            9,
            8,
            ["groups": [["groupId": "g"], ["groupId": "h"]]],
            [
                "groups": [
                    ["groupId": "g", "topics": [], "errorCode": 30],
                    [
                        "groupId": "h",
                        "topics": [["name": "a", "partitions": [["partitionIndex": 0, "errorCode": 29]]]],
                        "errorCode": 0,
                    ],
                ]
            ],
            ["denied Describe Group g", "allowed Describe Group h", "denied Describe Topic a"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "FindCoordinator 2",
            10,
            2,
            ["key": "g", "keyType": 0],
            ["errorCode": 30],
            ["denied Describe Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "FindCoordinator 0",
            10,
            0,
            ["key": "g"],
            ["errorCode": 15],
            ["allowed Describe Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "FindCoordinator of a transaction",
            10,
            2,
            ["key": "x", "keyType": 1],
            ["errorCode": 53],
            ["denied Describe TransactionalId x"],
            act: "failure \(cluster)/transactional-id=x"
        ),
        OutcomeCase(
            "FindCoordinator 4, a batch",
            10,
            4,
            ["keyType": 0, "coordinatorKeys": ["g", "h"]],
            ["coordinators": [["key": "g", "errorCode": 0], ["key": "h", "errorCode": 30]]],
            ["allowed Describe Group g", "denied Describe Group h"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "FindCoordinator of a share partition",
            10,
            6,
            ["keyType": 2, "coordinatorKeys": ["k"]],
            ["coordinators": [["key": "k", "errorCode": 31]]],
            ["denied ClusterAction Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "JoinGroup, first try",
            11,
            5,
            ["groupId": "g"],
            ["errorCode": 79],
            ["allowed Read Group g"],
            act: nil
        ),
        OutcomeCase(
            "JoinGroup",
            11,
            5,
            ["groupId": "g"],
            ["errorCode": 30],
            ["denied Read Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "Heartbeat",
            12,
            3,
            ["groupId": "g"],
            ["errorCode": 27],
            ["allowed Read Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "LeaveGroup",
            13,
            3,
            ["groupId": "g", "members": [["memberId": "m"]]],
            ["errorCode": 0, "members": [["memberId": "m", "errorCode": 25]]],
            ["allowed Read Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "SyncGroup says 23 before the check",
            14,
            5,
            ["groupId": "g"],
            ["errorCode": 23],
            [],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "DescribeGroups",
            15,
            5,
            ["groups": ["g"]],
            ["groups": [["errorCode": 30, "groupId": "g"]]],
            ["denied Describe Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "DeleteGroups",
            42,
            2,
            ["groupsNames": ["g", "h"]],
            ["results": [["groupId": "g", "errorCode": 30], ["groupId": "h", "errorCode": 68]]],
            ["denied Delete Group g", "allowed Delete Group h"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "OffsetDelete",
            47,
            0,
            ["groupId": "g", "topics": [["name": "a"]]],
            ["errorCode": 0, "topics": [["name": "a", "partitions": [["partitionIndex": 0, "errorCode": 29]]]]],
            ["allowed Delete Group g", "denied Read Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "ConsumerGroupHeartbeat, joining",
            68,
            0,
            ["groupId": "g", "memberEpoch": 0],
            ["errorCode": 0],
            ["allowed Read Group g"],
            act: "success \(group("g"))"
        ),
        OutcomeCase(
            "ConsumerGroupHeartbeat, leaving",
            68,
            0,
            ["groupId": "g", "memberEpoch": -2],
            ["errorCode": 0],
            ["allowed Read Group g"],
            act: "success \(group("g"))"
        ),
        OutcomeCase(
            "ConsumerGroupHeartbeat, living",
            68,
            0,
            ["groupId": "g", "memberEpoch": 5],
            ["errorCode": 0],
            [],
            act: nil
        ),
        OutcomeCase(
            "ConsumerGroupHeartbeat, living and refused",
            68,
            0,
            ["groupId": "g", "memberEpoch": 5],
            ["errorCode": 30],
            ["denied Read Group g"],
            act: nil
        ),
        OutcomeCase(
            "ConsumerGroupHeartbeat, topic refused",
            68,
            0,
            ["groupId": "g", "memberEpoch": 0, "subscribedTopicNames": ["a"]],
            ["errorCode": 29],
            ["allowed Read Group g", "denied Describe Topic a"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "ConsumerGroupDescribe",
            69,
            0,
            ["groupIds": ["g"]],
            ["groups": [["errorCode": 30, "groupId": "g"]]],
            ["denied Describe Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "ShareGroupHeartbeat",
            76,
            1,
            ["groupId": "g", "memberEpoch": 0],
            ["errorCode": 30],
            ["denied Read Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "ShareGroupDescribe",
            77,
            1,
            ["groupIds": ["g"]],
            ["groups": [["errorCode": 0, "groupId": "g"]]],
            ["allowed Describe Group g"],
            act: "success \(group("g"))"
        ),
        OutcomeCase(
            "StreamsGroupHeartbeat",
            88,
            0,
            ["groupId": "g", "memberEpoch": 0],
            ["errorCode": 30],
            ["denied Read Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "StreamsGroupDescribe",
            89,
            0,
            ["groupIds": ["g"]],
            ["groups": [["errorCode": 30, "groupId": "g"]]],
            ["denied Describe Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "DescribeShareGroupOffsets",
            90,
            0,
            ["groups": [["groupId": "g"]]],
            ["groups": [["groupId": "g", "topics": [], "errorCode": 30]]],
            ["denied Describe Group g"],
            act: "failure \(group("g"))"
        ),
        OutcomeCase(
            "AlterShareGroupOffsets",
            91,
            0,
            ["groupId": "g", "topics": [["topicName": "a"]]],
            ["errorCode": 0, "responses": [["topicName": "a", "partitions": [["errorCode": 29]]]]],
            ["allowed Read Group g", "denied Read Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "DeleteShareGroupOffsets",
            92,
            0,
            ["groupId": "g", "topics": [["topicName": "a"]]],
            ["errorCode": 30, "responses": []],
            ["denied Delete Group g"],
            act: "failure \(topic("a"))"
        ),
    ]
}

extension KafkaUUID {
    static let none = KafkaUUID(high: 0, low: 0)
    static let one = KafkaUUID(high: 0, low: 1)
    static let two = KafkaUUID(high: 0, low: 2)
}
