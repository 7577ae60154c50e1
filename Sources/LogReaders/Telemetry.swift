// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Logging
import Metrics

/// Every message and metric of reading logs.
enum LogReaderTelemetry {
    static func read(lines: Int, byteCount: Int) {
        Counter(label: "log_reader_lines_read_total").increment(by: lines)
        Counter(label: "log_reader_bytes_read_total").increment(by: byteCount)
    }

    static func made(_ output: LogOutput) {
        Counter(label: "log_reader_events_made_total").increment(by: output.eventCount)
        Counter(label: "log_reader_lines_skipped_total", dimensions: [("reason", "other")]).increment(
            by: output.otherCount
        )
        Counter(label: "log_reader_lines_skipped_total", dimensions: [("reason", "ignored")])
            .increment(by: output.ignoredCount)
        Counter(label: "log_reader_lines_malformed_total").increment(by: output.malformed.count)
    }

    static func waiting(_ logger: Logger, _ source: String, _ reason: String) {
        logger.warning(
            "a log is not read on until its events can be stored",
            metadata: ["log.source": "\(source)", "reason": "\(reason)"]
        )
    }

    static func unreadable(_ logger: Logger, _ source: String, _ reason: String) {
        logger.warning("a log cannot be read", metadata: ["log.source": "\(source)", "reason": "\(reason)"])
    }
}
