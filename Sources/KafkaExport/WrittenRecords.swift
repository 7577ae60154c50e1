// SPDX-License-Identifier: Apache-2.0

import KafkaClient
import Logging

/// The events that topics have already.
struct WrittenEvents: Sendable {
    /// Of the partitions when it was looked: these events are in front.
    let ends: [KafkaPartition: Int64]
    var indices: Set<UInt64> = []
}

/// Finds out what topics have of a log already: after a crash nobody else knows which of the last records arrived.
struct WrittenRecords {
    let consumer: KafkaConsumer
    let log: String

    /// The headers that it needs.
    static let headers = [MartletHeaders.log, MartletHeaders.index]

    /// The ends of all partitions of topics; of a topic that is not there yet, nothing.
    ///
    /// - Throws: `KafkaClientError`.
    func ends(of topics: [String]) async throws -> [KafkaPartition: Int64] {
        var ends: [KafkaPartition: Int64] = [:]
        for topic in topics {
            do {
                let ranges = try await consumer.ranges(of: consumer.partitions(of: topic))
                ends.merge(ranges.mapValues(\.upperBound)) { $1 }
            } catch let error as KafkaClientError where error.code == .unknownTopic {
                continue
            }
        }
        return ends
    }

    /// The indices of events from `nextIndex` on that the topics have behind some offsets.
    ///
    /// - Throws: `KafkaClientError`.
    func indices(
        from nextIndex: UInt64,
        behind starts: [KafkaPartition: Int64],
        upTo ends: [KafkaPartition: Int64]
    ) async throws -> Set<UInt64> {
        var open: [KafkaPartition: Int64] = [:]
        for (partition, range) in try await consumer.ranges(of: Array(ends.keys)) {
            let (first, end) = (range.lowerBound, ends[partition] ?? range.upperBound)
            let start = max(first, starts[partition] ?? first)
            guard start < end else { continue }
            try await consumer.read(partition, from: start)
            open[partition] = end
        }
        var indices: Set<UInt64> = []
        while !open.isEmpty {
            for delivery in try await consumer.next() {
                switch delivery {
                case .records(let records):
                    indices.formUnion(records.records.compactMap { index(of: $0) }.filter { $0 >= nextIndex })
                    if let end = open[records.partition], records.endOffset >= end { open[records.partition] = nil }
                case .end(let partition, _): open[partition] = nil
                case .failed(_, let error): throw error
                }
            }
        }
        return indices
    }

    private func index(of record: KafkaRecords.Record) -> UInt64? {
        func text(_ name: String) -> String? { record.headers.first { $0.name == name }?.text }
        guard text(MartletHeaders.log) == log else { return nil }
        return text(MartletHeaders.index).flatMap { UInt64($0) }
    }
}
