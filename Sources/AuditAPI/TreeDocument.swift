// SPDX-License-Identifier: Apache-2.0

import AuditModel
package import AuditStore
import TransparencyLog

/// What a log says of its tree: `GET /v1/log`.
package struct TreeDocument: Codable, Sendable {
    package let origin: String
    /// Those that sign now, the newest first.
    package let verifierKeys: [String]
    /// Events that the newest checkpoint covers.
    package let size: UInt64
    /// The root of its tree, in Base64.
    package let root: String
    /// Events that the newest checkpoint with witnesses' signatures covers.
    package let witnessedSize: UInt64
    /// The first event that was not deleted.
    package let minimumIndex: UInt64
    package let checkpointTime: String
    /// Why nothing is signed.
    package let failure: String?
    /// As c2sp.org/tlog-tiles asks of logs that are pruned.
    package let pruningPolicy: String

    private static let pruningPolicy = """
        The oldest entries are deleted when the operator's limits of age or size say so, in multiples of 256, and the \
        deletion is itself an entry of the log before it happens. Hash tiles above level 0 stay.
        """

    package init(_ reader: TreeReader, failure: StoreError?) {
        let view = reader.view
        origin = view.origin
        verifierKeys = view.verifierKeys
        size = view.size
        root = view.frontier.root.base64
        witnessedSize = view.witnessedSize
        minimumIndex = reader.minimumIndex
        checkpointTime = Timestamp(nanosecondsSinceEpoch: view.checkpointTime).description
        self.failure = failure?.message
        pruningPolicy = Self.pruningPolicy
    }
}
