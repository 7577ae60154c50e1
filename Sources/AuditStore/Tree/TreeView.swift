// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// The tree at its newest checkpoint.
package struct TreeView: Sendable {
    package let origin: String
    /// Verifier keys that the log signs with, the newest first.
    package let verifierKeys: [String]
    /// The tree that the checkpoint is of.
    package let frontier: TreeFrontier
    package let checkpoint: SignedNote
    /// When it was signed, nanoseconds since 1970; when the store was opened if it was signed before.
    package let checkpointTime: Int64
    /// The newest checkpoint that witnesses signed, and its size.
    package let witnessed: (note: SignedNote, size: UInt64)?

    /// Leaves of the tree.
    package var size: UInt64 { frontier.size }
    package var witnessedSize: UInt64 { witnessed?.size ?? 0 }
}

/// How far the tree has come, and whether something stands in its way.
package struct TreeStatus: Sendable {
    /// Events that the newest checkpoint covers.
    package let integratedSize: UInt64
    /// Events that the newest witnessed checkpoint covers.
    package let witnessedSize: UInt64
    /// Why nothing is signed; nil when all is well.
    package let failure: StoreError?
    /// The newest checkpoint; nil before there is one.
    package let view: TreeView?
}

/// What an acknowledgement can promise of an event, from less to more.
package enum EventStanding: String, Sendable, Comparable {
    /// On disk: a power cut does not lose it.
    case durable
    /// In the tree, and a signed checkpoint covers it: changing it would show.
    case integrated
    /// Witnesses have signed a checkpoint that covers it: the log's own keeper cannot change it unnoticed.
    case witnessed

    package static func < (left: EventStanding, right: EventStanding) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .durable: 0
        case .integrated: 1
        case .witnessed: 2
        }
    }
}
