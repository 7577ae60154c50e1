// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a journal, and where.
package struct JournalError: Error, Equatable, Sendable {
    package enum Code: String, Sendable {
        /// The bytes end before the frame or the file header does.
        case truncated
        /// No frame begins here: the magic number is missing. Zeros are the unused end of a preallocated file.
        case notAFrame
        /// A checksum does not fit its bytes.
        case checksumMismatch
        /// The checksum fits, but a length or count contradicts another.
        case inconsistent
        /// Written by a newer version of the format.
        case unsupportedVersion
        /// A frame would be larger than `JournalLimits` allows.
        case tooLarge
    }

    package let code: Code
    package let message: String

    /// Where in the file.
    package let byteOffset: Int

    package init(_ code: Code, _ message: String, at byteOffset: Int) {
        self.code = code
        self.message = message
        self.byteOffset = byteOffset
    }
}
