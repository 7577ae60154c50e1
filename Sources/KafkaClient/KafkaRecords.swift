// SPDX-License-Identifier: Apache-2.0

/// A partition of a topic.
package struct KafkaPartition: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let topic: String
    /// From 0.
    package let number: Int32

    package init(_ topic: String, _ number: Int32) {
        self.topic = topic
        self.number = number
    }

    package var description: String { "\(topic)[\(number)]" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.topic, left.number) < (right.topic, right.number)
    }
}

/// A header of a record.
package struct KafkaHeader: Hashable, Sendable {
    package let name: String
    package let value: [UInt8]

    package init(_ name: String, _ value: [UInt8]) {
        self.name = name
        self.value = value
    }

    package init(_ name: String, _ value: String) { self.init(name, Array(value.utf8)) }

    package var text: String { String(decoding: value, as: UTF8.self) }
}

/// Records of one partition, in its order, with their values in one piece.
package struct KafkaRecords: Sendable {
    /// A record without its value.
    package struct Record: Sendable, Equatable {
        package let offset: Int64
        /// Where in `bytes` its value is; nil for one without a value.
        package let value: Range<Int>?
        /// Those of the headers that the consumer was asked for.
        package var headers: [KafkaHeader] = []
    }

    package let partition: KafkaPartition
    package internal(set) var bytes: [UInt8] = []
    package internal(set) var records: [Record] = []
    /// The last record's stamp, milliseconds since 1970; nil when it has none.
    package internal(set) var lastStamp: Int64?

    /// The offset behind the last record; there may be gaps between offsets, where transactions' markers or what was compacted were.
    package var endOffset: Int64 { (records.last?.offset ?? -1) + 1 }

    init(_ partition: KafkaPartition) {
        self.partition = partition
    }
}

/// What a consumer got.
package enum KafkaDelivery: Sendable {
    case records(KafkaRecords)
    /// There is nothing behind this offset at the moment.
    case end(KafkaPartition, offset: Int64)
    /// Nothing more comes of this partition until it is begun anew.
    case failed(KafkaPartition, KafkaClientError)
}
