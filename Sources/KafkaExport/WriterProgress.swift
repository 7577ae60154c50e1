// SPDX-License-Identifier: Apache-2.0

package import KafkaClient

/// How far a sink is.
package struct WriterProgress: Sendable {
    /// Records that arrived since it was started.
    package internal(set) var recordCount = 0
    package internal(set) var byteCount = 0
    /// Events that can't be written, such as those larger than the topic takes.
    package internal(set) var refusedCount = 0
    /// Of the events that are all done; nil before it is known.
    package internal(set) var nextIndex: UInt64?
    /// Records a second over the last seconds.
    package internal(set) var rate = 0.0
    /// What is the matter; nil when records arrived since.
    package internal(set) var trouble: KafkaClientError?
}
