// SPDX-License-Identifier: Apache-2.0

import CRdKafka
package import Logging
import Synchronization

/// Sends records, each of them once for every time that it is handed over, in order.
///
/// Idempotent, and every replica that is in sync has a record before it counts as arrived. Unless a property says otherwise a record waits
/// for its brokers for as long as it takes: one that is given up would be passed by those behind it.
package final class KafkaProducer: Sendable {
    private let handle: ClientHandle
    private let underWay = Mutex<[ObjectIdentifier: SentBatch]>([:])
    private let isAbandoned = Atomic(false)
    /// Touched on the handle's thread only.
    private let topics = Mutex(Topics())

    /// SAFETY: librdkafka's pointers, which the handle's thread uses, and `close` destroys before the client.
    private struct Topics: @unchecked Sendable {
        var objects: [String: OpaquePointer] = [:]
    }

    /// - Parameters:
    ///   - properties: of the connection; what this type decides is overridden.
    ///   - logger: for librdkafka's own lines.
    /// - Throws: `KafkaClientError.configuration`.
    package init(_ properties: KafkaProperties, logger: Logger) throws(KafkaClientError) {
        var own = KafkaProperties()
        own["enable.idempotence"] = "true"
        own["acks"] = "all"
        var defaults = KafkaProperties()
        defaults["client.id"] = "martlet"
        defaults["statistics.interval.ms"] = "10000"
        defaults["linger.ms"] = "5"
        defaults["compression.type"] = "zstd"
        defaults["message.timeout.ms"] = "0"
        // An event may have a mebibyte; whether the brokers take so much is theirs to say.
        defaults["message.max.bytes"] = "1200000"
        defaults["queue.buffering.max.kbytes"] = "65536"
        // The same as Java's clients: then records of a key are in the same partition, whoever sends them.
        defaults["partitioner"] = "murmur2_random"
        let all = defaults.overridden(by: properties).overridden(by: own)
        handle = try ClientHandle(.producer, all, logger) { configuration in
            rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, _ in
                guard let message = message?.pointee, let slot = message._private else { return }
                slot.assumingMemoryBound(to: SentBatch.Slot.self).pointee = SentBatch.Slot(
                    code: message.err,
                    partition: message.partition,
                    offset: message.offset
                )
            }
        }
    }

    /// Hands a batch to librdkafka, which sends it behind those before; waits while its queue is full.
    ///
    /// - Throws: `KafkaClientError` when the producer is closed or can't go on at all.
    package func submit(_ batch: OutgoingBatch) async throws -> SentBatch {
        try await handle.onThread { [self] client in
            try Self.checkHealth(client)
            let sent = SentBatch(batch)
            underWay.withLock { $0[ObjectIdentifier(sent)] = sent }
            let topics = try batch.topics.map { try topicObject($0, client) }
            try BatchWriter(batch, topics, client).write(sent) { [self] in
                guard !isAbandoned.load(ordering: .relaxed) else { throw Self.abandoned }
            }
            return sent
        }
    }

    /// Waits until each record of a batch arrived or failed; one that failed may have arrived all the same.
    ///
    /// - Throws: `KafkaClientError` when the producer is abandoned, closed, or can't go on at all.
    package func outcome(of sent: SentBatch) async throws -> DeliveryReport {
        try await handle.onThread { [self] client in
            while !sent.isDone() {
                guard !isAbandoned.load(ordering: .relaxed) else { throw Self.abandoned }
                rd_kafka_poll(client, 100)
                try Self.checkHealth(client)
            }
            underWay.withLock { $0[ObjectIdentifier(sent)] = nil }
            let report = sent.report(handle.notes.error)
            if report.failures.isEmpty { handle.notes.succeeded() }
            return report
        }
    }

    /// Sends records of one topic, in this order, and waits until each has arrived or failed.
    ///
    /// - Parameters:
    ///   - records: which; their ranges are of `bytes`.
    ///   - bytes: keys and values.
    ///   - topic: to which.
    ///   - headers: of all of them.
    /// - Returns: for each record nil, or why it failed: it may have arrived all the same.
    /// - Throws: `KafkaClientError` when the producer is closed or can't go on at all.
    package func send(
        _ records: [OutgoingRecord],
        of bytes: [UInt8],
        to topic: String,
        headers: [KafkaHeader] = []
    ) async throws -> [KafkaClientError?] {
        var batch = OutgoingBatch(topics: [topic], values: bytes)
        batch.labels = bytes
        batch.records = records
        batch.commonHeaders = headers
        let report = try await outcome(of: submit(batch))
        var failures: [KafkaClientError?] = Array(repeating: nil, count: records.count)
        for (place, error) in report.failures { failures[place] = error }
        return failures
    }

    /// The cluster's id; nil when no broker says one within the time.
    package func clusterID(within limit: Duration = .seconds(10)) async throws -> String? {
        try await handle.clusterID(within: limit)
    }

    /// Why nothing arrives; nil when there is nothing to say.
    package var error: KafkaClientError? { handle.notes.error }

    /// Makes whatever waits for records fail soon.
    package func abandon() { isAbandoned.store(true, ordering: .relaxed) }

    /// Ends the connections; what did not arrive yet may arrive or not.
    package func close() async {
        abandon()
        await handle.close { [self] client in
            rd_kafka_purge(client, Int32(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))
            let ended = topics.withLock { topics in
                defer { topics = Topics() }
                return topics
            }
            for object in ended.objects.values { rd_kafka_topic_destroy(object) }
        }
        underWay.withLock { $0 = [:] }
    }

    // MARK: - Parts, on the thread

    private static let abandoned = KafkaClientError(.other, "the producer is being ended")

    private func topicObject(_ name: String, _ client: OpaquePointer) throws(KafkaClientError) -> OpaquePointer {
        if let known = topics.withLock({ $0.objects[name].map(Pointer.init) }) { return known.value }
        guard let made = rd_kafka_topic_new(client, name, nil) else {
            throw KafkaClientError(rd_kafka_last_error(), while: "topic \(name)")
        }
        let pointer = Pointer(made)
        topics.withLock { $0.objects[name] = pointer.value }
        return made
    }

    private static func checkHealth(_ client: OpaquePointer) throws(KafkaClientError) {
        var reason = [CChar](repeating: 0, count: 512)
        let code = rd_kafka_fatal_error(client, &reason, reason.count)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaClientError(code, text(reason), while: "producing") }
    }
}

/// SAFETY: as `KafkaProducer.Topics`.
private struct Pointer: @unchecked Sendable {
    let value: OpaquePointer
    init(_ value: OpaquePointer) { self.value = value }
}
