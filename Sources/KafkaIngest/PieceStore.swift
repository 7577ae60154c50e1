// SPDX-License-Identifier: Apache-2.0

import AuditStore
import Ingest
import KafkaClient
import Logging
import Synchronization

/// Puts pieces of partitions into the log, each until it is there.
final class PieceStore: Sendable {
    private let admission: Admission
    private let submitter: String
    private let logger: Logger
    private let totals = Mutex(Totals())

    private struct Totals {
        var progress = TopicProgress()
        var marks = StoredMarks()
    }

    init(_ admission: Admission, submitter: String, logger: Logger) {
        self.admission = admission
        self.submitter = submitter
        self.logger = logger
    }

    func begin(_ partition: KafkaPartition, at offset: Int64) {
        totals.withLock { $0.marks.begin(partition, at: offset) }
    }

    /// What is stored that brokers have more behind of.
    func lag(_ ends: [KafkaPartition: Int64]) -> (records: Int, since: Int64?) {
        totals.withLock { $0.marks.lag(ends) }
    }

    func addTotals(to state: inout TopicProgress) {
        let totals = totals.withLock { $0.progress }
        state.recordCount = totals.recordCount
        state.byteCount = totals.byteCount
        state.storedCount = totals.storedCount
        state.repeatedCount = totals.repeatedCount
        state.setAsideCount = totals.setAsideCount
        state.ownCount = totals.ownCount
        // What keeps the log from taking records matters more than what brokers say meanwhile.
        state.trouble = totals.trouble ?? state.trouble
        state.troubleSince = totals.troubleSince ?? state.troubleSince
    }

    /// Stores the pieces of a fetch when it is its turn, those of one partition in their order; waits while the log has no room.
    ///
    /// - Throws: `StoreError` when the log takes nothing any more; `QuarantineError` likewise.
    func store(_ pieces: [TopicPiece], _ number: Int, of turns: Turns) async throws {
        do {
            let scanned = await scan(pieces)
            try await turns.wait(number)
            try await store(pieces, scanned)
            turns.pass()
        } catch {
            turns.end()
            throw error
        }
    }

    private func store(_ pieces: [TopicPiece], _ scanned: [ScannedBatch]) async throws {
        var rest = Array(zip(pieces, scanned))
        while !rest.isEmpty {
            // The first of each partition: one that fails must not be passed by the one behind.
            var partitions: Set<KafkaPartition> = []
            let wave = rest.filter { partitions.insert($0.0.partition).inserted }
            partitions = []
            rest = rest.filter { !partitions.insert($0.0.partition).inserted }
            try await storeWave(wave)
        }
    }

    /// On as many threads as there are.
    private func scan(_ pieces: [TopicPiece]) async -> [ScannedBatch] {
        await withTaskGroup(of: (Int, ScannedBatch).self) { [admission, submitter] group in
            for (place, piece) in pieces.enumerated() {
                group.addTask { (place, admission.scan(piece.batch, from: submitter)) }
            }
            var scanned: [ScannedBatch?] = Array(repeating: nil, count: pieces.count)
            for await (place, batch) in group { scanned[place] = batch }
            return scanned.compactMap { $0 }
        }
    }

    private func storeWave(_ wave: [(piece: TopicPiece, batch: ScannedBatch)]) async throws {
        for gap in wave.flatMap(\.piece.gaps) { try await record(gap) }
        var delays = Backoff()
        var wave = wave
        while !wave.isEmpty {
            let results = await admission.store(wave.map(\.batch), from: submitter)
            var failed: [(TopicPiece, ScannedBatch)] = []
            for (part, result) in zip(wave, results) {
                switch result {
                case .success(let report): add(part.piece, report)
                case .failure(let error):
                    try check(error)
                    failed.append(part)
                }
            }
            wave = failed
            if !wave.isEmpty { try await Task.sleep(for: delays.next()) }
        }
    }

    private func record(_ gap: Gap) async throws {
        logger.error(
            "records of a gateway are missing",
            metadata: [
                "gateway": "\(gap.source)", "from": "\(gap.from ?? "")", "to": "\(gap.to ?? "")",
            ]
        )
        var delays = Backoff()
        while true {
            do { return try await admission.recordGap(gap) } catch { try check(error) }
            try await Task.sleep(for: delays.next())
        }
    }

    /// - Throws: an error that does not pass by itself.
    private func check(_ error: any Error) throws {
        switch error {
        case let error as StoreError where error.code == .noSpace || error.code == .busy:
            meet("the log takes no events", error.message)
        case let error as QuarantineError where error.code == .full:
            meet("the quarantine is full", error.message)
        default: throw error
        }
    }

    private func meet(_ what: Logger.Message, _ why: String) {
        logger.warning(what, metadata: ["error": "\(why)"])
        totals.withLock { $0.progress.meet(KafkaClientError(.other, why)) }
    }

    private func add(_ piece: TopicPiece, _ report: PartReport) {
        totals.withLock { totals in
            (totals.progress.trouble, totals.progress.troubleSince) = (nil, nil)
            totals.marks.store(piece.partition, upTo: piece.position.offset, stamp: piece.lastStamp)
            totals.progress.recordCount += piece.recordCount
            totals.progress.byteCount += piece.batch.bytes.count
            totals.progress.storedCount += report.acknowledgement.indices?.count ?? 0
            totals.progress.repeatedCount += report.acknowledgement.repeated.count
            totals.progress.setAsideCount += report.quarantined.count
            totals.progress.ownCount += piece.ownCount
        }
        KafkaIngestTelemetry.stored(piece, report)
    }
}
