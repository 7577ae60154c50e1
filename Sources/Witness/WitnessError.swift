// SPDX-License-Identifier: Apache-2.0

import DurableFiles

/// Why a witness does not run, or signs nothing.
package struct WitnessError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// Rejected: the file of logs is not one.
        case malformedLogs
        /// Rejected: the name is no name of a key, or not that of the key in the directory.
        case wrongName
        /// Unavailable: another process has the directory.
        case locked
        /// Unavailable: the disk is full. Nothing was signed.
        case noSpace
        /// Unavailable: a file could not be read or made.
        case inputOutput
        /// Integrity: a write or sync failed, so nobody knows what is on disk. Nothing more is signed until the witness is started
        /// again.
        case writeFailed
        /// Integrity: the key or a record is missing, or not what was written.
        case damaged
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What a failed call on a file means when nothing was to be signed yet.
    init(_ error: FileError) {
        switch error.code {
        case .locked: self.init(.locked, error.message)
        case .noSpace: self.init(.noSpace, error.message)
        default: self.init(.inputOutput, error.message)
        }
    }

    package var description: String { message }
}
