// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Metrics

/// Every metric of the clients.
enum KafkaClientTelemetry {
    /// librdkafka's statistics, as far as people look at them.
    private struct Statistics: Decodable {
        let rxmsgs: Int?
        let rxmsg_bytes: Int?
        let txmsgs: Int?
        let txmsg_bytes: Int?
        let msg_cnt: Int?
        let replyq: Int?
        let age: Int?
    }

    /// What librdkafka counts, every `statistics.interval.ms`.
    static func statistics(_ json: [UInt8], isProducer: Bool) {
        guard let statistics = try? JSONDecoder().decode(Statistics.self, from: Data(json)) else { return }
        let client = [("client", isProducer ? "producer" : "consumer")]
        let messages = isProducer ? statistics.txmsgs : statistics.rxmsgs
        let bytes = isProducer ? statistics.txmsg_bytes : statistics.rxmsg_bytes
        Gauge(label: "kafka_client_records", dimensions: client).record(messages ?? 0)
        Gauge(label: "kafka_client_bytes", dimensions: client).record(bytes ?? 0)
        Gauge(label: "kafka_client_queued_records", dimensions: client)
            .record(isProducer ? statistics.msg_cnt ?? 0 : statistics.replyq ?? 0)
    }

    static func failed(_ error: KafkaClientError) {
        Counter(label: "kafka_client_errors_total", dimensions: [("code", error.code.rawValue)]).increment()
    }
}
