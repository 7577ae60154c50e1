// SPDX-License-Identifier: Apache-2.0

/// Why a note, a checkpoint, a proof, a tile, or a receipt is none, or proves nothing.
package struct LogError: Error, Equatable, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        /// The bytes are no signed note, or a text cannot be one.
        case malformedNote
        /// The text of a note is no checkpoint.
        case malformedCheckpoint
        /// The text is no key, or its key ID is not that of its key.
        case malformedKey
        /// The bytes are no receipt.
        case malformedReceipt
        /// The bytes are no opening of a leaf.
        case malformedOpening
        /// The bytes are no request to cosign.
        case malformedRequest
        /// The bytes are no trust policy.
        case malformedPolicy
        /// The bytes are no tile or no entry bundle of this width.
        case malformedTile
        /// More bytes, hashes, signatures or lines than `LogLimits` allows.
        case tooLarge
        /// A key of a type that this version does not know.
        case unsupportedKey
        /// Two keys have one name and one key ID, so that a signature would not say whose it is.
        case ambiguousKey
        /// No signature is by a key that is known.
        case unknownKey
        /// A signature in the name of a known key is not by it.
        case wrongSignature
        /// The checkpoint is of another log.
        case wrongOrigin
        /// A root hash is not the one that it has to be.
        case wrongRoot
        /// A proof has too many hashes, too few, or others.
        case wrongProof
        /// An index or a size is outside the tree.
        case outOfRange
        /// An event, or what is told of its sender, is not what the leaf commits to.
        case wrongOpening
        /// What is needed for a check is not there.
        case incomplete
        /// Fewer witnesses than the policy asks for.
        case quorumNotMet
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
