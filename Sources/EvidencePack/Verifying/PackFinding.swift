// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// Something in a pack that is not what was signed, or not what a pack has.
package struct PackFinding: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The file is no archive with the files of a pack, byte for byte.
        case wrongArchive
        /// A file is not of the form that it has to have.
        case malformed
        /// A file is not the one that the manifest lists.
        case wrongDigest
        /// A signature in the name of a known key is not by it.
        case wrongSignature
        /// No known key signed.
        case unknownKey
        /// The checkpoint, the manifest, or what signs it is another log's.
        case wrongOrigin
        /// The manifest and the events disagree.
        case wrongManifest
        /// An event, or its sender, is not what its leaf commits to.
        case changedEvent
        /// Events or hashes are missing, too many, or in another order.
        case wrongProof
        /// Events and hashes do not lead to the root that was signed.
        case wrongRoot
    }

    package let kind: Kind
    package let file: PackFile?
    /// The event's index in the log.
    package let index: UInt64?
    /// Lower case, without a full stop; it may quote names of keys and logs, which have no control characters.
    package let reason: String

    package init(_ kind: Kind, _ file: PackFile?, index: UInt64? = nil, _ reason: String) {
        self.kind = kind
        self.file = file
        self.index = index
        self.reason = reason
    }
}

/// What came out of verifying a pack.
package struct PackReport: Sendable {
    package enum Verdict: String, Sendable {
        /// All that the pack claims follows from what is believed.
        case verified
        /// Something is not what was signed.
        case tampered
        /// What is there is right, but the manifest says that something is missing, or fewer witnesses signed than were asked for.
        case incomplete
    }

    /// A witness's cosignature that fits.
    package struct Witnessed: Hashable, Sendable {
        package let name: String
        package let time: CosignatureTime
    }

    /// Nil when it could not be read; not to be believed when the verdict is `tampered`.
    package internal(set) var manifest: PackManifest?
    package internal(set) var checkpoint: Checkpoint?
    package internal(set) var byteCount = 0
    /// Events whose bytes were compared with a leaf of the signed tree.
    package internal(set) var checkedCount: UInt64 = 0
    /// Events that were erased: that they were in the log is proven, and what they were is not shown.
    package internal(set) var erasedCount: UInt64 = 0
    /// Keys by which the checkpoint is signed in the log's name, and by which the manifest is.
    package internal(set) var checkpointKeys: [String] = []
    package internal(set) var manifestKeys: [String] = []
    package internal(set) var witnesses: [Witnessed] = []
    package internal(set) var isQuorumMet = false
    /// Whether the keys were the pack's own: then it agrees with itself, and anybody could have made it.
    package internal(set) var usesOwnKeys = false
    package internal(set) var findings: [PackFinding] = []

    package var verdict: Verdict {
        guard findings.isEmpty, let manifest else { return .tampered }
        return isQuorumMet && manifest.isComplete ? .verified : .incomplete
    }

    mutating func add(_ finding: PackFinding) {
        if findings.count < PackLimits.maximumFindingCount { findings.append(finding) }
    }
}
