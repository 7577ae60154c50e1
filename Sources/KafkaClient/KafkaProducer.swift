// SPDX-License-Identifier: Apache-2.0

import CRdKafka
package import Logging

/// A record to be sent: where its key and its value are in a batch's bytes.
package struct OutgoingRecord: Sendable {
    package var key: Range<Int>?
    package var value: Range<Int>
    package var headers: [KafkaHeader] = []
    /// As Kafka's default partitioner chooses by the key, when nil.
    package var partition: Int32?

    package init(key: Range<Int>? = nil, value: Range<Int>, headers: [KafkaHeader] = [], partition: Int32? = nil) {
        self.key = key
        self.value = value
        self.headers = headers
        self.partition = partition
    }
}

/// Sends records and tells when each is on all brokers that must have it.
///
/// Idempotent, with `acks=all`: what it sends again by itself is once in the topic, in order. Of what it tells as failed nobody knows.
package final class KafkaProducer: Sendable {
    private let handle: ClientHandle

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
        // The same as Java's clients: then records of a key are in the same partition, whoever sends them.
        defaults["partitioner"] = "murmur2_random"
        let all = defaults.overridden(by: properties).overridden(by: own)
        handle = try ClientHandle(.producer, all, logger) { configuration in
            rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, _ in
                guard let message = message?.pointee, let slot = message._private else { return }
                slot.assumingMemoryBound(to: rd_kafka_resp_err_t.self).pointee = message.err
            }
        }
    }

    /// Sends records of one topic, in this order, and waits until each has arrived or failed.
    ///
    /// - Parameters:
    ///   - records: which; their ranges are of `bytes`.
    ///   - bytes: keys and values.
    ///   - topic: to which.
    /// - Returns: for each record nil, or why it failed: it may have arrived all the same.
    /// - Throws: `KafkaClientError` when the producer is closed or can't go on at all.
    package func send(
        _ records: [OutgoingRecord],
        of bytes: [UInt8],
        to topic: String
    ) async throws -> [KafkaClientError?] {
        try await handle.onThread { [handle] client in
            try withUnsafeTemporaryAllocation(of: rd_kafka_resp_err_t.self, capacity: records.count) { slots in
                slots.initialize(repeating: Self.underWay)
                bytes.withUnsafeBytes { bytes in
                    for (index, record) in records.enumerated() {
                        let code = Self.enqueue(record, bytes, topic, slots.baseAddress.map { $0 + index }, client)
                        if code != RD_KAFKA_RESP_ERR_NO_ERROR { slots[index] = code }
                    }
                }
                // The slots have to stay until every report came: librdkafka gives up by itself after message.timeout.ms.
                var next = 0
                while true {
                    while next < slots.count, slots[next] != Self.underWay { next += 1 }
                    guard next < slots.count else { break }
                    rd_kafka_poll(client, 100)
                }
                try Self.checkHealth(client)
                return slots.map { code in
                    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
                    let error = KafkaClientError(code, while: "sending to \(topic)")
                    guard error.code == .timedOut, let cause = handle.notes.error else { return error }
                    return KafkaClientError(cause.code, "sending to \(topic): \(cause.message)")
                }
            }
        }
    }

    /// Ends the connections.
    package func close() async { await handle.close() }

    // MARK: - Parts, on the thread

    /// No code of librdkafka's: its own end at -200.
    private static var underWay: rd_kafka_resp_err_t { rd_kafka_resp_err_t(rawValue: -1_000) }

    private static func enqueue(
        _ record: OutgoingRecord,
        _ bytes: UnsafeRawBufferPointer,
        _ topic: String,
        _ slot: UnsafeMutablePointer<rd_kafka_resp_err_t>?,
        _ client: OpaquePointer
    ) -> rd_kafka_resp_err_t {
        topic.withCString { topic in
            while true {
                let code = rd_kafka_error_taken(produce(record, bytes, topic, slot, client))
                guard code == RD_KAFKA_RESP_ERR__QUEUE_FULL else { return code }
                rd_kafka_poll(client, 10)
            }
        }
    }

    /// librdkafka copies what it is given, but headers' names and values only when it takes the record.
    private static func produce(
        _ record: OutgoingRecord,
        _ bytes: UnsafeRawBufferPointer,
        _ topic: UnsafePointer<CChar>,
        _ slot: UnsafeMutablePointer<rd_kafka_resp_err_t>?,
        _ client: OpaquePointer
    ) -> OpaquePointer? {
        var arguments: [rd_kafka_vu_t] = []
        arguments.reserveCapacity(6)
        func add(_ type: rd_kafka_vtype_t, _ set: (inout rd_kafka_vu_t) -> Void) {
            var argument = rd_kafka_vu_t()
            argument.vtype = type
            set(&argument)
            arguments.append(argument)
        }
        add(RD_KAFKA_VTYPE_TOPIC) { $0.u.cstr = topic }
        add(RD_KAFKA_VTYPE_MSGFLAGS) { $0.u.i = RD_KAFKA_MSG_F_COPY }
        add(RD_KAFKA_VTYPE_VALUE) { $0.u.mem = memory(bytes, record.value) }
        if let key = record.key { add(RD_KAFKA_VTYPE_KEY) { $0.u.mem = memory(bytes, key) } }
        if let partition = record.partition { add(RD_KAFKA_VTYPE_PARTITION) { $0.u.i32 = partition } }
        add(RD_KAFKA_VTYPE_OPAQUE) { $0.u.ptr = UnsafeMutableRawPointer(slot) }
        guard !record.headers.isEmpty, let headers = rd_kafka_headers_new(record.headers.count) else {
            return rd_kafka_produceva(client, arguments, arguments.count)
        }
        for header in record.headers {
            header.value.withUnsafeBytes { value in
                _ = rd_kafka_header_add(headers, header.name, -1, value.baseAddress, value.count)
            }
        }
        add(RD_KAFKA_VTYPE_HEADERS) { $0.u.headers = headers }
        let error = rd_kafka_produceva(client, arguments, arguments.count)
        // The headers are librdkafka's only when it took the record.
        if error != nil { rd_kafka_headers_destroy(headers) }
        return error
    }

    private static func memory(
        _ bytes: UnsafeRawBufferPointer,
        _ range: Range<Int>
    ) -> rd_kafka_vu_s.__Unnamed_union_u.__Unnamed_struct_mem {
        let part = UnsafeRawBufferPointer(rebasing: bytes[range])
        return .init(ptr: UnsafeMutableRawPointer(mutating: part.baseAddress), size: part.count)
    }

    private static func checkHealth(_ client: OpaquePointer) throws(KafkaClientError) {
        var reason = [CChar](repeating: 0, count: 512)
        let code = rd_kafka_fatal_error(client, &reason, reason.count)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaClientError(code, text(reason), while: "producing") }
    }
}

/// The code of an error, which is then gone.
private func rd_kafka_error_taken(_ error: OpaquePointer?) -> rd_kafka_resp_err_t {
    guard let error else { return RD_KAFKA_RESP_ERR_NO_ERROR }
    defer { rd_kafka_error_destroy(error) }
    return rd_kafka_error_code(error)
}
