// SPDX-License-Identifier: Apache-2.0

import CRdKafka

/// A batch that librdkafka has, and what it says of each record.
///
/// SAFETY: the slots are written by librdkafka's reports, which come on the handle's thread, and read there. They have to stay until
/// every report came or the client is gone: the producer holds a batch for that long.
package final class SentBatch: @unchecked Sendable {
    struct Slot {
        var code = SentBatch.underWay
        var partition: Int32 = -1
        var offset: Int64 = -1
    }

    let topics: [String]
    /// By record: which of the topics.
    let topicPlaces: [Int]
    let slots: UnsafeMutableBufferPointer<Slot>
    /// All in front are no longer under way.
    private var doneCount = 0

    init(_ batch: OutgoingBatch) {
        topics = batch.topics
        topicPlaces = batch.records.map(\.topic)
        slots = .allocate(capacity: batch.records.count)
        slots.initialize(repeating: Slot())
    }

    deinit { slots.deallocate() }

    /// No code of librdkafka's: its own end at -200.
    static var underWay: rd_kafka_resp_err_t { rd_kafka_resp_err_t(rawValue: -1_000) }

    /// Whether every record arrived or failed.
    func isDone() -> Bool {
        while doneCount < slots.count, slots[doneCount].code != Self.underWay { doneCount += 1 }
        return doneCount == slots.count
    }

    /// What became of each record; `cause` explains that records came too late.
    func report(_ cause: KafkaClientError?) -> DeliveryReport {
        var report = DeliveryReport()
        var ends: [[Int32: Int64]] = Array(repeating: [:], count: topics.count)
        for (place, slot) in slots.enumerated() {
            let topic = topicPlaces[place]
            if slot.code == RD_KAFKA_RESP_ERR_NO_ERROR {
                ends[topic][slot.partition] = max(slot.offset + 1, ends[topic][slot.partition] ?? 0)
            } else {
                report.failures.append((place, Self.error(slot.code, topics[topic], cause)))
            }
        }
        for (topic, partitions) in ends.enumerated() {
            for (number, end) in partitions { report.ends[KafkaPartition(topics[topic], number)] = end }
        }
        return report
    }

    private static func error(
        _ code: rd_kafka_resp_err_t,
        _ topic: String,
        _ cause: KafkaClientError?
    ) -> KafkaClientError {
        let error = KafkaClientError(code, while: "sending to \(topic)")
        guard error.code == .timedOut, let cause else { return error }
        return KafkaClientError(cause.code, "sending to \(topic): \(cause.message)")
    }
}
