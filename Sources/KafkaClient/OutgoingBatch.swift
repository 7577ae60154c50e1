// SPDX-License-Identifier: Apache-2.0

/// A record to be sent: where its parts are in a batch.
package struct OutgoingRecord: Sendable {
    /// In the batch's `topics`.
    package var topic = 0
    /// In `labels`; nil for none.
    package var key: Range<Int>?
    /// In `values`, or in `labels`.
    package var value: Range<Int>
    package var isValueInLabels = false
    /// In `headers`.
    package var headers = 0..<0
    /// As Kafka's default partitioner chooses by the key, when nil.
    package var partition: Int32?

    package init(key: Range<Int>? = nil, value: Range<Int>, partition: Int32? = nil) {
        self.key = key
        self.value = value
        self.partition = partition
    }
}

/// Records in the order in which they are sent, with all their bytes in two pieces: `values` may be bytes that somebody has anyway.
package struct OutgoingBatch: Sendable {
    /// A header of one record.
    package struct Header: Sendable {
        /// In `headerNames`.
        package let name: Int
        /// In `labels`.
        package let value: Range<Int>

        package init(name: Int, value: Range<Int>) {
            self.name = name
            self.value = value
        }
    }

    package var topics: [String]
    package var values: [UInt8]
    /// Keys, and what of values and headers is not in `values`.
    package var labels: [UInt8] = []
    package var records: [OutgoingRecord] = []
    package var headerNames: [String] = []
    package var headers: [Header] = []
    /// Those that every record has.
    package var commonHeaders: [KafkaHeader] = []

    package init(topics: [String], values: [UInt8]) {
        self.topics = topics
        self.values = values
    }
}

/// What became of a batch.
package struct DeliveryReport: Sendable {
    /// The offset behind the last record that arrived, by partition.
    package internal(set) var ends: [KafkaPartition: Int64] = [:]
    /// Places of the records that did not arrive, as far as is known, in order.
    package internal(set) var failures: [(place: Int, error: KafkaClientError)] = []
}
