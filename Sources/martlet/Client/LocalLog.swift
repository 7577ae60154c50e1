// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import AuditModel
import AuditStore
import JournalFormat
import NIOPosix
import QueryEngine
import QueryLanguage
import SystemPackage

/// A data directory on this machine, looked at without owning it; a server may be running there.
struct LocalLog: EventAccess {
    /// How often a directory is looked at again while it is followed.
    private static let pollInterval = Duration.milliseconds(250)
    /// Bytes of events that are written at once.
    private static let pieceByteCount = 1 << 20

    private let log: ReadOnlyLog
    private let engine: Engine

    init(directory: String) throws {
        log = try ReadOnlyLog(directory: FilePath(directory))
        engine = Engine(catalog: try CatalogChoice.load(), pool: .singleton, threadCount: System.coreCount)
    }

    func answer(_ query: EventQuery, row: (AnswerRow) -> Void) async throws -> AnswerSummary {
        let parsed = try TypedQuery.query(query, now: System.now())
        var request = QueryRequest(
            parsed,
            order: query.order,
            limit: query.limit ?? EventQuery().limit ?? .max,
            deadline: .seconds(86_400)
        )
        request.after = query.after
        let snapshot = log.snapshot
        if let table = try await engine.table(request, on: snapshot) {
            let answer = AnswerTable(table, limit: query.limit)
            answer.rows.forEach { row(.cells($0)) }
            return AnswerSummary(
                partialReason: answer.partialReason,
                explanation: Explanation(table.outcome.explanation)
            )
        }
        var projector = AnswerProjector(parsed, engine)
        var run = engine.start(request, on: snapshot)
        while let events = try await run.next() {
            for event in events { row((projector?.cells(of: event)).map { .cells($0) } ?? .event(event)) }
        }
        return AnswerSummary(
            partialReason: run.outcome.partialReason,
            cursor: run.cursor,
            explanation: Explanation(run.outcome.explanation)
        )
    }

    func event(at index: UInt64) async throws -> StoredEvent? {
        try log.snapshot.event(at: index)
    }

    func follow(_ filter: String, row: (StoredEvent) -> Void) async throws {
        let filter = try TypedQuery.filter(EventQuery(filter: filter), now: System.now())
        var log = log
        var nextIndex = log.snapshot.endIndex
        while true {
            try await Task.sleep(for: Self.pollInterval)
            try log.refresh()
            let snapshot = log.snapshot
            nextIndex = max(nextIndex, snapshot.floorIndex)
            while nextIndex < snapshot.endIndex, let part = snapshot.part(holding: nextIndex) {
                for event in try await engine.matches(in: part, filter, of: snapshot) where event.index >= nextIndex {
                    row(event)
                }
                nextIndex = part.indices.upperBound
            }
        }
    }

    func writeOriginals(
        _ query: EventQuery,
        progress: (OriginalsProgress) -> Void,
        to write: ([UInt8]) throws -> Void
    ) async throws -> OriginalsOutcome {
        let filter = try TypedQuery.filter(query, now: System.now())
        let limit = query.limit ?? .max
        if query.order == .log, limit == .max, let streams = filter.wholeStreams {
            var export = WholeExport(log, streams: streams)
            return try await export.run(progress: progress, to: write)
        }
        let request = QueryRequest(filter, order: query.order, limit: limit, deadline: .seconds(86_400))
        let snapshot = log.snapshot
        var run = engine.start(request, on: snapshot)
        var outcome = OriginalsOutcome(eventCount: 0)
        var piece: [UInt8] = []
        while let rows = try await run.next() {
            for row in rows {
                piece += row.bytes
                piece.append(UInt8(ascii: "\n"))
                outcome.byteCount += row.bytes.count + 1
                guard piece.count >= Self.pieceByteCount else { continue }
                try write(piece)
                piece.removeAll(keepingCapacity: true)
            }
            // Found is given, also when the next takes long to find.
            try write(piece)
            piece.removeAll(keepingCapacity: true)
            let state = run.outcome
            outcome.eventCount = state.rowCount
            let done = state.scannedEventCount + state.skippedEventCount + state.unreadableEventCount
            progress(
                OriginalsProgress(
                    fraction: Double(done) / Double(max(1, snapshot.eventCount)),
                    eventCount: state.rowCount,
                    byteCount: outcome.byteCount
                )
            )
        }
        outcome.partialReasons = run.outcome.partialReason.map { [$0] } ?? []
        return outcome
    }
}

extension Filter {
    /// The streams of which it wants every event; nil when it looks at more than the stream.
    fileprivate var wholeStreams: Set<LogStream>? {
        switch self {
        case .all: [.audit]
        case .field(.audit(.stream), .exists): [.audit, .system]
        default: nil
        }
    }
}
