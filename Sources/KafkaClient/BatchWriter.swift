// SPDX-License-Identifier: Apache-2.0

import CRdKafka
import Glibc

/// Gives the records of a batch to librdkafka, one call each, with nothing allocated but what librdkafka keeps.
struct BatchWriter {
    private let batch: OutgoingBatch
    private let topics: [OpaquePointer]
    private let client: OpaquePointer

    /// `topics` are objects of the batch's topics.
    init(_ batch: OutgoingBatch, _ topics: [OpaquePointer], _ client: OpaquePointer) {
        self.batch = batch
        self.topics = topics
        self.client = client
    }

    /// Gives them all; `sent` gets the outcomes of those that are refused at once.
    ///
    /// `check` is asked while the queue is full, and throws to give up.
    func write(_ sent: SentBatch, whileFull check: () throws -> Void) throws {
        let names = batch.headerNames.map { strdup($0) }
        let common = batch.commonHeaders.map { strdup($0.name) }
        defer { for name in names + common { free(name) } }
        try batch.values.withUnsafeBytes { values in
            try batch.labels.withUnsafeBytes { labels in
                let call = ProduceCall(client, values, labels)
                for (place, record) in batch.records.enumerated() {
                    let headers = makeHeaders(of: record, labels, names, common)
                    let slot = sent.slots.baseAddress.map { $0 + place }
                    var code = call.produce(record, topics[record.topic], headers, slot)
                    while code == RD_KAFKA_RESP_ERR__QUEUE_FULL {
                        rd_kafka_poll(client, 10)
                        do { try check() } catch {
                            if let headers { rd_kafka_headers_destroy(headers) }
                            throw error
                        }
                        code = call.produce(record, topics[record.topic], headers, slot)
                    }
                    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
                    // The headers are librdkafka's only when it took the record.
                    if let headers { rd_kafka_headers_destroy(headers) }
                    sent.slots[place].code = code
                }
            }
        }
    }

    private func makeHeaders(
        of record: OutgoingRecord,
        _ labels: UnsafeRawBufferPointer,
        _ names: [UnsafeMutablePointer<CChar>?],
        _ common: [UnsafeMutablePointer<CChar>?]
    ) -> OpaquePointer? {
        let count = record.headers.count + common.count
        guard count > 0, let headers = rd_kafka_headers_new(count) else { return nil }
        for (place, name) in common.enumerated() {
            batch.commonHeaders[place].value.withUnsafeBytes { value in
                _ = rd_kafka_header_add(headers, name, -1, value.baseAddress, value.count)
            }
        }
        for header in batch.headers[record.headers] {
            let value = UnsafeRawBufferPointer(rebasing: labels[header.value])
            _ = rd_kafka_header_add(headers, names[header.name], -1, value.baseAddress, value.count)
        }
        return headers
    }
}

/// The call that takes a record.
private struct ProduceCall {
    private let client: OpaquePointer
    private let values: UnsafeRawBufferPointer
    private let labels: UnsafeRawBufferPointer

    init(_ client: OpaquePointer, _ values: UnsafeRawBufferPointer, _ labels: UnsafeRawBufferPointer) {
        self.client = client
        self.values = values
        self.labels = labels
    }

    func produce(
        _ record: OutgoingRecord,
        _ topic: OpaquePointer,
        _ headers: OpaquePointer?,
        _ slot: UnsafeMutablePointer<SentBatch.Slot>?
    ) -> rd_kafka_resp_err_t {
        withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 7) { arguments in
            var count = 0
            func add(_ type: rd_kafka_vtype_t, _ set: (inout rd_kafka_vu_t) -> Void) {
                var argument = rd_kafka_vu_t()
                argument.vtype = type
                set(&argument)
                arguments.initializeElement(at: count, to: argument)
                count += 1
            }
            add(RD_KAFKA_VTYPE_RKT) { $0.u.rkt = topic }
            add(RD_KAFKA_VTYPE_MSGFLAGS) { $0.u.i = RD_KAFKA_MSG_F_COPY }
            add(RD_KAFKA_VTYPE_VALUE) {
                $0.u.mem = Self.memory(record.isValueInLabels ? labels : values, record.value)
            }
            add(RD_KAFKA_VTYPE_OPAQUE) { $0.u.ptr = UnsafeMutableRawPointer(slot) }
            if let key = record.key { add(RD_KAFKA_VTYPE_KEY) { $0.u.mem = Self.memory(labels, key) } }
            if let partition = record.partition { add(RD_KAFKA_VTYPE_PARTITION) { $0.u.i32 = partition } }
            if let headers { add(RD_KAFKA_VTYPE_HEADERS) { $0.u.headers = headers } }
            guard let error = rd_kafka_produceva(client, arguments.baseAddress, count) else {
                return RD_KAFKA_RESP_ERR_NO_ERROR
            }
            defer { rd_kafka_error_destroy(error) }
            return rd_kafka_error_code(error)
        }
    }

    private static func memory(
        _ bytes: UnsafeRawBufferPointer,
        _ range: Range<Int>
    ) -> rd_kafka_vu_s.__Unnamed_union_u.__Unnamed_struct_mem {
        let part = UnsafeRawBufferPointer(rebasing: bytes[range])
        return .init(ptr: UnsafeMutableRawPointer(mutating: part.baseAddress), size: part.count)
    }
}
