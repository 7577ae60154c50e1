// SPDX-License-Identifier: Apache-2.0

import Metrics

/// Every metric of writing topics.
enum KafkaExportTelemetry {
    private static let records = Counter(label: "kafka_sink_records_total")
    private static let refused = Counter(label: "kafka_sink_refused_total")
    private static let missing = Counter(label: "kafka_sink_missing_total")
    private static let lag = Gauge(label: "kafka_sink_lag_events")
    private static let trouble = Gauge(label: "kafka_sink_trouble")

    static func arrived(_ count: Int) { records.increment(by: count) }
    static func refused(_ count: Int) { refused.increment(by: count) }
    static func missing(_ count: Int) { missing.increment(by: count) }

    static func state(_ state: WriterProgress, endIndex: UInt64) {
        lag.record(Int(clamping: endIndex - min(endIndex, state.nextIndex ?? endIndex)))
        trouble.record(state.trouble == nil ? 0 : 1)
    }
}
