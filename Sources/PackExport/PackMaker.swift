// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import AuditStore
package import EvidencePack
import FoundationEssentials
package import Ledger
import NIOPosix
package import QueryEngine
import TransparencyLog

/// Makes packs of a log: finds events, proves them by its newest checkpoint, and has the log sign what it says of them.
///
/// What is asked of `record` is called once for each pack, before anybody gets a byte of it.
package struct PackMaker: Sendable {
    /// What the log is told of a pack.
    package struct Record: Sendable {
        package let manifest: PackManifest
        /// SHA-256 of the manifest, hexadecimal.
        package let sha256: String
    }

    private let store: LogStore
    private let engine: Engine
    private let ledger: LedgerMaker
    private let now: @Sendable () -> Timestamp
    private let options: PackOptions
    private let record: @Sendable (Record) async throws -> Void

    /// - Parameters:
    ///   - store: the log.
    ///   - engine: finds events.
    ///   - ledger: says whether they are all.
    ///   - now: the log's clock.
    ///   - options: limits.
    ///   - record: writes into the log that a pack was made.
    package init(
        store: LogStore,
        engine: Engine,
        ledger: LedgerMaker,
        now: @escaping @Sendable () -> Timestamp,
        options: PackOptions,
        record: @escaping @Sendable (Record) async throws -> Void
    ) {
        self.store = store
        self.engine = engine
        self.ledger = ledger
        self.now = now
        self.options = options
        self.record = record
    }

    /// Makes a pack.
    ///
    /// - Parameter request: what is asked for.
    /// - Returns: the pack, of which everything but the reading is done.
    /// - Throws: `PackExportError`; `StoreError` when the log cannot be read or nothing is signed; `CancellationError`.
    package func make(_ request: PackRequest) async throws -> MadePack {
        guard let tree = store.tree else {
            throw PackExportError(.noTree, "this log keeps no tree, so it can prove nothing")
        }
        let end = ContinuousClock.now + options.deadline
        let snapshot = store.snapshot
        let found = try await find(request, snapshot, until: end)
        let source = try await covering(found.indices.last.map { $0 + 1 } ?? 0, tree)
        let spools = try await spool(found.indices, source, request, until: end)
        var manifest = PackManifest(
            origin: source.checkpoint.origin,
            created: now().description,
            principal: request.principal,
            query: request.query
        )
        manifest.eventCount = UInt64(spools.value.eventCount)
        manifest.eventByteCount = UInt64(spools.value.eventByteCount)
        manifest.erasedCount = UInt64(spools.value.erasedCount)
        manifest.firstIndex = spools.value.firstIndex
        manifest.lastIndex = spools.value.lastIndex
        manifest.startIndex = snapshot.floorIndex
        manifest.endIndex = snapshot.endIndex
        manifest.limits = found.limits
        if spools.value.eventCount < found.indices.count {
            let last = spools.value.lastIndex.map { "the last is \($0)" } ?? "none was written"
            manifest.limits.append("\(options.deadline) are over and not all events were read; \(last)")
        }
        manifest.partialReasons = found.partialReasons
        manifest.checkpointSize = source.checkpoint.size
        var documents: [PackFile: [UInt8]] = [
            .readme: Array(PackDocuments.readme.utf8), .schema: Array(PackDocuments.schema.utf8),
            .checkpoint: source.note.encoded(),
            .keys: Array(source.reader.view.verifierKeys.map { "\($0)\n" }.joined().utf8),
        ]
        documents[.ledger] = try await addLedger(to: &manifest, request, spools.value.received, snapshot)
        return try await signed(manifest, documents, spools, tree)
    }

    // MARK: - Finding

    private struct Found {
        var indices: [UInt64] = []
        var limits: [String] = []
        var partialReasons: [String] = []
    }

    private func find(
        _ request: PackRequest,
        _ snapshot: StoreSnapshot,
        until end: ContinuousClock.Instant
    ) async throws -> Found {
        let limit = min(request.limit ?? .max, options.maximumEventCount)
        // One more than allowed, to know whether the limit struck.
        var query = QueryRequest(request.filter, order: .log, limit: limit + 1, deadline: max(.zero, end - .now))
        query.isAbandoned = request.isAbandoned
        var run = engine.start(query, on: snapshot)
        var found = Found()
        var byteCount = 0
        search: while let events = try await run.next() {
            for event in events {
                guard found.indices.count < limit else {
                    found.limits.append("more than \(limit) events match; these are the first in the order of the log")
                    break search
                }
                byteCount += event.bytes.count + 1
                guard byteCount <= options.maximumEventByteCount else {
                    found.limits.append(
                        """
                        the events that match have more than \(options.maximumEventByteCount) bytes; these are the first in the \
                        order of the log
                        """
                    )
                    break search
                }
                found.indices.append(event.index)
            }
            request.progress(found.indices.count, 0)
        }
        if let reason = run.outcome.partialReason {
            // The engine tells a deadline in the same words as damage.
            if .now >= end { found.limits.append(reason) } else { found.partialReasons.append(reason) }
        }
        return found
    }

    // MARK: - Proving

    /// The checkpoint that a pack is proven by.
    private struct ProofSource {
        let reader: TreeReader
        let note: SignedNote
        let checkpoint: Checkpoint
    }

    /// The newest checkpoint with witnesses' signatures if it has the events, else the newest.
    private func covering(_ size: UInt64, _ tree: LogTree) async throws -> ProofSource {
        _ = await tree.wait(for: max(1, size), toBe: .integrated, atMost: options.checkpointWait)
        guard let reader = tree.reader, reader.view.size >= size else {
            let reason = tree.status.failure?.message ?? "none came within \(options.checkpointWait)"
            throw PackExportError(.notSigned, "no checkpoint covers the events: \(reason)")
        }
        let keys = reader.view.verifierKeys.compactMap { try? NoteVerifier(vkey: $0) }
        if let witnessed = reader.view.witnessed, witnessed.size >= size,
            (try? witnessed.note.verified(by: keys)) != nil
        {
            return try Self.source(reader, witnessed.note)
        }
        return try Self.source(reader, reader.view.checkpoint)
    }

    private static func source(_ reader: TreeReader, _ note: SignedNote) throws -> ProofSource {
        ProofSource(reader: reader, note: note, checkpoint: try Checkpoint(parsing: note.text))
    }

    /// What only one at a time has: made on a thread, and then handed on.
    private struct Handed<Value>: @unchecked Sendable {
        // SAFETY: whoever makes the value keeps nothing of it, and whoever gets it is one task.
        let value: Value
    }

    private func spool(
        _ indices: [UInt64],
        _ source: ProofSource,
        _ request: PackRequest,
        until end: ContinuousClock.Instant
    ) async throws -> Handed<PackSpools> {
        let (directory, reader, size) = (options.temporaryDirectory, source.reader, source.checkpoint.size)
        return try await NIOThreadPool.singleton.runIfActive {
            let spools = try PackSpools(in: directory, reader, size: size)
            try reader.eachBundle(of: indices, size: size) { bundle in
                guard !request.isAbandoned() else { throw CancellationError() }
                guard ContinuousClock.now < end else { return false }
                try spools.write(bundle)
                request.progress(indices.count, spools.eventCount)
                return true
            }
            try spools.finish()
            return Handed(value: spools)
        }
    }

    // MARK: - Signing

    /// What the ledger says of the hours of the events and of the bounds of the query.
    ///
    /// - Returns: the bytes of `ledger.json`.
    private func addLedger(
        to manifest: inout PackManifest,
        _ request: PackRequest,
        _ received: (first: Int64, last: Int64)?,
        _ snapshot: StoreSnapshot
    ) async throws -> [UInt8] {
        let first = received.map { Timestamp(nanosecondsSinceEpoch: $0.first) }
        let last = received.map { Timestamp(nanosecondsSinceEpoch: $0.last) }
        // Hours are of receipt, bounds are of events' own times: both are covered.
        let starts = [request.from, first].compactMap { $0 }
        var wanted = LedgerRequest(from: starts.min(), to: request.to.map { max($0, last ?? $0) })
        wanted.deadline = options.deadline
        wanted.isAbandoned = request.isAbandoned
        guard !starts.isEmpty else {
            manifest.ledgerReason = "no event, and no time from which"
            return Array("null\n".utf8)
        }
        do {
            let document = try await ledger.make(wanted, of: snapshot, now: now())
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let bytes = Array(try encoder.encode(document)) + [UInt8(ascii: "\n")]
            guard bytes.count <= PackFile.ledger.maximumByteCount else {
                manifest.ledgerReason = "the ledger of these hours has \(bytes.count) bytes"
                return Array("null\n".utf8)
            }
            manifest.ledger = PackManifest.Ledger(
                from: document.from,
                to: document.to,
                state: document.state.rawValue,
                complete: UInt64(document.totals.complete),
                gap: UInt64(document.totals.gap),
                unknown: UInt64(document.totals.unknown)
            )
            manifest.ledgerReason = document.partialReason
            return bytes
        } catch let error as LedgerError {
            manifest.ledgerReason = error.message
            return Array("null\n".utf8)
        }
    }

    private func signed(
        _ unlisted: PackManifest,
        _ documents: [PackFile: [UInt8]],
        _ handed: Handed<PackSpools>,
        _ tree: LogTree
    ) async throws -> MadePack {
        var manifest = unlisted
        var documents = documents
        let spools: [PackFile: SpoolFile] = [
            .events: handed.value.events, .proofs: handed.value.proofs, .hashes: handed.value.hashes,
        ]
        manifest.files = PackFile.listed.map { file in
            if let spool = spools[file] { return .init(file, byteCount: spool.byteCount, sha256: spool.sha256) }
            let bytes = documents[file] ?? []
            return .init(file, byteCount: bytes.count, sha256: PackDigest.of(bytes))
        }
        let bytes = manifest.encoded()
        guard bytes.count <= PackFile.manifest.maximumByteCount else {
            throw PackExportError(.inputOutput, "the manifest would have \(bytes.count) bytes")
        }
        let text = PackStatement.text(origin: manifest.origin, manifest: bytes)
        let note = try await NIOThreadPool.singleton.runIfActive { try tree.sign(statement: text) }
        documents[.manifest] = bytes
        documents[.manifestNote] = note.encoded()
        try await record(Record(manifest: manifest, sha256: PackDigest.of(bytes).description))
        return MadePack(manifest, documents, spools)
    }
}
