// SPDX-License-Identifier: Apache-2.0

/// What `/metrics` says of each metric of ours.
enum MetricsHelp {
    static let texts = [
        "ingest_events_accepted_total": "Events that were stored.",
        "ingest_bytes_received_total": "Bytes of events that were stored or recognised as repeated.",
        "ingest_events_repeated_total": "Events that the log had already.",
        "ingest_events_conflicting_total": "Events stored although an earlier one has the same source and id.",
        "ingest_pieces_quarantined_total": "Pieces of streams that were no events and were set aside.",
        "api_requests_total": "Answered HTTP requests by method and status.",
    ]
}
