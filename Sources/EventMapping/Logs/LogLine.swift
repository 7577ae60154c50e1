// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// A line of a Kafka log, taken apart: when, which logger, what.
///
/// | layout | such as |
/// |---|---|
/// | Kafka's own, `[%d] %p %m (%c)%n` | `[2026-11-22 13:24:20,529] INFO message (kafka.authorizer.logger)` |
/// | Strimzi's, `%d{…} %-5p [%t] %c{1}:%L - %m%n` | `2024-05-02 10:11:12 INFO  [thread] StandardAuthorizer:123 - message` |
/// | none | `Principal = …` |
///
/// The message is looked for where the layout has it and nowhere else: names in other loggers' lines are chosen by clients, and may
/// look like anything.
struct LogLine: Equatable {
    enum Layout: Equatable {
        case brackets
        case console
        /// No stamp of its own.
        case bare
    }

    let layout: Layout
    let stamp: LogStamp?
    let message: Range<Int>
    /// Behind the message in parentheses, or before it; nil when the line names none.
    let logger: Range<Int>?

    init(_ bytes: RawSpan, in range: Range<Int>) {
        let end = range.upperBound
        guard range.count > 20 else {
            self.init(bare: range)
            return
        }
        if bytes.byte(at: range.lowerBound) == UInt8(ascii: "["),
            let stamp = LogStamp(bytes, at: range.lowerBound + 1, end: end), stamp.end < end,
            bytes.byte(at: stamp.end) == UInt8(ascii: "]")
        {
            self.init(brackets: bytes, stamp, end: end)
        } else if bytes.byte(at: range.lowerBound) &- UInt8(ascii: "0") < 10,
            let stamp = LogStamp(bytes, at: range.lowerBound, end: end)
        {
            self.init(console: bytes, stamp, end: end)
        } else {
            self.init(bare: range)
        }
    }

    private init(bare range: Range<Int>) {
        (layout, stamp, message, logger) = (.bare, nil, range, nil)
    }

    /// `] LEVEL message (logger)`.
    private init(brackets bytes: RawSpan, _ stamp: LogStamp, end: Int) {
        let level = bytes.skippingSpaces(from: stamp.end + 1, end: end)
        let start = bytes.skippingSpaces(from: bytes.endOfWord(from: level, end: end), end: end)
        var message = start..<max(start, end)
        var logger: Range<Int>?
        if end > start, bytes.byte(at: end - 1) == UInt8(ascii: ")") {
            // A logger's name has no parenthesis and no space.
            var open = end - 2
            while open > start, bytes.byte(at: open) != UInt8(ascii: "("), bytes.byte(at: open) != 0x20 { open -= 1 }
            if open > start, bytes.byte(at: open) == UInt8(ascii: "("), bytes.byte(at: open - 1) == 0x20 {
                logger = open + 1..<end - 1
                message = start..<open - 1
            }
        }
        (layout, self.stamp, self.message, self.logger) = (.brackets, stamp, message, logger)
    }

    /// ` LEVEL [thread] Logger:line - message`.
    private init(console bytes: RawSpan, _ stamp: LogStamp, end: Int) {
        let level = bytes.skippingSpaces(from: stamp.end, end: end)
        var index = bytes.skippingSpaces(from: bytes.endOfWord(from: level, end: end), end: end)
        if index < end, bytes.byte(at: index) == UInt8(ascii: "["), let close = bytes.first("] ", in: index..<end) {
            index = bytes.skippingSpaces(from: close + 1, end: end)
        }
        let loggerEnd = bytes.endOfWord(from: index, end: end)
        if bytes.holds(" - ", at: loggerEnd, end: end) {
            (layout, self.stamp, message, logger) = (.console, stamp, loggerEnd + 3..<end, index..<loggerEnd)
        } else {
            (layout, self.stamp, message, logger) = (.console, stamp, min(level, end)..<end, nil)
        }
    }
}
