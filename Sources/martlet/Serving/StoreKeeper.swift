// SPDX-License-Identifier: Apache-2.0

import AsyncAlgorithms
import AuditAPI
import AuditModel
import AuditStore
import Ingest
import Logging
import ManifestFormat
import NIOPosix
import ServiceLifecycle

/// Looks after the store of a server every few seconds: seals what is old enough, merges, deletes what retention says, and
/// writes into the log what happened to the log.
struct StoreKeeper: Service {
    private static let interval = Duration.seconds(5)

    let services: APIServices

    func run() async throws {
        var state = State()
        for await _ in AsyncTimerSequence(interval: Self.interval, clock: .continuous).cancelOnGracefulShutdown() {
            await watchDisk(&state)
            await watchSegments(&state)
            await watchSigning(&state)
            await maintain(&state)
            await applyRetention(&state)
        }
    }

    /// What was said already, so that nothing is said every few seconds.
    private struct State {
        var isDiskFull = false
        var damaged: Set<String> = []
        var sealingFailure: String?
        var retentionFailure: String?
        var signingFailure: String?
        /// What the log was told of and could not be deleted yet.
        var announced: RetentionPlan?
    }

    // MARK: - Disk

    private func watchDisk(_ state: inout State) async {
        let isFull = services.store.failure?.code == .noSpace
        guard isFull != state.isDiskFull else { return }
        do {
            if isFull {
                services.logger.error("the disk is full: nothing is accepted until there is room")
                state.isDiskFull = true
                try await services.admission.recordFromReserve(event(.diskFull, "DiskFull", []))
            } else {
                try await services.admission.record(event(.diskAvailable, "DiskAvailable", []))
                state.isDiskFull = false
                services.logger.notice("there is room on the disk again: events are accepted")
            }
        } catch {
            services.logger.error("the log could not be told of the disk", metadata: ["error": "\(error)"])
        }
    }

    // MARK: - Segments

    private func watchSegments(_ state: inout State) async {
        var damaged = services.store.snapshot.segments.filter { $0.damage != nil }
        // One that was put back from a copy is taken back.
        for segment in damaged { try? await NIOThreadPool.singleton.runIfActive { try segment.check() } }
        damaged.removeAll { $0.damage == nil }
        for segment in damaged where !state.damaged.contains(segment.description.name) {
            let reason = segment.damage?.message ?? ""
            services.logger.error("a segment is damaged", metadata: ["error": "\(reason)"])
            let details = [
                ("segment", segment.description.name), ("firstIndex", String(segment.description.firstIndex)),
                ("events", String(segment.description.eventCount)), ("reason", reason),
            ]
            do {
                try await services.admission.record(event(.segmentDamaged, "SegmentDamaged", details))
                state.damaged.insert(segment.description.name)
            } catch {
                services.logger.error("the log could not be told of it", metadata: ["error": "\(error)"])
            }
        }
        // One that is whole again and breaks once more is told once more.
        state.damaged.formIntersection(damaged.map(\.description.name))
    }

    /// Says once that nothing is signed any more, and once that it is again.
    private func watchSigning(_ state: inout State) async {
        guard let tree = services.store.tree else { return }
        let failure = tree.status.failure
        guard failure?.message != state.signingFailure else { return }
        guard let failure else {
            services.logger.notice("the log is signed again")
            state.signingFailure = nil
            return
        }
        services.logger.error("nothing is signed any more", metadata: ["error": "\(failure.message)"])
        state.signingFailure = failure.message
        // A full disk passes by itself, and the log knows of it.
        guard failure.code == .forked || failure.code == .damaged else { return }
        let event = event(.signingStopped, "StopSigning", [("reason", failure.message)])
        do {
            try await services.admission.record(event)
        } catch {
            services.logger.error("the log could not be told of it", metadata: ["error": "\(error)"])
        }
    }

    private func maintain(_ state: inout State) async {
        do {
            try await services.store.maintain()
            if state.sealingFailure != nil { services.logger.notice("events are being sealed again") }
            state.sealingFailure = nil
        } catch {
            guard state.sealingFailure != "\(error)" else { return }
            state.sealingFailure = "\(error)"
            services.logger.error("events stay in the journal: sealing failed", metadata: ["error": "\(error)"])
        }
    }

    // MARK: - Retention

    /// First the log is told what will be deleted, and then it is: so that no deletion is ever without its event.
    private func applyRetention(_ state: inout State) async {
        guard let plan = services.store.retentionPlan else { return }
        let received = plan.segments.map(\.receivedRange)
        func time(_ nanoseconds: Int64?) -> String {
            nanoseconds.map { Timestamp(nanosecondsSinceEpoch: $0).description } ?? ""
        }
        let details = [
            ("reason", plan.reason.rawValue), ("events", String(plan.eventCount)),
            ("segments", String(plan.segments.count)), ("bytes", String(plan.byteCount)),
            ("firstIndex", plan.segments.first.map { String($0.firstIndex) } ?? ""),
            ("floorIndex", String(plan.floorIndex)), ("receivedFrom", time(received.map(\.lowerBound).min())),
            ("receivedTo", time(received.map(\.upperBound).max())),
        ]
        do {
            if state.announced != plan {
                try await services.admission.record(event(.retentionApplied, "DeleteSegments", details))
                state.announced = plan
            }
            try services.store.delete(plan)
            services.logger.notice(
                "retention deleted segments",
                metadata: ["events": "\(plan.eventCount)", "log.floor_index": "\(plan.floorIndex)"]
            )
            state.retentionFailure = nil
        } catch {
            guard state.retentionFailure != "\(error)" else { return }
            state.retentionFailure = "\(error)"
            services.logger.error("retention could not delete", metadata: ["error": "\(error)"])
        }
    }

    private func event(
        _ kind: SystemEvent.Kind,
        _ method: String,
        _ details: [(name: String, value: String)]
    ) -> SystemEvent {
        services.systemEvents.make(kind, method: method, principal: "martlet", details: details)
    }
}
