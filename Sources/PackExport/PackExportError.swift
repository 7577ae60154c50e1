// SPDX-License-Identifier: Apache-2.0

/// Why no pack was made.
package struct PackExportError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The log keeps no tree, so it can prove nothing.
        case noTree
        /// No checkpoint covers the events, and none came: nothing is signed any more, or not yet.
        case notSigned
        /// There is no room for what is written meanwhile.
        case noSpace
        /// A temporary file could not be made, written or read.
        case inputOutput
    }

    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
