// SPDX-License-Identifier: Apache-2.0

/// The headers that Martlet's own records have beside those of CloudEvents.
package enum MartletHeaders {
    /// The log that an event was in before: whoever reads the topic into that log passes the record over.
    package static let log = "martlet_log"
    /// Its index there, in decimal.
    package static let index = "martlet_index"
    /// The gateway that saw the event: its name, `/`, and which spool of it.
    package static let gateway = "martlet_gateway"
    /// Counts a gateway's records from 1, one up each time, in decimal; sent again, a record may have another one.
    package static let sequence = "martlet_sequence"
}
