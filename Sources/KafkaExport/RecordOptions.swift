// SPDX-License-Identifier: Apache-2.0

/// How an event is put into a record (CloudEvents' Kafka protocol binding, version 1.0.2, §3).
package enum RecordMode: String, Sendable, CaseIterable {
    /// The event byte for byte as it came, as Confluent Cloud's audit log has it.
    case structured
    /// Its data as the value, its attributes as headers.
    case binary
}

/// What records are keyed by: those with the same key are in one partition, in order.
package enum RecordKey: String, Sendable, CaseIterable {
    /// No key, as Confluent Cloud's audit log has it.
    case none
    case organization
    case resource
}
