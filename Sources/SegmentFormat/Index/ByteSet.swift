// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Which bytes occur in the texts of a column, ASCII letters in either case being one.
///
/// It tells that an address cannot stand in a column of digits from `0` to `f` without looking at one of them.
struct ByteSet: Equatable, Sendable {
    static let byteCount = 32

    /// For each byte, in lower case, a bit.
    private var words: InlineArray<4, UInt64> = [0, 0, 0, 0]

    static func == (left: ByteSet, right: ByteSet) -> Bool {
        left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
    }

    /// The bytes of texts as they stand in a column.
    ///
    /// A backslash may begin an escape, which stands for any character; then every byte may occur.
    init(_ text: Span<UInt8>) {
        var seen = [Bool](repeating: false, count: 256)
        var marks = seen.mutableSpan
        for place in text.indices { marks[Int(text[place])] = true }
        let isEscaped = seen[Int(UInt8(ascii: "\\"))]
        for byte in 0...255 as ClosedRange<UInt8> where isEscaped || seen[Int(byte)] {
            let folded = Int(WordText.lowercase(byte))
            words[folded / 64] |= 1 << UInt64(folded % 64)
        }
    }

    /// Whether a text of these bytes could stand in one of the column.
    func containsAll(of text: some Sequence<UInt8>) -> Bool {
        text.allSatisfy { byte in
            let folded = Int(WordText.lowercase(byte))
            return words[folded / 64] & 1 << UInt64(folded % 64) != 0
        }
    }

    // MARK: - Bytes

    var encoded: [UInt8] {
        words.indices.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: words[word] >> UInt64(8 * $0)) } }
    }

    /// Reads 32 bytes, which must be there.
    init(_ bytes: RawSpan, at offset: Int) {
        for word in words.indices { words[word] = bytes.word(at: offset + 8 * word) }
    }
}
