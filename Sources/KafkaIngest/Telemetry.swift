// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ingest
import Metrics

/// Every metric of reading topics.
enum KafkaIngestTelemetry {
    private static let records = Counter(label: "kafka_source_records_total")
    private static let bytes = Counter(label: "kafka_source_bytes_total")
    private static let setAside = Counter(label: "kafka_source_set_aside_total")

    static func stored(_ piece: TopicPiece, _ report: PartReport) {
        records.increment(by: piece.recordCount)
        bytes.increment(by: piece.batch.bytes.count)
        setAside.increment(by: report.quarantined.count)
    }

    static func state(_ state: TopicProgress, topics: [String]) {
        let labels = [("topic", topics.joined(separator: ","))]
        Gauge(label: "kafka_source_partitions", dimensions: labels).record(state.partitionCount)
        Gauge(label: "kafka_source_lag_records", dimensions: labels).record(state.lag)
        Gauge(label: "kafka_source_trouble", dimensions: labels).record(state.trouble == nil ? 0 : 1)
        let age = state.unreadSince.map { max(0, Date().timeIntervalSince1970 - Double($0) / 1000) }
        Gauge(label: "kafka_source_oldest_unread_seconds", dimensions: labels).record(age ?? 0)
    }
}
