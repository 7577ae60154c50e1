// SPDX-License-Identifier: Apache-2.0

/// What lines became.
package struct LogOutput: Sendable {
    /// Events, one a line.
    package var events: [UInt8] = []
    package var eventCount = 0
    /// Lines of our loggers that cannot be read.
    package var malformed: [MalformedLine] = []
    /// Lines of other loggers, and continuations.
    package var otherCount = 0
    /// Lines of our loggers that are no events: questions about nothing, requests that were told by the broker already.
    package var ignoredCount = 0

    package init() {}
}

/// A line that is to be set aside.
package struct MalformedLine: Equatable, Sendable {
    package let byteOffset: UInt64
    package let bytes: [UInt8]
    /// Why, without anything of the line itself.
    package let message: String

    package init(byteOffset: UInt64, bytes: [UInt8], message: String) {
        self.byteOffset = byteOffset
        self.bytes = bytes
        self.message = message
    }
}
