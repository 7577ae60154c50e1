// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Finds a short text in a long one: the first eight bytes are compared as one word at every place.
struct TextSearch {
    private let text: [UInt8]
    private let head: UInt64
    private let mask: UInt64

    /// The text must not be empty.
    init(_ text: [UInt8]) {
        precondition(!text.isEmpty)
        self.text = text
        let count = min(8, text.count)
        mask = .max >> UInt64(64 - 8 * count)
        head = text.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The first place from `start` on where the text stands.
    func next(_ bytes: RawSpan, from start: Int) -> Int? {
        let last = bytes.byteCount - text.count
        var place = start
        // Places from which a whole word can be loaded.
        let lastWord = min(last, bytes.byteCount - 8)
        while place <= lastWord {
            if bytes.word(at: place) & mask == head, isMatch(bytes, place) { return place }
            place &+= 1
        }
        while place <= last {
            if isMatch(bytes, place) { return place }
            place &+= 1
        }
        return nil
    }

    private func isMatch(_ bytes: RawSpan, _ place: Int) -> Bool {
        for offset in text.indices where bytes.byte(at: place + offset) != text[offset] { return false }
        return true
    }
}
