// SPDX-License-Identifier: Apache-2.0

import AsyncAlgorithms
import AuditAPI
import AuditModel
import AuditStore
import Ingest
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization
import TransparencyLog

/// Has witnesses cosign the log's checkpoints, and keeps those that enough of them cosigned.
///
/// Ingest and signing never wait for it. A witness that refuses the log is heard and recorded; but what stops signing is only a
/// checkpoint with the log's own signature that is not of its tree, because a witness's word would let each of them stop the log.
struct WitnessKeeper: Service {
    /// What the rest of the server may see, at any time.
    final class Standing: Sendable {
        private let status = Mutex(WitnessStatus())

        var current: WitnessStatus { status.withLock { $0 } }

        fileprivate func set(_ new: WitnessStatus) { status.withLock { $0 = new } }
    }

    /// How often it looks whether there is a new checkpoint.
    private static let tick = Duration.milliseconds(200)

    let services: APIServices
    let policy: WitnessPolicy
    let interval: Duration
    let standing: Standing

    private struct Witness {
        /// Where it is believed to be.
        var size: UInt64 = 0
        /// What was said of it already, so that nothing is said every few seconds.
        var failure: String?
        var refusal: String?
    }

    private struct State {
        /// The checkpoint that is being cosigned, and who has.
        var text: [UInt8] = []
        var cosignatures: [Int: [NoteSignature]] = [:]
        var keptCount = 0
        var witnesses: [Witness]
        /// Where what is witnessed ended when the next event was looked at, and when that was received.
        var oldest: (index: UInt64, received: Int64)?
    }

    func run() async throws {
        guard let tree = services.store.tree else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            var state = State(witnesses: policy.witnesses.map { _ in Witness() })
            var next = ContinuousClock.now
            for await _ in AsyncTimerSequence(interval: Self.tick, clock: .continuous) {
                if Task.isCancelled { return }
                let isDue = ContinuousClock.now >= next && tree.status.failure?.code != .forked
                if isDue, let reader = tree.reader, begin(reader.view, &state) {
                    next = ContinuousClock.now + interval
                    await round(reader, tree, &state)
                }
                await show(tree, &state)
            }
        }
    }

    // MARK: - Rounds

    /// Whether there is somebody to ask about the newest checkpoint.
    private func begin(_ view: TreeView, _ state: inout State) -> Bool {
        guard view.size > 0 else { return false }
        if state.text != view.checkpoint.text {
            state.text = view.checkpoint.text
            state.cosignatures = [:]
            // After a start the newest checkpoint may have them.
            for (place, witness) in policy.witnesses.enumerated() {
                let known = view.checkpoint.signatures.filter {
                    (try? witness.verifier.check($0, of: state.text)) != nil
                }
                if !known.isEmpty { state.cosignatures[place] = known }
            }
            state.keptCount = view.witnessedSize == view.size ? state.cosignatures.count : 0
        }
        return policy.witnesses.indices.contains { policy.witnesses[$0].client != nil && state.cosignatures[$0] == nil }
    }

    /// Asks all who have not cosigned the checkpoint yet, at once.
    private func round(_ reader: TreeReader, _ tree: LogTree, _ state: inout State) async {
        let view = reader.view
        let own = view.checkpoint.signatures.filter { signature in
            !policy.witnesses.contains { $0.verifier.isNamed(by: signature) }
        }
        guard let note = try? SignedNote(text: view.checkpoint.text, signatures: own) else { return }
        let missing = policy.witnesses.indices.filter { state.cosignatures[$0] == nil }
        let sizes = state.witnesses.map(\.size)
        typealias Answered = (place: Int, outcome: WitnessExchange.Outcome)
        let outcomes: [Answered] = await withTaskGroup(of: Answered?.self) { group in
            for place in missing {
                guard let client = policy.witnesses[place].client else { continue }
                let exchange = WitnessExchange(
                    witness: policy.witnesses[place],
                    client: client,
                    reader: reader,
                    note: note,
                    currentSize: { tree.view?.size ?? 0 }
                )
                group.addTask { (try? await exchange.run(from: sizes[place])).map { (place, $0) } }
            }
            var answered: [Answered] = []
            for await answer in group { if let answer { answered.append(answer) } }
            return answered
        }
        for (place, outcome) in outcomes { await take(outcome, of: place, view, tree, &state) }
        await keep(note, view, tree, &state)
    }

    private func take(
        _ outcome: WitnessExchange.Outcome,
        of place: Int,
        _ view: TreeView,
        _ tree: LogTree,
        _ state: inout State
    ) async {
        let name = policy.witnesses[place].name
        switch outcome {
        case .cosigned(let signatures):
            WitnessTelemetry.asked(name, "cosigned")
            if state.witnesses[place].failure != nil { WitnessTelemetry.recovered(name, services.logger) }
            state.cosignatures[place] = signatures
            state.witnesses[place] = Witness(size: view.size)
        case .overtaken:
            WitnessTelemetry.asked(name, "overtaken")
        case .failed(let reason):
            WitnessTelemetry.asked(name, "failed")
            guard state.witnesses[place].failure != reason else { return }
            state.witnesses[place].failure = reason
            WitnessTelemetry.failed(name, reason, services.logger)
        case .refused(let reason, let evidence):
            WitnessTelemetry.asked(name, "refused")
            state.witnesses[place].failure = reason
            if let evidence, await stopSigning(evidence, tree) {
                WitnessTelemetry.stopped(name, reason, services.logger)
                await record(.signingStopped, "StopSigning", name, reason, evidence)
            } else if state.witnesses[place].refusal == nil {
                // Once until it cosigns again: the sizes in the reason change with each checkpoint.
                state.witnesses[place].refusal = reason
                WitnessTelemetry.refused(name, reason, services.logger)
                await record(.witnessRefused, "RefuseCheckpoint", name, reason, nil)
            }
        }
    }

    private func stopSigning(_ evidence: SignedNote, _ tree: LogTree) async -> Bool {
        do {
            return try await NIOThreadPool.singleton.runIfActive { try tree.stopSigning(contradictedBy: evidence) }
        } catch {
            WitnessTelemetry.notKept(error, services.logger)
            return false
        }
    }

    private func record(
        _ kind: SystemEvent.Kind,
        _ method: String,
        _ witness: String,
        _ reason: String,
        _ evidence: SignedNote?
    ) async {
        var details = [("witness", witness), ("reason", reason)]
        if let evidence { details.append(("checkpoint", String(decoding: evidence.encoded(), as: UTF8.self))) }
        do {
            try await services.admission.record(
                services.systemEvents.make(kind, method: method, principal: "martlet", details: details)
            )
        } catch {
            WitnessTelemetry.notRecorded(error, services.logger)
        }
    }

    /// Keeps the checkpoint with its cosignatures when they are enough, and again when there are more.
    private func keep(_ note: SignedNote, _ view: TreeView, _ tree: LogTree, _ state: inout State) async {
        guard state.cosignatures.count > state.keptCount, policy.isQuorumMet(by: state.cosignatures.keys) else {
            return
        }
        let signatures = state.cosignatures.keys.sorted().flatMap { state.cosignatures[$0] ?? [] }
        do {
            let whole = try note.adding(signatures)
            try await NIOThreadPool.singleton.runIfActive { try tree.addWitnessed(whole, size: view.size) }
            state.keptCount = state.cosignatures.count
            WitnessTelemetry.witnessed(size: view.size)
        } catch {
            WitnessTelemetry.notKept(error, services.logger)
        }
    }

    // MARK: - Standing

    private func show(_ tree: LogTree, _ state: inout State) async {
        let witnessed = tree.status.witnessedSize
        if state.oldest?.index != witnessed {
            state.oldest = await received(at: witnessed).map { (witnessed, $0) }
        }
        let now = services.systemEvents.now().nanosecondsSinceEpoch
        WitnessTelemetry.unwitnessed(seconds: state.oldest.map { Double(max(0, now - $0.received)) / 1e9 } ?? 0)
        standing.set(
            WitnessStatus(
                witnesses: zip(policy.witnesses, state.witnesses).map { known, witness in
                    WitnessStatus.Witness(
                        name: known.name,
                        size: witness.size,
                        failure: known.client == nil ? "it has no URL, so it is not asked" : witness.failure
                    )
                },
                unwitnessedSince: state.oldest?.received
            )
        )
    }

    /// When an event was received; nil when there is none yet, or it was deleted.
    private func received(at index: UInt64) async -> Int64? {
        let snapshot = services.store.snapshot
        guard let part = snapshot.part(holding: index) else { return nil }
        // All events of a frame were received at one time.
        if case .frame = part { return part.receivedRange.lowerBound }
        return try? await NIOThreadPool.singleton.runIfActive { try snapshot.event(at: index)?.received }
    }
}
