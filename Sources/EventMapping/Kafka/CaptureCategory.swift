// SPDX-License-Identifier: Apache-2.0

/// A category by which it is decided what is captured: those of Confluent Platform's audit log.
package enum CaptureCategory: String, CaseIterable, Sendable {
    /// Logins, successful and failed.
    case authentication
    /// Checks: what was allowed and refused, as events of their own.
    ///
    /// A refusal belongs here whatever was asked for, because a client that may not write stops at the look-up before.
    case authorize
    /// What changes topics, ACLs, configurations, users, quotas, tokens.
    case management
    case produce
    case consume
    /// Look-ups.
    case describe
    /// What brokers ask each other.
    case interbroker
    /// What keeps members of groups alive.
    case heartbeat
}
