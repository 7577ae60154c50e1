// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Reads a zone's history from a compiled file as it lies in `/usr/share/zoneinfo` (TZif, RFC 9636).
///
/// | offset | size | what |
/// |---|---|---|
/// | 0 | 4 | `TZif` |
/// | 4 | 1 | version: 0, or an ASCII digit from `2` |
/// | 20 | 24 | six big-endian counts: UT marks, standard marks, leap seconds, transitions, types, bytes of names |
/// | 44 | | transitions' times (4 bytes each, 8 in the second block), their types, the types (6 bytes each), names, leap seconds, marks |
///
/// From version 2 on a second block with the same header and 64-bit times follows, and a line with the rule for all later years.
package enum TimeZoneFile {
    private static let headerByteCount = 44

    private struct Counts {
        let utMarks, standardMarks, leapSeconds, transitions, types, nameBytes: Int

        func byteCount(timeByteCount: Int) -> Int {
            transitions * (timeByteCount + 1) + types * 6 + nameBytes + leapSeconds * (timeByteCount + 4)
                + standardMarks + utMarks
        }
    }

    /// The rule of a file's bytes; nil when they are no such file.
    package static func rule(_ bytes: [UInt8]) -> TimeZoneRule? {
        guard bytes.count <= MappingLimits.zoneFileByteCount else { return nil }
        let span = unsafe bytes.span.bytes
        guard let first = counts(span, at: 0) else { return nil }
        guard span.byte(at: 4) >= UInt8(ascii: "2") else {
            return block(span, at: headerByteCount, first, timeByteCount: 4, footer: nil)
        }
        let second = headerByteCount + first.byteCount(timeByteCount: 4)
        guard let counts = counts(span, at: second) else { return nil }
        let start = second + headerByteCount
        let end = start + counts.byteCount(timeByteCount: 8)
        // The line is empty for a zone that nobody can foretell.
        var footer: String?
        if end + 2 <= bytes.count, let close = span.first(0x0A, in: end + 1..<bytes.count) {
            footer = span.string(end + 1..<close)
        }
        return block(span, at: start, counts, timeByteCount: 8, footer: footer)
    }

    private static func counts(_ bytes: RawSpan, at offset: Int) -> Counts? {
        guard bytes.holds("TZif", at: offset, end: bytes.byteCount), offset + headerByteCount <= bytes.byteCount else {
            return nil
        }
        let numbers = (0..<6).map { Int(integer(bytes, at: offset + 20 + 4 * $0, byteCount: 4)) }
        // Signed and 32 bits wide; no zone has more than a few hundred of anything.
        guard numbers.allSatisfy({ (0...MappingLimits.zoneFileByteCount).contains($0) }), numbers[4] > 0 else {
            return nil
        }
        return Counts(
            utMarks: numbers[0],
            standardMarks: numbers[1],
            leapSeconds: numbers[2],
            transitions: numbers[3],
            types: numbers[4],
            nameBytes: numbers[5]
        )
    }

    private static func block(
        _ bytes: RawSpan,
        at start: Int,
        _ counts: Counts,
        timeByteCount: Int,
        footer: String?
    ) -> TimeZoneRule? {
        guard start + counts.byteCount(timeByteCount: timeByteCount) <= bytes.byteCount else { return nil }
        let kinds = start + counts.transitions * timeByteCount
        let types = kinds + counts.transitions
        let offsets = (0..<counts.types).map { Int(integer(bytes, at: types + 6 * $0, byteCount: 4)) }
        guard offsets.allSatisfy({ abs($0) < 26 * 3_600 }) else { return nil }
        var transitions: [TimeZoneRule.Transition] = []
        for place in 0..<counts.transitions {
            let kind = Int(bytes.byte(at: kinds + place))
            guard kind < offsets.count else { return nil }
            let second = integer(bytes, at: start + place * timeByteCount, byteCount: timeByteCount)
            // Before any log was written, and so far that sums would overflow.
            guard second > -1 << 40 else { continue }
            guard second < 1 << 40 else { return nil }
            transitions.append(TimeZoneRule.Transition(second: second, offset: offsets[kind]))
        }
        if let footer, !footer.isEmpty {
            guard let rule = TimeZoneYears(footer) else { return nil }
            transitions += rule.transitions(behind: transitions.last?.second ?? 0)
        }
        return TimeZoneRule(firstOffset: offsets[0], transitions: transitions)
    }

    /// A signed big-endian number.
    private static func integer(_ bytes: RawSpan, at offset: Int, byteCount: Int) -> Int64 {
        var value: Int64 = 0
        for place in 0..<byteCount { value = value << 8 | Int64(bytes.byte(at: offset + place)) }
        return byteCount == 4 ? Int64(Int32(truncatingIfNeeded: value)) : value
    }
}
