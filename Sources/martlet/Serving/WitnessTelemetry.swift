// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics

/// Every message and metric about witnesses.
enum WitnessTelemetry {
    static func asked(_ witness: String, _ result: String) {
        Counter(label: "tree_witness_requests_total", dimensions: [("witness", witness), ("result", result)])
            .increment()
    }

    static func witnessed(size: UInt64) {
        Gauge(label: "tree_witnessed_size").record(Double(size))
    }

    static func unwitnessed(seconds: Double) {
        Gauge(label: "tree_unwitnessed_age_seconds").record(seconds)
    }

    static func failed(_ witness: String, _ reason: String, _ logger: Logger) {
        logger.warning("a witness did not cosign", metadata: ["witness": "\(witness)", "reason": "\(reason)"])
    }

    static func recovered(_ witness: String, _ logger: Logger) {
        logger.notice("a witness cosigns", metadata: ["witness": "\(witness)"])
    }

    static func refused(_ witness: String, _ reason: String, _ logger: Logger) {
        logger.error("a witness refuses the log", metadata: ["witness": "\(witness)", "reason": "\(reason)"])
    }

    static func stopped(_ witness: String, _ reason: String, _ logger: Logger) {
        logger.critical(
            "nothing is signed any more: a witness has shown another tree with this log's signature",
            metadata: ["witness": "\(witness)", "reason": "\(reason)"]
        )
    }

    static func notKept(_ error: any Error, _ logger: Logger) {
        logger.error("cosignatures could not be kept", metadata: ["error": "\(error)"])
    }

    static func notRecorded(_ error: any Error, _ logger: Logger) {
        logger.error("the log could not be told of a witness", metadata: ["error": "\(error)"])
    }
}
