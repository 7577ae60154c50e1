// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Metrics

/// Every metric of the clients.
enum KafkaClientTelemetry {
    /// librdkafka's statistics, as far as people look at them.
    private struct Statistics: Decodable {
        let received: Int?
        let receivedBytes: Int?
        let sent: Int?
        let sentBytes: Int?
        let waitingToBeSent: Int?
        let waitingToBeTaken: Int?

        enum CodingKeys: String, CodingKey {
            case received = "rxmsgs"
            case receivedBytes = "rxmsg_bytes"
            case sent = "txmsgs"
            case sentBytes = "txmsg_bytes"
            case waitingToBeSent = "msg_cnt"
            case waitingToBeTaken = "replyq"
        }
    }

    /// What librdkafka counts, every `statistics.interval.ms`.
    static func statistics(_ json: [UInt8], isProducer: Bool) {
        guard let statistics = try? JSONDecoder().decode(Statistics.self, from: Data(json)) else { return }
        let client = [("client", isProducer ? "producer" : "consumer")]
        let messages = isProducer ? statistics.sent : statistics.received
        let bytes = isProducer ? statistics.sentBytes : statistics.receivedBytes
        Gauge(label: "kafka_client_records", dimensions: client).record(messages ?? 0)
        Gauge(label: "kafka_client_bytes", dimensions: client).record(bytes ?? 0)
        Gauge(label: "kafka_client_queued_records", dimensions: client)
            .record(isProducer ? statistics.waitingToBeSent ?? 0 : statistics.waitingToBeTaken ?? 0)
    }

    static func failed(_ error: KafkaClientError) {
        Counter(label: "kafka_client_errors_total", dimensions: [("code", error.code.rawValue)]).increment()
    }
}
