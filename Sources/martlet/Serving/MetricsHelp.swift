// SPDX-License-Identifier: Apache-2.0

/// What `/metrics` says of each metric of ours.
enum MetricsHelp {
    static let texts = [
        "ingest_events_accepted_total": "Events that were stored.",
        "ingest_bytes_received_total": "Bytes of events that were stored or recognised as repeated.",
        "ingest_events_repeated_total": "Events that the log had already.",
        "ingest_events_conflicting_total": "Events stored although an earlier one has the same source and id.",
        "ingest_batches_rejected_total": "Batches of which nothing was stored, by the reason.",
        "ingest_gaps_recorded_total": "Gaps that were recorded in the log: events that are known to be missing.",
        "ingest_pieces_quarantined_total": "Pieces of streams that were no events and were set aside.",
        "store_commit_duration_seconds": "Time of group commits, nearly all of it waiting for the disk.",
        "store_batches_committed_total": "Batches that were made durable.",
        "store_bytes_written_total": "Bytes of frames that were made durable, without padding.",
        "store_commits_failed_total": "Group commits that failed, by reason.",
        "store_end_index": "Index that the next event will have.",
        "tree_signed_size": "Events that the newest signed checkpoint covers.",
        "tree_witness_requests_total": "Checkpoints that witnesses were asked to cosign, by witness and result.",
        "tree_witnessed_size": "Events that the newest witnessed checkpoint covers.",
        "tree_unwitnessed_age_seconds": "Age of the oldest event that no witnessed checkpoint covers.",
        "kafka_source_records_total": "Records of topics that were read into the log.",
        "kafka_source_bytes_total": "Bytes of the values of those records.",
        "kafka_source_set_aside_total": "Records of topics that were no events and were set aside.",
        "kafka_source_partitions": "Partitions that are read.",
        "kafka_source_lag_records": "Records that the brokers have and the log has not.",
        "kafka_source_oldest_unread_seconds": "No unread record is older; 0 when none is unread.",
        "kafka_source_trouble": "1 while something keeps topics from being read.",
        "kafka_client_records": "Records that clients of Kafka sent or got, by librdkafka.",
        "kafka_client_bytes": "Bytes of those records.",
        "kafka_client_queued_records": "Records that wait in clients of Kafka.",
        "kafka_client_errors_total": "Errors that clients of Kafka met, by code.",
        "api_requests_total": "Answered HTTP requests by method and status.",
    ]
}
