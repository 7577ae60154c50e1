// SPDX-License-Identifier: Apache-2.0

package import KafkaProtocol

/// Makes audit events of what was seen on one connection.
///
/// No clock and no I/O: times come with the observations. What belongs to several connections, such as names of topics and
/// runs of failed logins, is kept in the `KafkaCluster`.
///
/// **Events:** of a login one `kafka.Authentication`; of an exchange one authorization event for each check that its answer
/// decides, and one request event for the act. Produce, Fetch and their like have a request event for each topic that the
/// connection had not named before, and authorization events only for what was refused, as Confluent's audit log does.
///
/// **Ids** follow from the connection's id and a count of its events, so the same observations give the same ids.
package struct KafkaEventMapper: Sendable {
    let connection: KafkaConnection
    let cluster: KafkaCluster
    let policy: CapturePolicy
    let text: ConnectionText
    private let ids: EventID
    private var eventCount: UInt64 = 0
    private var exchangeCount = 0
    var identity: Identity
    var checks = RepeatedChecks()
    /// By API, hashes of the topics that have had their first event.
    ///
    /// Of names that a client may make as long as it likes, a hash with the process's own seed takes eight bytes and cannot be
    /// aimed at.
    var topicsSeen: [Int16: Set<Int>] = [:]

    /// Who is at the other end, as far as is known.
    enum Identity: Sendable {
        /// Nobody logged in, and the broker has not answered anything that it answers to principals alone.
        case undetermined
        /// The gateway verified a certificate; its event has not been written.
        case certificate(principal: String)
        case principal(String)
        /// A login failed.
        case unauthenticated

        static let nobody = "None:UNKNOWN_USER"
        static let anonymous = "User:ANONYMOUS"
    }

    package init(_ connection: KafkaConnection, cluster: KafkaCluster, policy: CapturePolicy) {
        self.connection = connection
        self.cluster = cluster
        self.policy = policy
        text = ConnectionText(connection, clusterCRN: cluster.crnText)
        ids = EventID(connectionID: connection.id)
        if let name = connection.certificateName ?? connection.certificateSubject {
            identity = .certificate(principal: "User:\(name)")
        } else {
            identity = .undetermined
        }
    }

    /// Appends the events of an observation.
    package mutating func map(_ observation: KafkaObservation, into events: inout [MappedEvent]) {
        switch observation {
        case .exchange(let exchange):
            flush(time: exchange.time, into: &events)
            map(exchange, into: &events)
        case .authentication(let login):
            flush(time: login.time, into: &events)
            map(login, into: &events)
        case .ended:
            flush(time: .max, into: &events)
        }
    }

    /// Appends the repeats of checks whose window has ended at `time`; with `Int64.max` all of them.
    ///
    /// Repeats of failed logins are the cluster's: see `KafkaCluster.flush`.
    package mutating func flush(time: Int64, into events: inout [MappedEvent]) {
        for run in checks.removeDue(time) {
            let id = ids.text(run.first.number | EventID.repeats)
            events.append(run.first.mapped(text, repeats: run.repeats, id: id))
        }
    }

    /// When `flush` has something to write; nil while there is nothing.
    package var nextFlush: Int64? { checks.nextDue }

    // MARK: - Numbers

    /// The number and id of the connection's next event.
    mutating func nextID() -> (number: UInt64, id: String) {
        eventCount += 1
        return (eventCount, ids.text(eventCount))
    }

    func repeatsID(_ number: UInt64) -> String {
        ids.text(number | EventID.repeats)
    }

    mutating func nextRequestID() -> String {
        exchangeCount += 1
        return "\(connection.id)-\(exchangeCount)"
    }
}
