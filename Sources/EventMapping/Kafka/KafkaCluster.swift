// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import KafkaProtocol
import Synchronization

/// What all connections to one cluster share: its name, its topics, who its brokers are, and failed logins.
///
/// Bounded by `MappingLimits`. One lock, held for a few look-ups at a time and never while anything is written.
package final class KafkaCluster: Sendable {
    package let crn: CRN
    /// Principals that the brokers themselves use, with their type: `User:admin`.
    package let interbrokerPrincipals: Set<String>
    let crnText: String

    private let shared = Mutex(Shared())

    private struct Shared {
        var topics = TopicNames()
        var awaited = AwaitedTopics()
        var failures = FailureRuns()
    }

    /// - Parameters:
    ///   - crn: such as `crn:///kafka=4L6g3nShT-eMCtK--X86sw`.
    ///   - interbrokerPrincipals: with their type; what they produce, consume, look up and keep alive counts as `interbroker`.
    package init(crn: CRN, interbrokerPrincipals: Set<String> = []) {
        self.crn = crn
        self.interbrokerPrincipals = interbrokerPrincipals
        crnText = crn.description
    }

    // MARK: - Failed logins

    /// When repeats of failed logins are due to be written; nil while there are none.
    ///
    /// The caller has one timer for the cluster, as the connections that failed are gone.
    package var nextFlush: Int64? {
        shared.withLock { $0.failures.nextDue }
    }

    /// Writes the repeats of failed logins whose window has ended at `time`; with `Int64.max` all of them.
    package func flush(time: Int64, into events: inout [MappedEvent]) {
        let due = shared.withLock { $0.failures.removeDue(time) }
        for run in due { events.append(run.event(clusterCRN: crnText)) }
    }

    /// Notes a failed login.
    ///
    /// - Returns: whether it is the first of its kind, and has to be written now.
    func noteFailure(_ failure: FailureRuns.Failure, window: Int64) -> Bool {
        shared.withLock { $0.failures.note(failure, window: window) }
    }

    // MARK: - Topics

    /// The name of a topic; nil for an id that no answer has told.
    package func name(of id: KafkaUUID) -> String? {
        shared.withLock { $0.topics.name(of: id) }
    }

    /// Notes that a topic is there.
    package func learn(_ name: String, id: KafkaUUID?) {
        shared.withLock { $0.topics.learn(name, id: id) }
    }

    package func forget(_ name: String) {
        shared.withLock { state in
            state.topics.forget(name)
            state.awaited.remove(name)
        }
    }

    /// Notes that a topic was made by request, so that its appearance needs no other explanation.
    func noteCreated(_ name: String, id: KafkaUUID?) {
        shared.withLock { state in
            state.topics.learn(name, id: id)
            state.awaited.remove(name)
        }
    }

    /// What a look-up that lets the broker make topics says of one of them.
    func noteLookup(
        _ name: String,
        id: KafkaUUID?,
        code: Int16,
        principal: String,
        time: Int64
    ) -> TopicAppearance? {
        shared.withLock { state in
            switch code {
            case 0:
                let appeared =
                    !state.topics.isKnown(name) && state.awaited.take(name, principal: principal, time: time)
                state.topics.learn(name, id: id)
                return appeared ? .appeared : nil
            case 3:
                state.topics.forget(name)
                state.awaited.insert(name, principal: principal, time: time)
                return nil
            case 5:
                guard !state.topics.isKnown(name) else { return nil }
                state.topics.learn(name, id: id)
                state.awaited.remove(name)
                return .appearing
            default: return nil
            }
        }
    }
}

/// How a topic came to be that nobody asked to be made.
enum TopicAppearance: Sendable {
    /// It has no leader yet, and had not been seen before.
    case appearing
    /// The same principal asked for it before, and it was not there.
    case appeared
}

/// Topics that were asked for, were not there, and may be made by that.
struct AwaitedTopics: Sendable {
    private var waiting: [String: (principal: String, time: Int64)] = [:]

    mutating func insert(_ name: String, principal: String, time: Int64) {
        guard name.utf8.count <= MappingLimits.countedNameByteCount else { return }
        if waiting.count >= MappingLimits.awaitedTopics, waiting[name] == nil {
            waiting = waiting.filter { time - $0.value.time < MappingLimits.awaitedTopicTime }
            if waiting.count >= MappingLimits.awaitedTopics { return }
        }
        waiting[name] = (principal, time)
    }

    mutating func remove(_ name: String) {
        waiting[name] = nil
    }

    /// Whether this principal waited for the topic until now; it does not any more.
    mutating func take(_ name: String, principal: String, time: Int64) -> Bool {
        guard let found = waiting.removeValue(forKey: name) else { return false }
        return found.principal == principal && time - found.time < MappingLimits.awaitedTopicTime
    }
}
