// SPDX-License-Identifier: Apache-2.0

import AuditStore
import Metrics

/// Every metric of accepting events.
enum IngestTelemetry {
    static func accepted(_ acknowledgement: Acknowledgement, byteCount: Int) {
        Counter(label: "ingest_events_accepted_total").increment(by: acknowledgement.acceptedCount)
        Counter(label: "ingest_bytes_received_total").increment(by: byteCount)
        Counter(label: "ingest_events_repeated_total").increment(by: acknowledgement.repeated.count)
        Counter(label: "ingest_events_conflicting_total").increment(by: acknowledgement.conflicts.count)
    }

    static func quarantined(_ count: Int) {
        Counter(label: "ingest_pieces_quarantined_total").increment(by: count)
    }

    static func missed(_ gap: Gap) {
        Counter(label: "ingest_gaps_recorded_total", dimensions: [("reason", gap.reason.rawValue)]).increment()
    }

    static func rejected(_ code: String) {
        Counter(label: "ingest_batches_rejected_total", dimensions: [("reason", code)]).increment()
    }
}
