// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Comparing short texts by whole words.
enum TextComparison {
    /// Whether `count` bytes from `leftStart` in `left` and from `rightStart` in `right` are the same.
    ///
    /// Traps when they are not all inside.
    @inline(__always)
    static func isSame(_ left: RawSpan, _ leftStart: Int, _ right: RawSpan, _ rightStart: Int, count: Int) -> Bool {
        guard count >= 8 else { return isSameShort(left, leftStart, right, rightStart, count: count) }
        let last = count &- 8
        var offset = 0
        while offset < last {
            guard left.word(at: leftStart &+ offset) == right.word(at: rightStart &+ offset) else { return false }
            offset &+= 8
        }
        // The last word overlaps the one before it.
        return left.word(at: leftStart &+ last) == right.word(at: rightStart &+ last)
    }

    /// The same for less than a word.
    @inline(__always)
    private static func isSameShort(
        _ left: RawSpan,
        _ leftStart: Int,
        _ right: RawSpan,
        _ rightStart: Int,
        count: Int
    ) -> Bool {
        if leftStart &+ 8 <= left.byteCount, rightStart &+ 8 <= right.byteCount {
            let difference = left.word(at: leftStart) ^ right.word(at: rightStart)
            // Twice half of the shift: 64 at once would be none.
            let half = UInt64(truncatingIfNeeded: 4 &* count)
            return difference & ~((.max &<< half) &<< half) == 0
        }
        for offset in 0..<count where left.byte(at: leftStart + offset) != right.byte(at: rightStart + offset) {
            return false
        }
        return true
    }
}
