// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages; never edited.

/// The descriptions of all messages, for MessageTable to parse.
enum MessageText {
    static let all: [String] = [
        acls,
        authentication,
        brokers,
        cluster,
        configs,
        groups,
        records,
        shareGroups,
        streamsGroups,
        telemetry,
        topics,
        transactions,
    ]
}
