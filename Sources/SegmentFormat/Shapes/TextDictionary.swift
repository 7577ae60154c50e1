// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The different texts of a column, numbered in the order in which they first came.
///
/// Open addressing, a power of two wide and at most half full. A slot has 32 bits of the text's hash beside its code, so
/// that a text is compared with one entry in nearly every case. The hash is seeded: a sender cannot choose texts that
/// collide, and the codes do not depend on the seed.
struct TextDictionary: Sendable {
    /// Hash in the upper half, one more than the code in the lower; 0 is free.
    private var slots: [UInt64] = []
    private var mask = 0

    /// Where each entry begins, and last the end of all.
    private(set) var offsets: [UInt32] = [0]
    private(set) var bytes: [UInt8] = []

    /// The code that was asked for last: many columns have the same text for row after row.
    private(set) var lastCode = 0

    var count: Int { offsets.count - 1 }

    func range(of code: Int) -> Range<Int> {
        Int(offsets[code])..<Int(offsets[code + 1])
    }

    /// The code of `text[range]`, a new one if need be.
    @inline(__always)
    mutating func code(of text: RawSpan, _ range: Range<Int>, _ keyHash: KeyHash) -> Int {
        if isLast(text, range) { return lastCode }
        let hash = keyHash.hash(text, range)
        return code(of: text, range, hash: hash, slot: slot(of: hash))
    }

    // The same in steps, so that a caller with texts for many dictionaries can have their slots fetched from memory side
    // by side: waiting for one after the other took half of the time of finding.

    /// Whether `text[range]` was asked for last; then `lastCode` is its code.
    @inline(__always)
    func isLast(_ text: RawSpan, _ range: Range<Int>) -> Bool {
        count > 0 && isEntry(lastCode, text, range)
    }

    /// What stands where finding a text of this hash begins.
    @inline(__always)
    func slot(of hash: UInt64) -> UInt64 {
        slots.isEmpty ? 0 : slots[Int(truncatingIfNeeded: hash &>> 32) & mask]
    }

    /// The code of `text[range]`, a new one if need be; `slot` is what `slot(of: hash)` told, with nothing added since.
    @inline(__always)
    mutating func code(of text: RawSpan, _ range: Range<Int>, hash: UInt64, slot first: UInt64) -> Int {
        let hash = hash &>> 32
        if slots.isEmpty { grow() }
        var place = Int(truncatingIfNeeded: hash) & mask
        var slot = first
        while true {
            if slot == 0 { return append(text, range, hash: hash, place: place) }
            if slot &>> 32 == hash {
                let code = Int(slot & 0xFFFF_FFFF) &- 1
                if isEntry(code, text, range) {
                    lastCode = code
                    return code
                }
            }
            place = (place &+ 1) & mask
            slot = slots[place]
        }
    }

    /// Whether an entry is `text[range]`.
    @inline(__always)
    func isEntry(_ code: Int, _ text: RawSpan, _ range: Range<Int>) -> Bool {
        let start = Int(offsets[code])
        guard Int(offsets[code + 1]) &- start == range.count else { return false }
        return unsafe TextComparison.isSame(bytes.span.bytes, start, text, range.lowerBound, count: range.count)
    }

    @inline(never)
    private mutating func append(_ text: RawSpan, _ range: Range<Int>, hash: UInt64, place: Int) -> Int {
        let code = count
        lastCode = code
        slots[place] = hash &<< 32 | UInt64(code + 1)
        // SAFETY: the bytes are copied inside the closure.
        unsafe text.extracting(range).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        offsets.append(UInt32(truncatingIfNeeded: bytes.count))
        if 2 * count > slots.count { grow() }
        return code
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: max(64, 2 * old.count))
        mask = slots.count - 1
        for slot in old where slot != 0 {
            var place = Int(truncatingIfNeeded: slot &>> 32) & mask
            while slots[place] != 0 { place = (place &+ 1) & mask }
            slots[place] = slot
        }
    }

    /// Lets go of what only finding needs.
    mutating func freeze() {
        slots = []
    }
}
