// SPDX-License-Identifier: Apache-2.0

package import AuditStore
package import EventScanner
import JournalFormat

/// The way of events into a log: scanned, put into a frame, acknowledged when they are on disk.
package struct Admission: Sendable {
    package let store: LogStore
    package let quarantine: Quarantine
    private let events: SystemEventMaker
    let limits: ScanLimits
    private let skeletons = SkeletonPool()

    /// - Parameters:
    ///   - store: the log.
    ///   - quarantine: of the same data directory.
    ///   - events: makes the events that say what is missing.
    ///   - limits: of one event.
    package init(
        store: LogStore,
        quarantine: Quarantine,
        events: SystemEventMaker,
        limits: ScanLimits = ScanLimits()
    ) {
        self.store = store
        self.quarantine = quarantine
        self.events = events
        self.limits = limits
    }

    /// Accepts all of a body or nothing of it.
    ///
    /// When this returns, the events survive a power cut.
    ///
    /// - Throws: `Rejection` for the first part that is no event; `StoreError`.
    package func accept(
        _ body: [UInt8],
        _ layout: BatchLayout,
        from submitter: String,
        source: String
    ) async throws -> Acknowledgement {
        let scanner = scanner(.audit, submitter: submitter, source: source)
        let output: BatchScanner.Output
        do throws(Rejection) {
            output = try scanner.scanStrictly(Batch(bytes: body, layout: layout))
        } catch {
            IngestTelemetry.rejected(error.code)
            throw error
        }
        guard let frame = output.frame else { return Acknowledgement() }
        let acknowledgement = try await store.append(frame)
        IngestTelemetry.accepted(acknowledgement, byteCount: frame.bodyByteCount)
        return acknowledgement
    }

    /// Accepts what is good in a part of a stream and puts the rest into the quarantine.
    ///
    /// When this returns, both survive a power cut.
    ///
    /// `firstLine`, from 1, and `byteOffset` say where the part begins in the stream.
    ///
    /// - Throws: `StoreError`; `QuarantineError`. Part of the stream may then have been taken: offering it again repeats
    ///   nothing.
    package func acceptPart(
        _ body: [UInt8],
        _ layout: BatchLayout,
        from submitter: String,
        source: String,
        firstLine: Int = 1,
        byteOffset: Int = 0
    ) async throws -> PartReport {
        let scanner = scanner(.audit, submitter: submitter, source: source)
        let output = scanner.scan(Batch(bytes: body, layout: layout, firstLine: firstLine, byteOffset: byteOffset))
        var report = PartReport(lineCount: output.lineCount)
        if let frame = output.frame {
            report.acknowledgement = try await store.append(frame)
            IngestTelemetry.accepted(report.acknowledgement, byteCount: frame.bodyByteCount)
        }
        report.quarantined = try await setAside(output.rejected, layout, from: submitter, source: source)
        return report
    }

    /// Puts pieces of a part into the quarantine, and says in the log that they are not in it.
    ///
    /// When this returns, both survive a power cut, and so does the position, where the source's frames are to say with that how far it was
    /// read: nothing in front of it may be still to be stored.
    ///
    /// - Returns: why each was rejected.
    /// - Throws: `StoreError`; `QuarantineError`.
    func setAside(
        _ pieces: [RejectedPiece],
        _ layout: BatchLayout,
        from submitter: String,
        source: String,
        position: [UInt8] = []
    ) async throws -> [Rejection] {
        guard !pieces.isEmpty else { return [] }
        let rejections = try await quarantine.add(pieces, from: submitter, source: source)
        try await recordGap(Gap(quarantined: rejections, layout, from: submitter, source: source), position: position)
        return rejections
    }

    /// Says in the log that something of a source is not in it, and how far the source was read with that, where a position is given.
    ///
    /// When this returns, that survives a power cut.
    package func recordGap(_ gap: Gap, position: [UInt8] = []) async throws {
        let event = events.make(.gap, method: "RecordGap", principal: "martlet", details: gap.details)
        if position.isEmpty {
            try await record(event)
        } else {
            // Positions are kept under the labels of their frames.
            var scanner = scanner(.system, submitter: gap.submitter, source: gap.source)
            scanner.position = position
            let batch = Batch(bytes: event.encoded(logID: store.logName), layout: .object)
            if let frame = try scanner.scanStrictly(batch).frame { _ = try await store.append(frame) }
        }
        IngestTelemetry.missed(gap)
    }

    /// Writes one of Martlet's own events.
    package func record(_ event: SystemEvent) async throws {
        try await record([event])
    }

    /// Writes some of Martlet's own events, all or none of them.
    package func record(_ events: [SystemEvent]) async throws {
        guard !events.isEmpty else { return }
        let lines = events.map { $0.encoded(logID: store.logName) }
        let scanner = scanner(.system, submitter: SystemEvent.submitter, source: SystemEvent.submitter)
        let batch = Batch(bytes: Array(lines.joined(separator: "\n".utf8)), layout: .lines)
        if let frame = try scanner.scanStrictly(batch).frame { _ = try await store.append(frame) }
    }

    /// Writes one of Martlet's own events into room that is kept for saying that the disk is full.
    package func recordFromReserve(_ event: SystemEvent) async throws {
        if let frame = try frame(of: event) { try await store.appendFromReserve(frame) }
    }

    private func frame(of event: SystemEvent) throws -> JournalFrame? {
        let scanner = scanner(.system, submitter: SystemEvent.submitter, source: SystemEvent.submitter)
        return try scanner.scanStrictly(Batch(bytes: event.encoded(logID: store.logName), layout: .object)).frame
    }

    func scanner(_ stream: LogStream, submitter: String, source: String) -> BatchScanner {
        BatchScanner(
            stream: stream,
            submitter: submitter,
            source: source,
            keySeed: store.keySeed,
            // What an operator allows senders is no bound on what the log has to say itself.
            limits: stream == .system ? ScanLimits() : limits,
            skeletons: skeletons
        )
    }
}

/// What became of a part of a stream.
package struct PartReport: Sendable {
    package var acknowledgement = Acknowledgement()
    package var quarantined: [Rejection] = []
    /// Lines read, empty ones too; values when the layout is not lines.
    package var lineCount = 0

    package init(acknowledgement: Acknowledgement = Acknowledgement(), quarantined: [Rejection] = [], lineCount: Int) {
        self.acknowledgement = acknowledgement
        self.quarantined = quarantined
        self.lineCount = lineCount
    }
}
