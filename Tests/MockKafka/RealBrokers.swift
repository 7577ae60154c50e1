// SPDX-License-Identifier: Apache-2.0

import CRdKafka

/// What tests ask of a cluster that somebody else runs.
package enum RealBrokers {
    package struct DidNotWork: Error {
        package let message: String
    }

    /// Makes a topic, which must not exist, and waits until it is there.
    package static func makeTopic(_ name: String, partitions: Int32, _ properties: [String: String]) throws {
        let configuration = rd_kafka_conf_new()
        for (name, value) in properties {
            guard rd_kafka_conf_set(configuration, name, value, nil, 0) == RD_KAFKA_CONF_OK else {
                throw DidNotWork(message: "property \(name)")
            }
        }
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
            throw DidNotWork(message: "no client")
        }
        let queue = rd_kafka_queue_new(client)
        defer {
            rd_kafka_queue_destroy(queue)
            rd_kafka_destroy(client)
        }
        var topic = rd_kafka_NewTopic_new(name, partitions, 1, nil, 0)
        defer { rd_kafka_NewTopic_destroy(topic) }
        let options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS)
        defer { rd_kafka_AdminOptions_destroy(options) }
        rd_kafka_AdminOptions_set_operation_timeout(options, 20_000, nil, 0)
        rd_kafka_CreateTopics(client, &topic, 1, options, queue)
        guard let event = rd_kafka_queue_poll(queue, 30_000) else { throw DidNotWork(message: "no answer") }
        defer { rd_kafka_event_destroy(event) }
        guard rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw DidNotWork(message: String(cString: rd_kafka_event_error_string(event)))
        }
    }
}
