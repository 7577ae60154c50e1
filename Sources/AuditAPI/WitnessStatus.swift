// SPDX-License-Identifier: Apache-2.0

/// How far witnesses have come with the log's checkpoints, as `GET /v1/status` tells it.
package struct WitnessStatus: Sendable {
    package struct Witness: Sendable, Encodable {
        /// What the policy calls it.
        package let name: String
        /// Events of the newest checkpoint that it cosigned since the server was started.
        package let size: UInt64
        /// Why it did not cosign the last one; nil when it did.
        package let failure: String?

        package init(name: String, size: UInt64, failure: String?) {
            self.name = name
            self.size = size
            self.failure = failure
        }
    }

    package var witnesses: [Witness]

    /// When the oldest event was received that no witnessed checkpoint covers, nanoseconds since 1970; nil when there is none.
    package var unwitnessedSince: Int64?

    package init(witnesses: [Witness] = [], unwitnessedSince: Int64? = nil) {
        self.witnesses = witnesses
        self.unwitnessedSince = unwitnessedSince
    }
}
