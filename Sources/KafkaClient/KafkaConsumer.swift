// SPDX-License-Identifier: Apache-2.0

import CRdKafka
package import Logging
import Synchronization

/// Reads partitions from offsets that its owner chooses, and keeps none.
///
/// It is no member of a group and asks no coordinator: clusters that give audit logs away for reading may refuse both. An offset that is
/// not there is an error of its partition, never the beginning of another offset.
package final class KafkaConsumer: Sendable {
    private let handle: ClientHandle
    /// Touched on the handle's thread only.
    private let started = Mutex(Started())

    /// SAFETY: librdkafka's pointers, which the handle's thread uses, and `close` destroys before the client.
    private struct Started: @unchecked Sendable {
        var queue: OpaquePointer?
        var topics: [String: OpaquePointer] = [:]
        var names: [OpaquePointer: String] = [:]
        var partitions: Set<KafkaPartition> = []
    }

    /// Records of one piece take no more bytes than this and one record.
    static let pieceByteCount = 4 << 20

    private let headers: [String]

    /// - Parameters:
    ///   - properties: of the connection; what this type decides is overridden.
    ///   - headers: names of those that records come with; the others are left out.
    ///   - logger: for librdkafka's own lines.
    /// - Throws: `KafkaClientError.configuration`.
    package init(
        _ properties: KafkaProperties,
        headers: [String] = [],
        logger: Logger
    ) throws(KafkaClientError) {
        self.headers = headers
        var own = KafkaProperties()
        own["enable.partition.eof"] = "true"
        // Otherwise an offset that was removed becomes another one without a word.
        own["auto.offset.reset"] = "error"
        own["enable.auto.commit"] = "false"
        var defaults = KafkaProperties()
        defaults["client.id"] = "martlet"
        defaults["statistics.interval.ms"] = "10000"
        // What is fetched ahead is in memory, unpacked: an answer's bytes are packed.
        defaults["queued.max.messages.kbytes"] = "32768"
        defaults["fetch.max.bytes"] = "8388608"
        // Whatever else is asked of a broker waits behind a fetch that waits for records.
        defaults["fetch.wait.max.ms"] = "100"
        handle = try ClientHandle(.consumer, defaults.overridden(by: properties).overridden(by: own), logger)
    }

    // MARK: - What there is

    /// The partitions of a topic, in order.
    ///
    /// - Throws: `KafkaClientError`: `unknownTopic`, `unauthorized`, or what keeps the brokers from answering within the time.
    package func partitions(of topic: String, within limit: Duration = .seconds(5)) async throws -> [KafkaPartition] {
        try await handle.onThread { [self] client in
            let object = try topicObject(topic, client)
            var metadata: UnsafePointer<rd_kafka_metadata>?
            let code = rd_kafka_metadata(client, 0, object, &metadata, limit.milliseconds)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
                throw late(code, "asking for \(topic)", client)
            }
            defer { rd_kafka_metadata_destroy(metadata) }
            guard metadata.pointee.topic_cnt > 0, let found = metadata.pointee.topics?.pointee else { return [] }
            guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaClientError(found.err, while: "topic \(topic)")
            }
            handle.notes.succeeded()
            return UnsafeBufferPointer(start: found.partitions, count: Int(found.partition_cnt))
                .map { KafkaPartition(topic, $0.id) }.sorted()
        }
    }

    /// Of each partition the first offset that is there, and the one that the next record gets; asks each broker once.
    ///
    /// - Throws: `KafkaClientError`.
    package func ranges(
        of partitions: [KafkaPartition],
        within limit: Duration = .seconds(5)
    ) async throws -> [KafkaPartition: Range<Int64>] {
        // As in the request itself, these are no times.
        let (latest, earliest) = (Int64(RD_KAFKA_OFFSET_END), Int64(RD_KAFKA_OFFSET_BEGINNING))
        let firsts = try await offsets(of: partitions, notBefore: earliest, within: limit)
        let ends = try await offsets(of: partitions, notBefore: latest, within: limit)
        return firsts.reduce(into: [:]) { ranges, first in
            ranges[first.key] = max(0, first.value)..<max(0, first.value, ends[first.key] ?? 0)
        }
    }

    /// The first offset whose record is not older than a time; of a partition without such a record, the end.
    ///
    /// - Parameters:
    ///   - partitions: of which.
    ///   - milliseconds: since 1970, by the records' stamps.
    ///   - limit: for all of them.
    /// - Returns: by partition.
    /// - Throws: `KafkaClientError`.
    package func offsets(
        of partitions: [KafkaPartition],
        notBefore milliseconds: Int64,
        within limit: Duration = .seconds(5)
    ) async throws -> [KafkaPartition: Int64] {
        try await handle.onThread { [self] in try offsets(of: partitions, milliseconds, limit, $0) }
    }

    private func offsets(
        of partitions: [KafkaPartition],
        _ milliseconds: Int64,
        _ limit: Duration,
        _ client: OpaquePointer
    ) throws -> [KafkaPartition: Int64] {
        let list = rd_kafka_topic_partition_list_new(Int32(clamping: partitions.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in partitions {
            rd_kafka_topic_partition_list_add(list, partition.topic, partition.number)?.pointee.offset = milliseconds
        }
        let code = rd_kafka_offsets_for_times(client, list, limit.milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let list else {
            throw late(code, "asking for offsets by time", client)
        }
        var offsets: [KafkaPartition: Int64] = [:]
        for found in UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt)) {
            let partition = KafkaPartition(String(cString: found.topic), found.partition)
            guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaClientError(found.err, while: "asking for offsets of \(partition)")
            }
            offsets[partition] = found.offset
        }
        return offsets
    }

    // MARK: - Reading

    /// Begins to read a partition at an offset; one that is read already goes on there.
    ///
    /// - Throws: `KafkaClientError`.
    package func read(_ partition: KafkaPartition, from offset: Int64) async throws {
        try await handle.onThread { [self] client in
            let object = try topicObject(partition.topic, client)
            let queue = try queue(client)
            if started.withLock({ $0.partitions.contains(partition) }) {
                rd_kafka_consume_stop(object, partition.number)
            }
            guard rd_kafka_consume_start_queue(object, partition.number, offset, queue) == 0 else {
                throw KafkaClientError(rd_kafka_last_error(), while: "reading \(partition) from \(offset)")
            }
            _ = started.withLock { $0.partitions.insert(partition) }
        }
    }

    /// What came, partition by partition; empty when nothing did within the time.
    ///
    /// - Parameters:
    ///   - maximum: of records.
    ///   - limit: how long it waits for the first.
    /// - Returns: of each partition its records before what ends them.
    /// - Throws: `KafkaClientError` when no partition is read.
    package func next(
        maximum: Int = 5_000,
        within limit: Duration = .milliseconds(200)
    ) async throws -> [KafkaDelivery] {
        try await handle.onThread { [self] client in
            let queue = try queue(client)
            rd_kafka_poll(client, 0)
            return withUnsafeTemporaryAllocation(
                of: UnsafeMutablePointer<rd_kafka_message_t>?.self,
                capacity: maximum
            ) { messages in
                let count = rd_kafka_consume_batch_queue(queue, limit.milliseconds, messages.baseAddress, maximum)
                let names = started.withLock { $0.names }
                var sorter = DeliverySorter(names, headers)
                let got = messages.prefix(max(0, count)).compactMap { $0 }
                for message in got { sorter.count(message.pointee) }
                for message in got {
                    sorter.add(message)
                    rd_kafka_message_destroy(message)
                }
                if count > 0 { handle.notes.succeeded() }
                return sorter.deliveries
            }
        }
    }

    /// The ends of partitions that are read, as the brokers said them with the last records; asks nobody.
    package func knownEnds() async throws -> [KafkaPartition: Int64] {
        try await handle.onThread { [self] client in
            var ends: [KafkaPartition: Int64] = [:]
            for partition in started.withLock({ $0.partitions }) {
                var (low, high): (Int64, Int64) = (-1, -1)
                let code = rd_kafka_get_watermark_offsets(client, partition.topic, partition.number, &low, &high)
                if code == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0 { ends[partition] = high }
            }
            return ends
        }
    }

    /// The ends of partitions that are read: the offsets that their next records get.
    ///
    /// Asks the brokers, beside whatever else goes on. A fetcher of librdkafka's that stopped because enough waits in memory looks again after
    /// a second, or when something is asked of its broker: who reads fast asks often.
    package func ends(within limit: Duration = .seconds(5)) async throws -> [KafkaPartition: Int64] {
        let partitions = started.withLock { $0.partitions }
        guard !partitions.isEmpty else { return [:] }
        return try await handle.asking { [self] client in
            try offsets(of: Array(partitions), Int64(RD_KAFKA_OFFSET_END), limit, client)
        }
    }

    /// The cluster's id; nil when no broker says one within the time.
    package func clusterID(within limit: Duration = .seconds(10)) async throws -> String? {
        try await handle.clusterID(within: limit)
    }

    /// Why nothing comes; nil when there is nothing to say.
    package var error: KafkaClientError? { handle.notes.error }

    /// Ends the reading and the connections.
    package func close() async {
        await handle.close { [self] _ in
            let ended = started.withLock { started in
                defer { started = Started() }
                return started
            }
            for partition in ended.partitions {
                if let object = ended.topics[partition.topic] { rd_kafka_consume_stop(object, partition.number) }
            }
            for object in ended.topics.values { rd_kafka_topic_destroy(object) }
            if let queue = ended.queue { rd_kafka_queue_destroy(queue) }
        }
    }

    // MARK: - Parts, on the thread

    private func topicObject(_ name: String, _ client: OpaquePointer) throws(KafkaClientError) -> OpaquePointer {
        if let known = started.withLock({ $0.topics[name].map(Pointer.init) }) { return known.value }
        guard let made = rd_kafka_topic_new(client, name, nil) else {
            throw KafkaClientError(rd_kafka_last_error(), while: "topic \(name)")
        }
        let pointer = Pointer(made)
        started.withLock { started in
            started.topics[name] = pointer.value
            started.names[pointer.value] = name
        }
        return made
    }

    private func queue(_ client: OpaquePointer) throws(KafkaClientError) -> OpaquePointer {
        if let known = started.withLock({ $0.queue.map(Pointer.init) }) { return known.value }
        guard let made = rd_kafka_queue_new(client) else { throw KafkaClientError(.other, "out of memory") }
        let pointer = Pointer(made)
        started.withLock { $0.queue = pointer.value }
        return made
    }

    /// An error, or what librdkafka said was the matter while it was waited for.
    private func late(_ code: rd_kafka_resp_err_t, _ what: String, _ client: OpaquePointer) -> KafkaClientError {
        rd_kafka_poll(client, 0)
        if let error = handle.notes.error { return KafkaClientError(error.code, "\(what): \(error.message)") }
        return KafkaClientError(code, while: what)
    }
}

/// SAFETY: as `KafkaConsumer.Started`.
private struct Pointer: @unchecked Sendable {
    let value: OpaquePointer
    init(_ value: OpaquePointer) { self.value = value }
}

/// Puts the records of many partitions, which come mixed, into one piece for each.
private struct DeliverySorter {
    private let names: [OpaquePointer: String]
    private let headers: [String]
    private var others: [KafkaDelivery] = []
    private var records: [KafkaRecords] = []
    /// Records and bytes that are still to come of each partition, so that nothing is allocated twice.
    private var remaining: [Key: (count: Int, byteCount: Int)] = [:]
    private var places: [KafkaPartition: Int] = [:]
    /// Of the record before: neighbours are mostly of one partition.
    private var last: (topic: OpaquePointer, number: Int32, place: Int)?

    init(_ names: [OpaquePointer: String], _ headers: [String]) {
        self.names = names
        self.headers = headers
    }

    /// A partition, before its topic has a name.
    private struct Key: Hashable {
        let topic: OpaquePointer
        let number: Int32
    }

    /// Counts what `add` will be given.
    mutating func count(_ message: rd_kafka_message_t) {
        guard let topic = message.rkt, message.err == RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        let key = Key(topic: topic, number: message.partition)
        remaining[key, default: (0, 0)].count += 1
        remaining[key, default: (0, 0)].byteCount += message.payload == nil ? 0 : message.len
    }

    /// Records before what ends them.
    var deliveries: [KafkaDelivery] { records.map { .records($0) } + others }

    mutating func add(_ pointer: UnsafeMutablePointer<rd_kafka_message_t>) {
        let message = pointer.pointee
        guard let topic = message.rkt, let name = names[topic] else { return }
        guard message.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return addOther(message, KafkaPartition(name, message.partition))
        }
        let place = place(topic, name, message.partition)
        var value: Range<Int>?
        if let payload = message.payload {
            let start = records[place].bytes.count
            records[place].bytes.append(contentsOf: UnsafeRawBufferPointer(start: payload, count: message.len))
            value = start..<start + message.len
        }
        let stamp = rd_kafka_message_timestamp(pointer, nil)
        records[place].lastStamp = stamp < 0 ? nil : stamp
        records[place].records.append(.init(offset: message.offset, value: value, headers: headers(of: pointer)))
    }

    private func headers(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> [KafkaHeader] {
        guard !headers.isEmpty else { return [] }
        var all: OpaquePointer?
        guard rd_kafka_message_headers(message, &all) == RD_KAFKA_RESP_ERR_NO_ERROR, let all else { return [] }
        var found: [KafkaHeader] = []
        for name in headers {
            var value: UnsafeRawPointer?
            var count = 0
            guard rd_kafka_header_get_last(all, name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR, let value else {
                continue
            }
            found.append(KafkaHeader(name, Array(UnsafeRawBufferPointer(start: value, count: count))))
        }
        return found
    }

    private mutating func addOther(_ message: rd_kafka_message_t, _ partition: KafkaPartition) {
        if message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF {
            others.append(.end(partition, offset: message.offset))
        } else {
            let reason = message.payload.map { bytes in
                String(decoding: UnsafeRawBufferPointer(start: bytes, count: message.len), as: UTF8.self)
            }
            let error = KafkaClientError(
                message.err,
                reason ?? String(cString: rd_kafka_err2str(message.err)),
                while: "reading \(partition) at \(message.offset)"
            )
            others.append(.failed(partition, error))
        }
    }

    private mutating func place(_ topic: OpaquePointer, _ name: String, _ number: Int32) -> Int {
        if let last, last.topic == topic, last.number == number, hasRoom(last.place) { return last.place }
        let partition = KafkaPartition(name, number)
        var place = places[partition] ?? records.count
        if place < records.count, !hasRoom(place) { place = records.count }
        if place == records.count {
            places[partition] = place
            records.append(makeRecords(Key(topic: topic, number: number), partition))
        }
        last = (topic, number, place)
        return place
    }

    /// With room for the records that are to come, as far as they are of one piece.
    private mutating func makeRecords(_ key: Key, _ partition: KafkaPartition) -> KafkaRecords {
        var made = KafkaRecords(partition)
        let (count, byteCount) = remaining[key] ?? (0, 0)
        made.bytes.reserveCapacity(min(byteCount, KafkaConsumer.pieceByteCount * 5 / 4))
        made.records.reserveCapacity(count)
        remaining[key]?.byteCount -= min(byteCount, KafkaConsumer.pieceByteCount)
        return made
    }

    private func hasRoom(_ place: Int) -> Bool { records[place].bytes.count < KafkaConsumer.pieceByteCount }
}

extension Duration {
    /// Whole ones, at least 0, as librdkafka counts.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        return Int32(clamping: max(0, seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
    }
}
