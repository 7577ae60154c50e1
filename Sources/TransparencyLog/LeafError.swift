// SPDX-License-Identifier: Apache-2.0

/// Why bytes are no leaf, no secrets of a span, or why there can be no leaf of something.
package struct LeafError: Error, Equatable, Sendable {
    package enum Code: String, Sendable {
        /// More bytes than the format has, or fewer.
        case wrongByteCount
        /// The magic number is missing.
        case wrongMagic
        /// Written by a newer version of the format.
        case unsupportedVersion
        /// A value that this version does not know, or one that contradicts another.
        case inconsistent
        /// The checksum does not fit the bytes.
        case checksumMismatch
        /// A label is longer than `LeafLimits` allows.
        case tooLarge
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
