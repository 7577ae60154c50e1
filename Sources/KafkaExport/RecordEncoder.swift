// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import ByteCoding
import EventMapping
import EventReading
import EventScanner
import FoundationEssentials
import KafkaClient

/// Events of the log on their way into topics.
struct EncodedBatch: Sendable {
    var batch: OutgoingBatch
    /// Of the events of the records, in order.
    var indices: [UInt64] = []
    /// Behind the last event that was looked at, whether it became a record or not.
    var nextIndex: UInt64
}

/// Makes records of events.
struct RecordEncoder: Sendable {
    private let mode: RecordMode
    private let key: RecordKey
    private let routes: EventRoutes?
    private let topics: [String]
    private let topicPlaces: [String: Int]
    private let common: [KafkaHeader]

    /// `topic` is that of all events, unless there are routes; the log's name goes along as a header.
    init(mode: RecordMode, key: RecordKey, topic: String, routes: EventRoutes?, log: String) {
        self.mode = mode
        self.key = key
        self.routes = routes
        topics = routes?.topics ?? [topic]
        topicPlaces = Dictionary(topics.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        var common = [KafkaHeader(MartletHeaders.log, log)]
        if mode == .structured {
            common.append(KafkaHeader("content-type", "application/cloudevents+json; charset=UTF-8"))
        }
        self.common = common
    }

    /// Records of some events of runs, in order; at least one run.
    ///
    /// Of a single run the batch shares the bytes.
    func encode(_ runs: [(run: EventRun, places: [Int])]) -> EncodedBatch {
        var encoded = EncodedBatch(
            batch: OutgoingBatch(topics: topics, values: runs.count == 1 ? runs[0].run.bytes : []),
            nextIndex: runs.last?.run.indices.upperBound ?? 0
        )
        encoded.batch.commonHeaders = common
        encoded.batch.headerNames = [MartletHeaders.index]
        let count = runs.reduce(0) { $0 + $1.places.count }
        encoded.batch.records.reserveCapacity(count)
        encoded.batch.headers.reserveCapacity(count)
        encoded.batch.labels.reserveCapacity(count * 20)
        encoded.indices.reserveCapacity(count)
        var scanner = ObjectScanner(.model, limits: .unbounded)
        for (run, places) in runs {
            let offset = runs.count == 1 ? 0 : encoded.batch.values.count
            if runs.count > 1 { encoded.batch.values += run.bytes }
            for place in places { add(run, place, offset, &scanner, to: &encoded) }
        }
        return encoded
    }

    /// Makes a record of the event at a place of a run, whose bytes begin at `offset` of the batch's.
    private func add(
        _ run: EventRun,
        _ place: Int,
        _ offset: Int,
        _ scanner: inout ObjectScanner,
        to encoded: inout EncodedBatch
    ) {
        let range = run.ranges[place]
        var record = OutgoingRecord(value: range.lowerBound + offset..<range.upperBound + offset)
        if routes != nil || key != .none {
            let found = (try? scanner.scan(run.bytes.span.bytes, in: range)) != nil
            let event = AuditEvent(ScannedValues(bytes: run.bytes, hits: found ? scanner.hits : []))
            guard let topic = topic(of: event) else { return }
            record.topic = topic
            if let text = keyText(of: event), !text.isEmpty { record.key = encoded.batch.label(text.utf8) }
        }
        let index = run.firstIndex + UInt64(place)
        let firstHeader = encoded.batch.headers.count
        encoded.batch.addHeader(0, String(index).utf8)
        if mode == .binary { BinaryMode.apply(run.bytes, range, offset, to: &record, &encoded.batch) }
        record.headers = firstHeader..<encoded.batch.headers.count
        encoded.batch.records.append(record)
        encoded.indices.append(index)
    }

    private func topic(of event: AuditEvent) -> Int? {
        guard let routes else { return 0 }
        return routes.topic(of: event).flatMap { topicPlaces[$0] }
    }

    private func keyText(of event: AuditEvent) -> String? {
        switch key {
        case .none: nil
        case .organization: event.organization
        case .resource: event.resource
        }
    }
}

extension OutgoingBatch {
    /// Puts bytes where keys and headers are.
    mutating func label(_ bytes: some Sequence<UInt8>) -> Range<Int> {
        let start = labels.count
        labels += bytes
        return start..<labels.count
    }

    mutating func addHeader(_ name: Int, _ value: some Sequence<UInt8>) {
        headers.append(Header(name: name, value: label(value)))
    }
}
