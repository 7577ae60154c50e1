// SPDX-License-Identifier: Apache-2.0

/// How far reading topics into the log, or writing the log to topics, has come, as `GET /v1/status` tells it.
package struct TopicStatus: Sendable, Encodable {
    package enum Direction: String, Sendable, Encodable {
        /// From topics into the log.
        case source
        /// From the log to topics.
        case sink
    }

    package let direction: Direction
    package let topics: [String]
    /// Of the topics that are read.
    package var partitions: Int?
    /// Records read or written since the server was started.
    package var records = 0
    /// Over the last seconds.
    package var recordsPerSecond = 0
    /// Records that are not read, or events that are not written.
    package var lag = 0
    /// No unread record, or unwritten event, is older; absent when there is none.
    package var lagSeconds: Int?
    /// Records that are no events, and are in the quarantine.
    package var setAside: Int?
    /// What is the matter; absent when all is well.
    package var trouble: String?
    /// Whether it is behind for longer than the configuration allows.
    package var isTooLate = false

    package init(_ direction: Direction, topics: [String]) {
        self.direction = direction
        self.topics = topics
    }
}
