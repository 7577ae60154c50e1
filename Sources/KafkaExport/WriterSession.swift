// SPDX-License-Identifier: Apache-2.0

import AuditStore
import Ingest
import KafkaClient

/// Writes with one producer, from where the cursor is: a few batches are under way while the next is read.
struct WriterSession {
    /// Batches that are submitted and not known to have arrived; each may have a part of a segment, about 20 MB.
    private static let maximumUnderWayCount = 3
    /// Batches that arrived before the file says so.
    private static let batchesBetweenSaves = 4

    private let writer: TopicWriter
    private let producer: KafkaProducer
    private var cursor: WriterCursor
    /// Events that the topics have already.
    private var written: WrittenEvents
    /// The last of them.
    private let lastWritten: UInt64
    private let reader: BatchReader
    /// Of the next event that is read.
    private var readIndex: UInt64
    private var underWay: [(batch: EncodedBatch, sent: SentBatch)] = []
    private var unsavedCount = 0

    init(_ writer: TopicWriter, _ producer: KafkaProducer, _ cursor: WriterCursor, _ written: WrittenEvents) {
        self.writer = writer
        self.producer = producer
        self.cursor = cursor
        self.written = written
        lastWritten = written.indices.max() ?? 0
        reader = writer.reader()
        readIndex = cursor.nextIndex
    }

    /// Writes what is in the log and what comes, until the task is cancelled.
    ///
    /// - Throws: `KafkaClientError` when the producer can't go on; `StoreError`; `FileError`.
    mutating func run() async throws {
        for await _ in writer.growth {
            try await catchUp()
            if Task.isCancelled { break }
        }
        try await settleAll()
        try await save()
    }

    private mutating func catchUp() async throws {
        while !Task.isCancelled {
            guard let next = try await reader.next(at: readIndex, of: writer.snapshot) else { break }
            switch next {
            case .batch(let batch): try await submit(batch)
            case .missing(let range, let reason):
                try await settleAll()
                try await skip(range, reason)
            }
        }
        try await settleAll()
        if unsavedCount > 0 { try await save() }
    }

    private mutating func submit(_ batch: EncodedBatch) async throws {
        var batch = batch
        if !written.indices.isEmpty { batch.remove(written.indices) }
        readIndex = batch.nextIndex
        if underWay.count >= Self.maximumUnderWayCount { try await settle() }
        underWay.append((batch, try await producer.submit(batch.batch)))
    }

    // MARK: - What became of them

    private mutating func settleAll() async throws {
        while !underWay.isEmpty { try await settle() }
    }

    /// Waits for the oldest batch.
    private mutating func settle() async throws {
        let (batch, sent) = underWay.removeFirst()
        let report = try await producer.outcome(of: sent)
        // Nothing more is submitted before these are through: what is behind them waits.
        let refusedCount = report.failures.isEmpty ? 0 : try await mend(batch, report)
        cursor.nextIndex = batch.nextIndex
        cursor.ends.merge(report.ends) { max($0, $1) }
        forgetWritten()
        writer.arrived(batch, refusedCount: refusedCount)
        unsavedCount += 1
        if unsavedCount >= Self.batchesBetweenSaves { try await save() }
    }

    /// Once the cursor is behind all that was found in the topics, nobody has to look for it again.
    private mutating func forgetWritten() {
        guard !written.indices.isEmpty, cursor.nextIndex > lastWritten else { return }
        written.indices = []
        cursor.ends.merge(written.ends) { max($0, $1) }
    }

    /// Sends what did not arrive until it does, or can't ever.
    ///
    /// - Returns: how many records the topic does not take.
    private mutating func mend(_ batch: EncodedBatch, _ report: DeliveryReport) async throws -> Int {
        var (batch, failures, refusedCount) = (batch, report.failures, 0)
        var delays = Backoff()
        while !failures.isEmpty {
            var again: [Int] = []
            for (place, error) in failures {
                if error.code == .tooLarge {
                    try await writer.refuse(batch.indices[place], error)
                    refusedCount += 1
                } else {
                    again.append(place)
                }
            }
            guard !again.isEmpty, let error = failures.first?.error else { break }
            writer.meet(error)
            try await Task.sleep(for: delays.next())
            batch.keep(again)
            let report = try await producer.outcome(of: producer.submit(batch.batch))
            cursor.ends.merge(report.ends) { max($0, $1) }
            failures = report.failures
        }
        return refusedCount
    }

    private mutating func skip(_ range: Range<UInt64>, _ reason: String?) async throws {
        try await writer.skip(
            range,
            reason == nil ? .retentionTook : .unreadable,
            reason ?? "they were deleted before they were written"
        )
        readIndex = range.upperBound
        cursor.nextIndex = readIndex
        writer.moved(to: readIndex)
        try await save()
    }

    private mutating func save() async throws {
        try await writer.save(cursor)
        unsavedCount = 0
    }
}

extension EncodedBatch {
    /// Leaves out events that a topic has already.
    mutating func remove(_ written: Set<UInt64>) {
        keep(indices.indices.filter { !written.contains(indices[$0]) })
    }

    mutating func keep(_ places: [Int]) {
        batch.records = places.map { batch.records[$0] }
        indices = places.map { indices[$0] }
    }
}
