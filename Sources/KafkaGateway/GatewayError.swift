// SPDX-License-Identifier: Apache-2.0

/// Why the gateway can't do what it was told.
package struct GatewayError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// What it was given does not go together.
        case configuration
        /// A port can't be listened at.
        case unavailablePort
        /// The spool is full, or a file of it could not be written.
        case spoolFull
        case spoolDamaged
        /// No bootstrap server could be connected to.
        case unavailableBroker
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
