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

/// What makes events of a log's lines, told one after the other.
package protocol LogLineParser: Sendable {
    /// Where the first line stands whose events are not out yet; nil when all are.
    var heldPlace: LogPlace? { get }

    /// Takes the next line, without its end.
    ///
    /// `now` is any clock in nanoseconds that only goes forward, by which lines wait; nil for the log's own stamps.
    mutating func read(
        _ bytes: RawSpan,
        in range: Range<Int>,
        at place: LogPlace,
        now: Int64?,
        into output: inout LogOutput
    )

    /// Lets go of what waits and has waited long enough.
    mutating func advance(now: Int64, into output: inout LogOutput)

    /// Nothing more comes: what is held is decided.
    mutating func finish(into output: inout LogOutput)
}
