// SPDX-License-Identifier: Apache-2.0

package import JournalFormat
package import SystemPackage

/// Why the store could not do something.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    /// The family of the failure is in its description; ARCHITECTURE.md says what follows from each.
    package enum Code: String, Sendable {
        /// Unavailable: the disk is full. Nothing was accepted; the store goes on by itself when there is room.
        case noSpace
        /// Unavailable: more batches wait than the queue holds. Try again.
        case busy
        /// Unavailable: the store was closed.
        case closed
        /// Unavailable: another process has the directory.
        case locked
        /// Integrity: a write or sync failed, so nobody knows what is on disk. Nothing more is accepted until the
        /// directory is opened again, which reads what is there.
        case writeFailed
        /// Integrity: acknowledged bytes are damaged or missing.
        case damaged
        /// Integrity: what the log signed is not the beginning of what it holds now. Nothing is signed until that is recorded.
        case forked
        /// Unavailable: a file could not be read or made.
        case inputOutput
        /// Rejected: this is not a data directory, or one of a newer version.
        case notADataDirectory
    }

    package let code: Code
    package let message: String
    package let path: FilePath?
    package let byteOffset: Int?

    package init(_ code: Code, _ message: String, path: FilePath? = nil, byteOffset: Int? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.byteOffset = byteOffset
    }

    /// Damage that a reader of the journal's format found.
    package init(_ error: JournalError, path: FilePath) {
        self.init(
            error.code == .unsupportedVersion ? .notADataDirectory : .damaged,
            "\(error.message) (\(path), byte \(error.byteOffset))",
            path: path,
            byteOffset: error.byteOffset
        )
    }

    package var description: String { message }
}
