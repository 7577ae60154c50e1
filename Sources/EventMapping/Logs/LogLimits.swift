// SPDX-License-Identifier: Apache-2.0

/// Bounds of what is made of lines of logs.
extension MappingLimits {
    /// Bytes of a compiled time zone; the largest there is has some four thousand.
    static let zoneFileByteCount = 1 << 16

    /// Bytes of lines that are held until the rest of their message comes; a message that is longer is malformed.
    ///
    /// Lines of request logs have tens of kilobytes, which Docker cuts into pieces of sixteen.
    static let heldMessageByteCount = 1 << 20

    /// Pieces that a message may have, for the same reason.
    static let heldLineCount = 64

    /// Bytes from the beginning of a log by which it is known again: more than a line has, less than a page.
    package static let logHeadByteCount = 4096

    /// Facts of the wire that wait for a line, and lines that wait for a fact.
    ///
    /// Beyond it the oldest go: the line is then an event of its own.
    package static let correlatedCount = 1 << 16

    /// How far the times of a line and of the wire's event for it may be apart, in nanoseconds.
    ///
    /// Brokers write the line at the check, milliseconds after the request's first byte; two seconds are for queues and clocks.
    package static let correlationWindow: Int64 = 2_000_000_000

    /// Requests remembered as seen in a broker's line, so that the controller's line of the same one is left out.
    package static let forwardedCount = 1 << 14

    /// How long a controller's line waits for the broker's, in nanoseconds.
    package static let forwardingWindow: Int64 = 2_000_000_000

    /// Connections of a log whose topics are remembered, twice: those of a busy broker.
    static let loggedConnectionCount = 1 << 13

    /// Values in one request and its answer, and how deep they may lie.
    package static let requestValueCount = 1 << 18
    package static let requestDepth = 64
}
