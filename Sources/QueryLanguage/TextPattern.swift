// SPDX-License-Identifier: Apache-2.0

/// A pattern over whole texts: `*` stands for any text, also none, and `?` for one character.
///
/// Matching runs an automaton with one bit for each position in the pattern, all bits at once, so
/// it takes one step for each byte of the text whatever the pattern is (the shift-and method of
/// Baeza-Yates and Gonnet, 1992, with loops for the wildcards). **Complexity:** O(n · ⌈m/64⌉) for n
/// bytes of text and m bytes of pattern.
package struct TextPattern: Hashable, Sendable {
    /// One position of a pattern.
    package enum Element: Hashable, Sendable {
        /// This byte of UTF-8.
        case byte(UInt8)
        /// `?`: one Unicode scalar.
        case anyCharacter
        /// `*`: any text.
        case anyText
    }

    /// No two of `anyText` side by side.
    package let elements: [Element]

    /// Whether ASCII letters match in either case.
    ///
    /// Other letters never do.
    package let ignoresCase: Bool

    private let automaton: Automaton

    package init(_ elements: some Sequence<Element>, ignoresCase: Bool = false) {
        var kept: [Element] = []
        for element in elements where element != .anyText || kept.last != .anyText { kept.append(element) }
        self.elements = kept
        self.ignoresCase = ignoresCase
        automaton = Automaton(kept, ignoresCase: ignoresCase)
    }

    /// A pattern that finds texts with something in them.
    package init(containing elements: some Sequence<Element>, ignoresCase: Bool = false) {
        self.init([.anyText] + Array(elements) + [.anyText], ignoresCase: ignoresCase)
    }

    /// A pattern that finds texts with this text in them, in which nothing is a wildcard.
    package init(containing text: String, ignoresCase: Bool = false) {
        self.init(containing: text.utf8.map(Element.byte), ignoresCase: ignoresCase)
    }

    /// Whether the whole text fits.
    package func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return automaton.accepts(bytes.span)
    }

    /// Whether the whole text, in UTF-8, fits.
    package func matches(_ text: Span<UInt8>) -> Bool {
        automaton.accepts(text)
    }

    package static func == (left: TextPattern, right: TextPattern) -> Bool {
        left.ignoresCase == right.ignoresCase && left.elements == right.elements
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(elements)
        hasher.combine(ignoresCase)
    }
}

extension TextPattern {
    /// The text of a pattern without wildcards; nil for others.
    package var literal: String? {
        var bytes: [UInt8] = []
        for element in elements {
            guard case .byte(let byte) = element else { return nil }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The positions of a pattern as bits of words.
///
/// Bit i is set when the text so far fits the first i positions, `*` not counted as a position. A
/// byte moves a bit up when position i takes it; a bit below a `*` also stays, and a bit above a
/// `?` stays over the continuation bytes of the character that the `?` took.
private struct Automaton: Sendable {
    private let wordCount: Int
    /// The place in `moves` of each byte's words, divided by `wordCount`; bytes that the pattern
    /// does not hold share 0.
    private let classes: [UInt8]
    private let moves: [UInt64]
    private let staysAlways: [UInt64]
    private let staysInCharacter: [UInt64]
    private let finalWord: Int
    private let finalBit: UInt64

    init(_ elements: [TextPattern.Element], ignoresCase: Bool) {
        let positionCount = elements.count { $0 != .anyText }
        let wordCount = positionCount / 64 + 1
        var staysAlways = [UInt64](repeating: 0, count: wordCount)
        var staysInCharacter = staysAlways
        var isAny = staysAlways
        var bits: [UInt8: [UInt64]] = [:]
        var position = 0
        for element in elements {
            switch element {
            case .anyText:
                staysAlways[position / 64] |= 1 << UInt64(position % 64)
            case .anyCharacter:
                position += 1
                isAny[position / 64] |= 1 << UInt64(position % 64)
                staysInCharacter[position / 64] |= 1 << UInt64(position % 64)
            case .byte(let byte):
                position += 1
                for form in ignoresCase ? Self.cases(of: byte) : [byte] {
                    bits[form, default: [UInt64](repeating: 0, count: wordCount)][position / 64] |=
                        1 << UInt64(position % 64)
                }
            }
        }
        // Class 0: bytes that begin a character; class 1: continuation bytes, which a `?` does not
        // begin with.
        var classes = (0...255).map { UInt8($0 & 0xC0 == 0x80 ? 1 : 0) }
        var moves = isAny + [UInt64](repeating: 0, count: wordCount)
        // A pattern holds at most 192 different bytes of UTF-8, so classes fit a byte.
        for (byte, words) in bits.sorted(by: { $0.key < $1.key }) {
            let shared = Int(classes[Int(byte)]) * wordCount
            classes[Int(byte)] = UInt8(truncatingIfNeeded: moves.count / wordCount)
            for word in 0..<wordCount { moves.append(words[word] | moves[shared + word]) }
        }
        self.wordCount = wordCount
        self.classes = classes
        self.moves = moves
        self.staysAlways = staysAlways
        self.staysInCharacter = staysInCharacter
        finalWord = positionCount / 64
        finalBit = 1 << UInt64(positionCount % 64)
    }

    private static func cases(of byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): [byte | 0x20, byte & 0xDF]
        default: [byte]
        }
    }

    func accepts(_ text: Span<UInt8>) -> Bool {
        wordCount == 1 ? acceptsInOneWord(text) : acceptsInManyWords(text)
    }

    private func acceptsInOneWord(_ text: Span<UInt8>) -> Bool {
        let (classes, moves) = (classes.span, moves.span)
        let stays = staysAlways[0]
        let staysInCharacter = staysInCharacter[0]
        // `*` at the end keeps its bit for ever, so the answer is known as soon as the bit is set.
        let settled = stays & finalBit
        // Waiting behind a leading `*`, it passes over bytes that cannot be the first: the common
        // case of a search, and quicker because no step waits for the one before.
        let canWait = stays & 1 != 0
        var state: UInt64 = 1
        var index = 0
        while index < text.count {
            if state == 1, canWait {
                while index < text.count, moves[Int(classes[Int(text[index])])] & 2 == 0 { index += 1 }
                guard index < text.count else { break }
            }
            let byte = text[index]
            index += 1
            var next = state << 1 & moves[Int(classes[Int(byte)])] | state & stays
            if byte & 0xC0 == 0x80 { next |= state & staysInCharacter }
            if next & settled != 0 { return true }
            if next == 0 { return false }
            state = next
        }
        return state & finalBit != 0
    }

    private func acceptsInManyWords(_ text: Span<UInt8>) -> Bool {
        var state = [UInt64](repeating: 0, count: wordCount)
        state[0] = 1
        let settled = staysAlways[finalWord] & finalBit
        for index in text.indices {
            let byte = text[index]
            let base = Int(classes[Int(byte)]) * wordCount
            let isContinuation = byte & 0xC0 == 0x80
            var carry: UInt64 = 0
            var any: UInt64 = 0
            for word in 0..<wordCount {
                let old = state[word]
                var next = (old << 1 | carry) & moves[base + word] | old & staysAlways[word]
                if isContinuation { next |= old & staysInCharacter[word] }
                carry = old >> 63
                state[word] = next
                any |= next
            }
            if state[finalWord] & settled != 0 { return true }
            if any == 0 { return false }
        }
        return state[finalWord] & finalBit != 0
    }
}
