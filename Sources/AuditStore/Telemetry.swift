// SPDX-License-Identifier: Apache-2.0

import Metrics

/// Every metric of the store.
enum StoreTelemetry {
    /// One group commit.
    ///
    /// - Parameters:
    ///   - batchCount: batches that shared it.
    ///   - byteCount: bytes of their frames.
    ///   - duration: from taking them to the answer; nearly all of it waiting for the disk.
    static func committed(batchCount: Int, byteCount: Int, duration: Duration) {
        Metrics.Timer(label: "store_commit_duration").record(duration: duration)
        Counter(label: "store_batches_committed_total").increment(by: batchCount)
        Counter(label: "store_bytes_written_total").increment(by: byteCount)
    }

    static func failed(_ code: StoreError.Code) {
        Counter(label: "store_commits_failed_total", dimensions: [("reason", code.rawValue)]).increment()
    }

    static func signed(size: UInt64) {
        Gauge(label: "tree_signed_size").record(Double(size))
    }

    static func grown(to endIndex: UInt64) {
        Gauge(label: "store_end_index").record(Double(endIndex))
    }
}
