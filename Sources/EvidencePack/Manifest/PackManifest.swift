// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// What a pack says of itself, and what its log signs of it.
///
/// Normative: docs/formats/pack.md. One value has one text.
package struct PackManifest: Equatable, Sendable {
    package static let format = "martlet-pack/1"

    /// What was asked, as it was asked.
    package struct Query: Equatable, Sendable {
        package var text: String
        /// Times as they were typed; nil for no bound.
        package var from: String?
        package var to: String?

        package init(text: String, from: String?, to: String?) {
            self.text = text
            self.from = from
            self.to = to
        }
    }

    /// What the log's ledger says of the hours in which the events are, in short; the rows are in `ledger.json`.
    package struct Ledger: Equatable, Sendable {
        /// The first moment, and the first behind the last hour.
        package var from: String
        package var to: String
        /// `complete`, `gap` or `unknown`.
        package var state: String
        /// Hours of sources by what is known of them.
        package var complete: UInt64
        package var gap: UInt64
        package var unknown: UInt64

        package init(from: String, to: String, state: String, complete: UInt64, gap: UInt64, unknown: UInt64) {
            self.from = from
            self.to = to
            self.state = state
            self.complete = complete
            self.gap = gap
            self.unknown = unknown
        }
    }

    /// A file of the pack.
    package struct File: Equatable, Sendable {
        package let name: String
        package let byteCount: UInt64
        package let sha256: LogHash

        package init(_ file: PackFile, byteCount: Int, sha256: LogHash) {
            self.init(name: file.name, byteCount: UInt64(byteCount), sha256: sha256)
        }

        init(name: String, byteCount: UInt64, sha256: LogHash) {
            self.name = name
            self.byteCount = byteCount
            self.sha256 = sha256
        }
    }

    /// The log's name, as in its checkpoint.
    package var origin: String
    /// When the pack was made, by the log's clock; RFC 3339.
    package var created: String
    /// Who asked, as the log authenticated him.
    package var principal: String
    package var query: Query
    package var eventCount: UInt64 = 0
    /// Bytes of the events, without the line ends behind them.
    package var eventByteCount: UInt64 = 0
    /// How many of them were erased: their leaves are here, and what stands in their place.
    package var erasedCount: UInt64 = 0
    /// Nil when there are no events.
    package var firstIndex: UInt64?
    package var lastIndex: UInt64?
    /// The query looked at the events from `startIndex` to before `endIndex`.
    ///
    /// Those before were deleted by retention; those behind came later.
    package var startIndex: UInt64 = 0
    package var endIndex: UInt64 = 0
    /// Limits that struck, a sentence for each: what matches beyond them is not here.
    package var limits: [String] = []
    /// Other reasons why something that matches may not be here.
    package var partialReasons: [String] = []
    /// Leaves of the tree that the checkpoint is of.
    package var checkpointSize: UInt64 = 0
    package var ledger: Ledger?
    /// Why there is no statement of the ledger, if so.
    package var ledgerReason: String?
    /// All files but the manifest and its note, in their order.
    package var files: [File] = []

    package init(origin: String, created: String, principal: String, query: Query) {
        self.origin = origin
        self.created = created
        self.principal = principal
        self.query = query
    }

    /// Whether all events that match, from `startIndex` to before `endIndex`, are here.
    package var isComplete: Bool { limits.isEmpty && partialReasons.isEmpty }

    package static func == (left: PackManifest, right: PackManifest) -> Bool { left.encoded() == right.encoded() }
}
