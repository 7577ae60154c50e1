// SPDX-License-Identifier: Apache-2.0

/// Why a file or stream could not be read on.
package struct StreamError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        /// The file could not be opened or read.
        case unreadable
        /// The packed bytes are damaged or cut short.
        case corrupt
        /// The events are not where an array or a sequence has them, so that the rest cannot be told apart.
        case malformed
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
