// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// Makes the events of a logged request as of one that the gateway saw.
///
/// The wire's mapper does it: a new one for each line, whose connection has its id from the line's place, so that the events have the
/// same ids whenever it is read. What the mapper learns over a connection's life is kept here in its place, bounded: of which topics a
/// connection's first Produce and Fetch were told.
package final class LoggedRequestMapping: Sendable {
    private let cluster: KafkaCluster
    private let policy: CapturePolicy
    private let seen: SeenTopics

    package init(cluster: KafkaCluster, policy: CapturePolicy) {
        self.cluster = cluster
        self.policy = policy
        seen = SeenTopics()
    }

    /// Adds the events of a request; none where the policy wants none.
    package func append(_ request: LoggedRequest, to output: inout LogOutput) {
        let key = SeenTopics.Key(channelID: request.channelID, apiKey: request.exchange.header.apiKey.rawValue)
        var mapper = KafkaEventMapper(request.connection, cluster: cluster, policy: policy)
        mapper.identity = .principal(request.principal)
        mapper.topicsSeen[key.apiKey] = seen[key]
        var events: [MappedEvent] = []
        mapper.map(.exchange(request.exchange), into: &events)
        mapper.map(.ended(time: request.exchange.time), into: &events)
        seen[key] = mapper.topicsSeen[key.apiKey]
        for event in events {
            output.events += event.bytes
            output.events.append(0x0A)
        }
        output.eventCount += events.count
        if events.isEmpty { output.ignoredCount += 1 }
    }
}
