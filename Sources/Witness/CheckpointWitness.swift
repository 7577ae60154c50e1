// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Synchronization
package import TransparencyLog

/// Answers logs that want their checkpoints cosigned.
///
/// For any thread; calls block while they write. One `Mutex` for each log owns what is known of it, and is held from comparing
/// to the end of writing, so that requests for one log happen one after the other, and those for different logs do not wait for
/// each other. `failure` is a `Mutex` of its own, taken inside or outside of those for as long as a copy takes.
package final class CheckpointWitness: Sendable {
    /// What is known of a log.
    private enum Known {
        case nothing
        case record(WitnessState.Record)
        /// A write failed: which of two records is on disk has to be read.
        case unread
    }

    private final class Log: Sendable {
        let origin: String
        let verifiers: [NoteVerifier]
        let known: Mutex<Known>

        init(_ log: WitnessedLogs.Log, _ record: WitnessState.Record?) {
            origin = log.origin
            verifiers = log.verifiers
            known = Mutex(record.map { .record($0) } ?? .nothing)
        }
    }

    private let state: WitnessState
    private let logs: [[UInt8]: Log]
    private let origins: [String: Log]
    private let stopped = Mutex<WitnessError?>(nil)

    /// - Throws: `damaged` when a record of one of the logs is not what was written; `inputOutput`.
    package init(_ state: WitnessState, logs known: WitnessedLogs) throws(WitnessError) {
        self.state = state
        var logs: [[UInt8]: Log] = [:]
        var origins: [String: Log] = [:]
        for log in known.logs {
            let slot = Log(log, try state.record(of: log.origin))
            logs[Array(log.origin.utf8)] = slot
            origins[WitnessState.hash(of: log.origin)] = slot
        }
        self.logs = logs
        self.origins = origins
    }

    /// The public key that it signs with.
    package var vkey: String { state.signer.vkey }

    package var logCount: Int { logs.count }

    /// Why nothing more is signed until a new start; nil when all is well.
    package var failure: WitnessError? { stopped.withLock { $0 } }

    // MARK: - add-checkpoint

    /// Cosigns a checkpoint if it goes on from the newest one of its log; what was signed is durable when this returns.
    ///
    /// - Parameters:
    ///   - body: of the HTTP request.
    ///   - now: seconds since 1970, later than that.
    /// - Returns: what the HTTP response is to be.
    package func add(_ body: [UInt8], now: Int64) -> WitnessReply {
        do throws(LogError) {
            guard body.count <= WitnessLimits.maximumMessageByteCount else {
                throw LogError(.tooLarge, "a request of \(body.count) bytes")
            }
            return add(try AddCheckpointRequest(parsing: body), now: now)
        } catch {
            return .refused(.malformed, error.message)
        }
    }

    /// Cosigns a checkpoint, as above.
    package func add(_ request: AddCheckpointRequest, now: Int64) -> WitnessReply {
        let note = request.checkpoint
        // Before the rest of the text is read: whether it has to be answered at all.
        let origin = note.text.prefix { $0 != UInt8(ascii: "\n") }
        guard let log = logs[Array(origin)] else { return .refused(.unknownLog, "no log of this name is known here") }
        let signatures: [NoteSignature]
        do {
            signatures = try note.verified(by: log.verifiers).map(\.signature)
        } catch {
            return .refused(.notSigned, error.message)
        }
        let checkpoint: Checkpoint?
        do {
            checkpoint = try Checkpoint(parsing: note.text)
        } catch  where error.code == .wrongRoot {
            // A tree of no leaves with a root of some: told as what it is when it is its turn.
            checkpoint = nil
        } catch {
            return .refused(.malformed, error.message)
        }
        let size = checkpoint?.size ?? 0
        guard request.old <= size else {
            return .refused(.malformed, "an old size of \(request.old) is beyond the checkpoint's \(size)")
        }
        return log.known.withLock { known in
            do {
                let record = try read(log, &known)
                guard request.old == record?.checkpoint.size ?? 0 else {
                    return .otherSize(record?.checkpoint.size ?? 0)
                }
                guard let checkpoint else { return .refused(.inconsistent, "no root of an empty tree") }
                if let refusal = refusal(of: checkpoint, note, request, after: record) { return refusal }
                return try sign(checkpoint, note.text, signatures, now: now, &known)
            } catch {
                return .refused(.unavailable, "this witness cannot sign now; its operator's log says why")
            }
        }
    }

    /// What is known of a log, read again when a write had failed.
    private func read(_ log: Log, _ known: inout Known) throws(WitnessError) -> WitnessState.Record? {
        if let failure { throw failure }
        switch known {
        case .nothing: return nil
        case .record(let record): return record
        case .unread:
            let record = try state.record(of: log.origin)
            known = record.map { .record($0) } ?? .nothing
            return record
        }
    }

    /// Why a checkpoint does not go on from the one before; nil when it does.
    private func refusal(
        of checkpoint: Checkpoint,
        _ note: SignedNote,
        _ request: AddCheckpointRequest,
        after record: WitnessState.Record?
    ) -> WitnessReply? {
        do {
            try TreeProof.checkConsistency(
                old: request.old,
                oldRoot: record?.checkpoint.root ?? .ofEmptyTree,
                new: checkpoint.size,
                newRoot: checkpoint.root,
                proof: request.proof
            )
            return nil
        } catch {
            if let record, record.checkpoint.size == checkpoint.size, record.checkpoint.root != checkpoint.root {
                state.keepContradiction(note, checkpoint)
            }
            return .refused(.inconsistent, error.message)
        }
    }

    /// Writes down what is about to be signed, and signs it.
    private func sign(
        _ checkpoint: Checkpoint,
        _ text: [UInt8],
        _ signatures: [NoteSignature],
        now: Int64,
        _ known: inout Known
    ) throws -> WitnessReply {
        // The format's 0 stands for no time.
        guard now > 0 else { throw WitnessError(.inputOutput, "the clock says \(now) seconds since 1970") }
        let note = try SignedNote(text: text, signatures: signatures)
        let record = WitnessState.Record(note: note, checkpoint: checkpoint, time: now)
        let cosignature: NoteSignature
        known = .unread
        do {
            try state.write(record)
            cosignature = try state.signer.cosign(text, time: now)
        } catch {
            throw stop(after: error)
        }
        known = .record(record)
        return .cosigned([cosignature])
    }

    private func stop(after error: any Error) -> WitnessError {
        guard let error = error as? FileError else { return WitnessError(.damaged, "\(error)") }
        guard error.code != .noSpace else { return WitnessError(error) }
        let failure = WitnessError(.writeFailed, error.message)
        stopped.withLock { $0 = failure }
        return failure
    }

    // MARK: - Asking

    /// The newest checkpoint of a log with the log's signatures and the witness's.
    ///
    /// - Parameter hash: SHA-256 of the log's origin in lower-case hexadecimal.
    /// - Returns: nil for a log that is not known, or of which nothing was cosigned.
    /// - Throws: `WitnessError` while the record cannot be read.
    package func latest(_ hash: String) throws -> SignedNote? {
        guard let log = origins[hash] else { return nil }
        return try log.known.withLock { known in
            guard let record = try read(log, &known) else { return nil }
            return try record.note.adding([state.signer.cosign(record.note.text, time: record.time)])
        }
    }
}
