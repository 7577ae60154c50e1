// SPDX-License-Identifier: Apache-2.0

/// Something that is not what was signed, or not what a log of this kind has.
package struct Finding: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A file that the log must have is not there.
        case missing
        /// The bytes of a file are not what its own checksums or its format demand.
        case damaged
        /// Events are not those that were signed.
        case changedEvents
        /// A tile is not what follows from the events below it.
        case changedTile
        /// The root that follows from the events is not the one that was signed.
        case wrongRoot
        /// Events that were signed, or recorded as durable, are not there.
        case missingEvents
        /// A signature in the name of a known key is not by it, or none is by a known key.
        case wrongSignature
        /// The checkpoint is of another log.
        case wrongOrigin
        /// The text is no checkpoint, or no list of them.
        case malformedCheckpoint
        /// Two trees of one size, or a log that is not the continuation of what is known of it.
        case forked
        /// The log is shorter than it is known to have been.
        case rolledBack
        /// A time that has not come yet.
        case futureTime
        /// A file that does not belong there.
        case extraFile
        /// A link, a pipe, or a directory where a file should be.
        case notAFile
    }

    package let kind: Kind

    /// Below the directory that was verified.
    package let file: String

    /// The events that it is about, half-open; nil when it is about none.
    package let indices: Range<UInt64>?

    /// Lower case, without a full stop; it quotes nothing that may have control characters.
    package let reason: String

    package init(_ kind: Kind, _ file: String, _ indices: Range<UInt64>?, _ reason: String) {
        self.kind = kind
        self.file = file
        self.indices = indices
        self.reason = reason
    }

    package init(_ kind: Kind, _ file: String, _ reason: String) { self.init(kind, file, nil, reason) }
}

/// Something that was not checked, so that the verdict says nothing of it.
package struct VerificationGap: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Events behind the newest checkpoint: the log has not signed them yet.
        case notYetCovered
        /// Events that retention removed; the tree still has their hashes.
        case removedByRetention
        /// Events whose bytes were erased; their leaves are in the tree.
        case erased
        /// An older checkpoint of a size below what retention left.
        case checkpointBelowFloor
        /// Bytes behind the last whole batch of the journal: being written just now, or torn in a crash.
        case tornEnd
        /// The keys were read from the directory that they are to vouch for.
        case ownKeys
        /// Nobody gave a key, and the directory has none.
        case noKeys
        /// There is no checkpoint: nothing is signed.
        case noCheckpoint
        /// No checkpoint has as many cosignatures as the policy asks for.
        case quorumNotMet
        /// The earlier checkpoint of the caller could not be compared.
        case trustedCheckpointNotComparable
        /// Something could not be read.
        case unreadable
        /// Names of files cannot be listed, so that files too many are not seen.
        case notListed
    }

    package let kind: Kind
    package let file: String
    package let indices: Range<UInt64>?
    package let reason: String

    package init(_ kind: Kind, _ file: String, _ indices: Range<UInt64>?, _ reason: String) {
        self.kind = kind
        self.file = file
        self.indices = indices
        self.reason = reason
    }

    package init(_ kind: Kind, _ file: String, _ reason: String) { self.init(kind, file, nil, reason) }

    /// Whether the verdict cannot be "verified" because of it.
    ///
    /// The others belong to the life of a log, and are told with the verdict.
    package var isSerious: Bool {
        switch kind {
        case .notYetCovered, .removedByRetention, .erased, .checkpointBelowFloor, .tornEnd, .ownKeys, .notListed: false
        case .noKeys, .noCheckpoint, .quorumNotMet, .trustedCheckpointNotComparable, .unreadable: true
        }
    }
}
