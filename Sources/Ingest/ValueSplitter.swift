// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner

/// Finds where each value of an array, or of a sequence of values, begins and ends, without judging what is inside.
///
/// So one bad event does not spoil those behind it: a value is delimited by its brackets and strings alone, and judged
/// by the scanner afterwards. Works on a window of a stream; the caller keeps what was not used and calls again with
/// more bytes behind it.
struct ValueSplitter {
    /// How the values stand beside each other.
    enum Layout {
        /// `[ value, value ]`
        case array
        /// `value value`, with white space or nothing between.
        case sequence
    }

    enum Step: Equatable {
        /// A value, at this range of the window.
        case value(Range<Int>)
        /// The window ends too soon; keep its bytes from here on.
        case needsMore(from: Int)
        /// Nothing but white space is left.
        case end
    }

    private enum State {
        case start, opened, beforeValue, afterValue, closed
    }

    private let layout: Layout
    private var state = State.start

    init(_ layout: Layout) {
        self.layout = layout
    }

    /// The next value at or behind `index` of the window.
    ///
    /// `isLast` says that the window ends where the stream ends.
    ///
    /// - Throws: `Rejection` with the offset in the window. Nothing behind it can be read.
    mutating func next(_ bytes: RawSpan, from index: Int, isLast: Bool) throws(Rejection) -> Step {
        var index = index
        while true {
            while index < bytes.byteCount, isWhitespace(bytes.byte(at: index)) { index += 1 }
            guard index < bytes.byteCount else {
                guard isLast else { return .needsMore(from: index) }
                guard layout == .sequence || state == .closed else {
                    throw Rejection(.betweenEvents("the array is not closed"), byteOffset: index)
                }
                return .end
            }
            let byte = bytes.byte(at: index)
            switch (layout, state, byte) {
            case (.array, .start, UInt8(ascii: "[")):
                state = .opened
                index += 1
            case (.array, .afterValue, UInt8(ascii: ",")):
                state = .beforeValue
                index += 1
            // `[]` is an array without events.
            case (.array, .opened, UInt8(ascii: "]")), (.array, .afterValue, UInt8(ascii: "]")):
                state = .closed
                index += 1
            case (.array, .beforeValue, UInt8(ascii: "]")):
                throw Rejection(.scan(.trailingComma), byteOffset: index)
            case (.array, .opened, _), (.array, .beforeValue, _), (.sequence, _, _):
                guard let end = try endOfValue(bytes, at: index, isLast: isLast) else { return .needsMore(from: index) }
                state = .afterValue
                return .value(index..<end)
            case (.array, .closed, _):
                throw Rejection(.betweenEvents("something follows the array"), byteOffset: index)
            case (.array, .start, _):
                throw Rejection(.betweenEvents("an array of events begins with ["), byteOffset: index)
            case (.array, .afterValue, _):
                throw Rejection(.betweenEvents("between the events of an array stands one comma"), byteOffset: index)
            }
        }
    }

    /// The offset behind the value at `start`; nil when the window ends inside it.
    private func endOfValue(_ bytes: RawSpan, at start: Int, isLast: Bool) throws(Rejection) -> Int? {
        var depth = 0
        var index = start
        while index < bytes.byteCount {
            switch bytes.byte(at: index) {
            case UInt8(ascii: "\""):
                guard let end = endOfString(bytes, at: index) else { return isLast ? bytes.byteCount : nil }
                index = end
                if depth == 0 { return index }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return index == start ? index + 1 : index }
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                if depth == 0 { return index == start ? index + 1 : index }
            default:
                break
            }
            index += 1
        }
        return isLast ? bytes.byteCount : nil
    }

    private func endOfString(_ bytes: RawSpan, at start: Int) -> Int? {
        var index = start + 1
        while index < bytes.byteCount {
            switch bytes.byte(at: index) {
            case UInt8(ascii: "\""): return index + 1
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return nil
    }

    private func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
