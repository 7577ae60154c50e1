// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Finds for a broker's line the wire's event about the same check, so that both are linked and not counted twice.
///
/// The gateway notes what its events say; whoever reads an authorizer log asks. A line has no client id, port or correlation id, so the
/// match is by principal, operation, resource, API, decision, and the time within `MappingLimits.correlationWindow`. A fact serves
/// any number of lines: brokers ask twice for one request at times, and repeats on the wire become one event.
///
/// Wire events are never held: a line waits, if anything does. `Mutex`: owns the facts; nothing else is taken inside.
package final class AuthorizationCorrelator: Sendable {
    struct Key: Hashable, Sendable {
        let principal: String
        let operation: String
        let resourceType: String
        let resourceName: String
        let apiName: String
        let granted: Bool
    }

    fileprivate struct State {
        var facts: [Key: [(time: Int64, eventID: String)]] = [:]
        /// Oldest first, from `firstInOrder` on.
        var order: [Key] = []
        var firstInOrder = 0
    }

    private let state = Mutex(State())
    private let gatewayHosts: Set<String>

    /// - Parameter gatewayHosts: the gateway's addresses as brokers see them. Lines with other hosts are about clients that went around
    ///   it, and don't wait; empty when they are not known.
    package init(gatewayHosts: Set<String> = []) {
        self.gatewayHosts = gatewayHosts
    }

    /// Remembers what an event from the wire said.
    package func note(_ fact: AuthorizationFact) {
        guard !fact.resourceName.isEmpty else { return }
        let key = Key(
            principal: fact.principal,
            operation: fact.operation,
            resourceType: fact.resourceType,
            resourceName: fact.resourceName,
            apiName: fact.apiName,
            granted: fact.granted
        )
        state.withLock { state in
            state.facts[key, default: []].append((fact.time, fact.eventID))
            state.order.append(key)
            if state.order.count - state.firstInOrder > MappingLimits.correlatedCount { state.forgetOldest() }
        }
    }

    /// Whether a line with such a host may be about a request that went through the gateway.
    func mayKnow(host: String) -> Bool { gatewayHosts.isEmpty || gatewayHosts.contains(host) }

    /// The id of the wire's event for a line, the nearest in time; nil when there is none yet.
    func eventID(_ key: Key, time: Int64) -> String? {
        state.withLock { state in
            let near = (state.facts[key] ?? []).filter { fact in
                let (difference, overflows) = fact.time.subtractingReportingOverflow(time)
                return !overflows && difference.magnitude <= UInt64(MappingLimits.correlationWindow)
            }
            return near.min { ($0.time - time).magnitude < ($1.time - time).magnitude }?.eventID
        }
    }

    /// Facts that are remembered.
    var count: Int { state.withLock { $0.order.count - $0.firstInOrder } }
}

extension AuthorizationCorrelator.State {
    fileprivate mutating func forgetOldest() {
        let key = order[firstInOrder]
        firstInOrder += 1
        facts[key]?.removeFirst()
        if facts[key]?.isEmpty ?? false { facts[key] = nil }
        // Moved to the front at last, so that the room is used again.
        if firstInOrder > MappingLimits.correlatedCount {
            order.removeFirst(firstInOrder)
            firstInOrder = 0
        }
    }
}
