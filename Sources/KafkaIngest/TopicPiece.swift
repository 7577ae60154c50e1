// SPDX-License-Identifier: Apache-2.0

import Ingest
import KafkaClient

/// Records of one partition as the log takes them.
struct TopicPiece: Sendable {
    let partition: KafkaPartition
    let batch: SourceBatch
    /// What is missing of gateways before or between its records.
    private(set) var gaps: [Gap] = []
    let recordCount: Int
    private(set) var ownCount = 0
    let position: TopicPosition
    let lastStamp: Int64?

    /// The headers that are looked at.
    static let headers = [MartletHeaders.log, MartletHeaders.gateway, MartletHeaders.sequence]

    /// A piece of the records behind a position.
    ///
    /// `source` is how the log names the partition, and `log` the log's own name: what comes from it is not put in again.
    init(_ records: KafkaRecords, behind position: TopicPosition, source: String, log: String, submitter: String) {
        var gateways = position.gateways
        var (events, empty): ([SourceRecord], [SourcePiece]) = ([], [])
        events.reserveCapacity(records.records.count)
        for record in records.records {
            if !record.headers.isEmpty {
                if record.headers.contains(where: { $0.name == MartletHeaders.log && $0.text == log }) {
                    ownCount += 1
                    continue
                }
                if let gap = Self.gap(before: record, &gateways, submitter) { gaps.append(gap) }
            }
            if let value = record.value, !value.isEmpty {
                events.append(SourceRecord(value, offset: record.offset))
            } else {
                empty.append(Self.empty(record))
            }
        }
        partition = records.partition
        recordCount = records.records.count
        lastStamp = records.lastStamp
        self.position = TopicPosition(offset: records.endOffset, gateways: gateways)
        batch = SourceBatch(
            source: source,
            bytes: records.bytes,
            records: events,
            settingAside: empty,
            position: self.position.bytes
        )
    }

    private static func empty(_ record: KafkaRecords.Record) -> SourcePiece {
        SourcePiece(
            bytes: [],
            code: "emptyRecord",
            message: "the record has no value",
            byteOffset: Int(clamping: record.offset)
        )
    }

    private static func gap(
        before record: KafkaRecords.Record,
        _ gateways: inout GatewaySequences,
        _ submitter: String
    ) -> Gap? {
        func text(_ name: String) -> String? { record.headers.first { $0.name == name }?.text }
        guard let name = text(MartletHeaders.gateway).flatMap({ GatewayName($0) }),
            let number = text(MartletHeaders.sequence).flatMap({ UInt64($0) }),
            let missing = gateways.hear(name, number)
        else { return nil }
        return Gap(
            submitter: submitter,
            source: "gateway:\(name)",
            from: "sequence \(missing.lowerBound)",
            to: "sequence \(missing.upperBound)",
            reason: .missingSequence,
            lostCount: Int(clamping: missing.upperBound - missing.lowerBound + 1)
        )
    }
}
