// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The connections that there are: how many, from where, and how to reach each when the gateway ends.
///
/// `Mutex`: all of it; nothing else is locked while it is held.
final class ConnectionCounts: Sendable {
    private struct State {
        var byAddress: [String: Int] = [:]
        var entries: [ObjectIdentifier: Entry] = [:]
        var isClosed = false
    }

    /// A connection, as far as the end of the gateway concerns it.
    struct Entry: Sendable {
        let ended: EventLoopFuture<Void>
        /// Tells it what the gateway does, on its own loop.
        let tell: @Sendable (GatewayEvent) -> Void
    }

    private let limits: ConnectionLimits
    private let state = Mutex(State())

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    var count: Int { state.withLock { $0.entries.count } }

    /// Takes a connection; false when there are too many, or the gateway is ending.
    func enter(_ channel: any Channel, _ entry: Entry) -> Bool {
        let count = state.withLock { state -> Int? in
            guard !state.isClosed, state.entries.count < limits.connections else { return nil }
            state.entries[ObjectIdentifier(channel)] = entry
            return state.entries.count
        }
        guard let count else { return false }
        GatewayTelemetry.connections(count)
        entry.ended.whenComplete { [self] _ in
            GatewayTelemetry.connections(
                state.withLock { state in
                    state.entries[ObjectIdentifier(channel)] = nil
                    return state.entries.count
                }
            )
        }
        return true
    }

    /// Counts a connection for its client's address; false when that has too many.
    func enter(address: String, ended: EventLoopFuture<Void>) -> Bool {
        let isTaken = state.withLock { state in
            guard state.byAddress[address, default: 0] < limits.connectionsPerAddress else { return false }
            state.byAddress[address, default: 0] += 1
            return true
        }
        guard isTaken else { return false }
        ended.whenComplete { [self] _ in
            state.withLock { state in
                let count = state.byAddress[address, default: 1] - 1
                state.byAddress[address] = count > 0 ? count : nil
            }
        }
        return true
    }

    /// Takes no more, and returns those that there are.
    func close() -> [Entry] {
        state.withLock { state in
            state.isClosed = true
            return Array(state.entries.values)
        }
    }
}

/// What the gateway tells a connection when it ends.
enum GatewayEvent: Sendable {
    /// No more requests; what is awaited may come.
    case drain
    /// Now.
    case end
}
