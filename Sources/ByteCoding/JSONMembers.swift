// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object, in order, for bytes that a scanner found valid.
package struct JSONMember: Equatable, Sendable {
    /// The name's text between its quotes, with its escapes.
    package let name: Range<Int>
    /// The value as it stands; a string with its quotes.
    package let value: Range<Int>

    /// The members of the object that begins in a range, perhaps behind white space; nil where there is none.
    ///
    /// Never reads outside the range. In bytes that are no JSON it finds nil or what looks like members.
    package static func all(in bytes: Span<UInt8>, _ range: Range<Int>) -> [JSONMember]? {
        var members: [JSONMember] = []
        var cursor = Cursor(at: range.lowerBound, end: min(range.upperBound, bytes.count))
        guard cursor.takes(UInt8(ascii: "{"), bytes) else { return nil }
        if cursor.takes(UInt8(ascii: "}"), bytes) { return members }
        repeat {
            guard let name = cursor.value(bytes), bytes[name.lowerBound] == UInt8(ascii: "\""), name.count >= 2,
                cursor.takes(UInt8(ascii: ":"), bytes), let value = cursor.value(bytes)
            else { return nil }
            members.append(JSONMember(name: name.lowerBound + 1..<name.upperBound - 1, value: value))
        } while cursor.takes(UInt8(ascii: ","), bytes)
        return cursor.takes(UInt8(ascii: "}"), bytes) ? members : nil
    }

    private struct Cursor {
        var at: Int
        let end: Int

        /// Takes a byte, behind white space; false when another is there.
        mutating func takes(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
            skipSpace(bytes)
            guard at < end, bytes[at] == byte else { return false }
            at += 1
            return true
        }

        private mutating func skipSpace(_ bytes: Span<UInt8>) {
            while at < end, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        }

        /// Takes a value, behind white space.
        mutating func value(_ bytes: Span<UInt8>) -> Range<Int>? {
            skipSpace(bytes)
            let start = at
            var depth = 0
            while at < end {
                switch bytes[at] {
                case UInt8(ascii: "\""): skipString(bytes)
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    at += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard depth > 0 else { return at > start ? start..<at : nil }
                    depth -= 1
                    at += 1
                    if depth == 0 { return start..<at }
                case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
                    guard depth > 0 else { return at > start ? start..<at : nil }
                    at += 1
                default: at += 1
                }
                if depth == 0, at > start, bytes[start] == UInt8(ascii: "\"") { return start..<min(at, end) }
            }
            return nil
        }

        private mutating func skipString(_ bytes: Span<UInt8>) {
            at += 1
            while at < end, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
            at += 1
        }
    }
}
