// SPDX-License-Identifier: Apache-2.0

import AsyncAlgorithms
import AuditAPI
import AuditModel
import AuditStore
import Ingest
import Ledger
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Writes into the log that it lives when nothing else is written, and after each hour which sources were silent in it: so that
/// silence is not mistaken for peace.
struct HeartbeatKeeper: Service {
    /// Half of the silence that a ledger bears; a machine that slept for longer did not watch.
    private static let longestPause = LedgerLimits.longestSilence / 2

    let services: APIServices
    let interval: Duration

    func run() async throws {
        var clock = HeartbeatClock(
            interval: interval,
            longestPause: Self.longestPause,
            now: services.systemEvents.now(),
            endIndex: services.store.snapshot.endIndex
        )
        var heard = HeardSources()
        let tick = min(interval, .seconds(5))
        for await _ in AsyncTimerSequence(interval: tick, clock: .continuous).cancelOnGracefulShutdown() {
            let now = services.systemEvents.now()
            for beat in clock.tick(at: now, endIndex: services.store.snapshot.endIndex) {
                do {
                    switch beat {
                    case .log: try await record([])
                    case .hour(let start): try await recordSilence(from: start, now: now, &heard)
                    }
                } catch {
                    // The ledger will show the hole: this hour is unknown.
                    services.logger.warning("a heartbeat could not be written", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// Says of each source that was silent for an hour that it was.
    private func recordSilence(from start: Timestamp, now: Timestamp, _ heard: inout HeardSources) async throws {
        let snapshot = services.store.snapshot
        let isEnding = StopFlag()
        heard = try await withGracefulShutdownHandler {
            try await NIOThreadPool.singleton.runIfActive { [heard] in
                var heard = heard
                try heard.advance(over: snapshot, now: now) { isEnding.isSet }
                return heard
            }
        } onGracefulShutdown: {
            isEnding.set()
        }
        guard !isEnding.isSet else { return }
        let events = heard.silent(since: start).map { source, last in
            var details = [
                ("submitter", source.submitter), ("source", source.source), ("hour", start.description),
                ("lastIndex", String(last.index)), ("lastReceived", last.received.description),
            ]
            if let position = last.position { details.append(("position", position)) }
            return event(details)
        }
        try await services.admission.record(events)
    }

    private func record(_ details: [(name: String, value: String)]) async throws {
        try await services.admission.record(event(details))
    }

    private func event(_ details: [(name: String, value: String)]) -> SystemEvent {
        services.systemEvents.make(.heartbeat, method: "Heartbeat", principal: "martlet", details: details)
    }
}

/// Tells a thread that its work is no longer wanted.
///
/// `Atomic`: whether it was told.
private final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
