// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// What a word is: a run of ASCII letters, digits, `.`, `-`, `_` and bytes from 0x80 on, its letters in lower case.
enum WordText {
    /// For each byte what it is in a word; 0 for those that divide words.
    static let folded: [UInt8] = (0...255).map { (byte: UInt8) in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): byte
        default: 0
        }
    }

    /// Text in the form of words, of the same length: each byte folded.
    static func fold(_ text: Span<UInt8>, into output: inout [UInt8]) {
        let table = folded.span
        output.removeAll(keepingCapacity: true)
        output.append(addingCapacity: text.count) { target in
            for place in text.indices { target.append(table[Int(text[place])]) }
        }
    }

    /// The next word of folded text in a range; nil when there is none.
    @inline(__always)
    static func next(_ text: RawSpan, from start: Int, to end: Int) -> Range<Int>? {
        var first = start
        while first < end, text.byte(at: first) == 0 { first &+= 1 }
        guard first < end else { return nil }
        var last = first &+ 1
        while last < end, text.byte(at: last) != 0 { last &+= 1 }
        return first..<last
    }

    /// An ASCII letter in lower case, any other byte as it is.
    @inline(__always)
    static func lowercase(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}
