// SPDX-License-Identifier: Apache-2.0

import AuditStore
package import EventMapping
package import Ingest
package import Logging
package import NIOPosix
import ServiceLifecycle
import Synchronization
package import SystemPackage

/// Follows a broker's log and puts what its lines say into the log of the store, each line once.
///
/// How far it was read is kept in the journal, in the frames of the events that came of it: both survive a power cut or neither. While
/// lines become no events it is kept in a small file beside, so that a quiet log that is rotated away is no gap.
package final class LogFollower: Service {
    package struct Options: Sendable {
        package var path: FilePath
        package var submitter = "martlet"
        package var pollInterval = LogReaderLimits.pollInterval

        package init(path: FilePath) {
            self.path = path
        }

        /// As frames, gaps and the quarantine name it.
        package var source: String { "log:\(path)" }
    }

    private let options: Options
    private let admission: Admission
    private let pool: NIOThreadPool
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var tail: LogTail
        var parser: any LogLineParser
        /// First stamps of the logs that lines may be held of.
        var begun: [LogIdentity: Int64] = [:]
        /// Behind everything that was read.
        var end: LogPosition?
        /// Made and not stored.
        var output = LogOutput()
        var gap: Gap?
        /// Behind everything that is stored, as the journal or the file beside has it.
        var kept: LogPosition?
        var keptAt: Int64
    }

    /// - Parameters:
    ///   - options: which log.
    ///   - parser: makes events of its lines.
    ///   - admission: of the log that takes them.
    ///   - pool: whose threads may wait for files.
    ///   - now: nanoseconds since 1970.
    ///   - logger: for what an operator should look at.
    package init(
        _ options: Options,
        parser: any LogLineParser,
        admission: Admission,
        pool: NIOThreadPool,
        now: @escaping @Sendable () -> Int64,
        logger: Logger
    ) {
        self.options = options
        self.admission = admission
        self.pool = pool
        self.now = now
        self.logger = logger
        let position = LogCursor(admission.store, options.source).position(
            journal: admission.position(ofSource: options.source, from: options.submitter)
        )
        state = Mutex(
            State(
                tail: LogTail(path: options.path, position: position),
                parser: parser,
                kept: position,
                keptAt: now()
            )
        )
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown { [self] in
            do {
                while !Task.isCancelled {
                    if try await step() { continue }
                    try await Task.sleep(for: options.pollInterval)
                }
            } catch is CancellationError {}
        }
        try await keepPosition(isLast: true)
    }

    /// Reads and stores the next part.
    ///
    /// - Returns: false when there was nothing new.
    package func step() async throws -> Bool {
        // What could not be stored comes first.
        let isMoving = try await pool.runIfActive { [self] in read() }
        do {
            try await store()
        } catch let error as StoreError where error.code == .noSpace || error.code == .busy {
            LogReaderTelemetry.waiting(logger, options.source, error.message)
            try await Task.sleep(for: LogReaderLimits.retryInterval)
            return true
        } catch let error as QuarantineError where error.code == .full {
            LogReaderTelemetry.waiting(logger, options.source, error.message)
            try await Task.sleep(for: LogReaderLimits.retryInterval)
            return true
        }
        try await keepPosition(isLast: false)
        return isMoving
    }

    // MARK: - Reading

    /// On a thread that may wait.
    private func read() -> Bool {
        let now = now()
        return state.withLock { state in
            guard state.output.isEmpty, state.gap == nil else { return true }
            let step: LogTail.Step
            do {
                step = try state.tail.next()
            } catch {
                LogReaderTelemetry.unreadable(logger, options.source, "\(error)")
                return false
            }
            switch step {
            case .lines(let part):
                state.begun[part.log] = part.firstSecond
                let count = state.parser.read(
                    part.bytes,
                    log: part.log,
                    byteOffset: part.byteOffset,
                    now: now,
                    into: &state.output
                )
                state.end = LogPosition(
                    log: part.log,
                    byteOffset: part.byteOffset + UInt64(part.bytes.count),
                    firstSecond: part.firstSecond
                )
                LogReaderTelemetry.read(lines: count, byteCount: part.bytes.count)
            case .longLine(let place, let bytes, let position):
                state.begun[place.log] = position.firstSecond
                state.end = position
                state.output.malformed.append(MalformedLine(tooLong: bytes[...], at: place))
            case .gap(let reason, let from):
                state.gap = Gap(
                    submitter: options.submitter,
                    source: options.source,
                    from: from,
                    to: nil,
                    reason: reason
                )
            case .idle:
                state.parser.advance(now: now, into: &state.output)
                return !state.output.isEmpty
            }
            return true
        }
    }

    // MARK: - Storing

    private struct Batch: Sendable {
        let output: LogOutput
        let gap: Gap?
        let position: LogPosition?
    }

    private func store() async throws {
        let batch = state.withLock { state in
            Batch(output: state.output, gap: state.gap, position: Self.position(state))
        }
        if let gap = batch.gap {
            try await admission.recordGap(gap)
            state.withLock { $0.gap = nil }
        }
        guard !batch.output.isEmpty else { return }
        if batch.output.eventCount > 0 || !batch.output.malformed.isEmpty {
            _ = try await admission.accept(
                batch.output.events,
                settingAside: batch.output.malformed.map(SourcePiece.init),
                from: options.submitter,
                source: options.source,
                position: batch.position?.bytes ?? []
            )
        }
        LogReaderTelemetry.made(batch.output)
        let now = now()
        state.withLock { state in
            state.output = LogOutput()
            guard batch.output.eventCount > 0 else { return }
            state.kept = batch.position
            state.keptAt = now
        }
    }

    /// In front of everything that is not stored once the output is.
    private static func position(_ state: borrowing State) -> LogPosition? {
        guard let held = state.parser.heldPlace else { return state.end }
        return LogPosition(log: held.log, byteOffset: held.byteOffset, firstSecond: state.begun[held.log])
    }

    /// Writes the position beside the journal when there was no event to carry it.
    private func keepPosition(isLast: Bool) async throws {
        let now = now()
        let position: LogPosition? = state.withLock { state in
            guard state.output.isEmpty, let position = Self.position(state), position != state.kept else { return nil }
            let isOtherLog = state.kept.map { $0.log != position.log } ?? true
            guard isLast || isOtherLog || now - state.keptAt > LogReaderLimits.cursorInterval else { return nil }
            state.kept = position
            state.keptAt = now
            state.begun = state.begun.filter { $0.key == position.log || $0.key == state.end?.log }
            return position
        }
        guard let position else { return }
        let cursor = LogCursor(admission.store, options.source)
        try await pool.runIfActive { try cursor.keep(position) }
    }
}

extension LogOutput {
    /// Whether nothing came of any line.
    fileprivate var isEmpty: Bool { eventCount == 0 && malformed.isEmpty && otherCount == 0 && ignoredCount == 0 }
}

extension SourcePiece {
    init(_ line: MalformedLine) {
        self.init(
            bytes: line.bytes,
            code: "malformedLine",
            message: line.message,
            byteOffset: Int(clamping: line.byteOffset)
        )
    }
}
