// SPDX-License-Identifier: Apache-2.0

package import CRdKafka

/// librdkafka's own cluster in this process: real sockets and frames, a few MB of records, neither SASL nor ACLs.
///
/// SAFETY: its calls lock.
package final class MockBrokers: @unchecked Sendable {
    package struct DidNotStart: Error {}

    private let owner: OpaquePointer
    private let cluster: OpaquePointer

    package init(count: Int32 = 3) throws {
        let configuration = rd_kafka_conf_new()
        // It would say that it has no brokers.
        rd_kafka_conf_set(configuration, "log_level", "3", nil, 0)
        guard let owner = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else { throw DidNotStart() }
        guard let cluster = rd_kafka_mock_cluster_new(owner, count) else {
            rd_kafka_destroy(owner)
            throw DidNotStart()
        }
        (self.owner, self.cluster) = (owner, cluster)
    }

    deinit {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(owner)
    }

    package var bootstrap: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster)) }

    package func makeTopic(_ name: String, partitions: Int32) throws {
        guard rd_kafka_mock_topic_create(cluster, name, partitions, 1) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw DidNotStart()
        }
    }

    package func refuse(topic: String, with code: rd_kafka_resp_err_t) {
        rd_kafka_mock_topic_set_error(cluster, topic, code)
    }

    /// The next answers to requests of an API are these errors.
    package func fail(_ api: Int16, with codes: [rd_kafka_resp_err_t]) {
        rd_kafka_mock_push_request_errors_array(cluster, api, codes.count, codes)
    }

    package func setUp(_ node: Int32, isUp: Bool) {
        _ = isUp ? rd_kafka_mock_broker_set_up(cluster, node) : rd_kafka_mock_broker_set_down(cluster, node)
    }
}
