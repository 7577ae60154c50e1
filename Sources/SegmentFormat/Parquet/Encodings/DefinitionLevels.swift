// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Which rows of a page have a value: definition levels of width 1, behind their length in four bytes.
///
/// A bit-packed group of width 1 is a byte of the bitmap itself.
enum DefinitionLevels {
    /// Appends the levels of some rows.
    static func encode(_ presence: Bitmap, _ rows: Range<Int>, into output: inout [UInt8]) {
        let start = output.count
        output.appendZeros(4)
        let bytes = presence.bytes(rows)
        var literalStart = 0
        var index = 0
        while index < bytes.count {
            var end = index + 1
            guard bytes[index] == 0 || bytes[index] == 0xFF else {
                index = end
                continue
            }
            while end < bytes.count, bytes[end] == bytes[index] { end += 1 }
            // The last byte may hold fewer than eight rows; its padding is zeros.
            let runEnd = min(end * 8, rows.count)
            if end - index > 4 || runEnd == rows.count && index == 0 {
                append(bytes[literalStart..<index], into: &output)
                RunLengthHybrid.appendRun(
                    of: bytes[index] == 0 ? 0 : 1,
                    count: runEnd - index * 8,
                    width: 1,
                    into: &output
                )
                literalStart = end
            }
            index = end
        }
        append(bytes[literalStart...], into: &output)
        let count = UInt32(output.count - start - 4)
        for place in 0..<4 { output[start + place] = UInt8(truncatingIfNeeded: count >> UInt32(8 * place)) }
    }

    private static func append(_ literal: ArraySlice<UInt8>, into output: inout [UInt8]) {
        guard !literal.isEmpty else { return }
        output.appendVarint(UInt64(literal.count) << 1 | 1)
        output.append(contentsOf: literal)
    }

    /// Appends the levels of `count` rows to a bitmap; returns how many bytes they took, with their length.
    static func decode(_ bytes: RawSpan, count: Int, into presence: inout Bitmap) throws(SegmentError) -> Int {
        guard bytes.byteCount >= 4 else { throw SegmentError(.truncated, "a page without its definition levels") }
        let byteCount = Int(bytes.halfWord(at: 0))
        guard byteCount <= bytes.byteCount - 4 else {
            throw SegmentError(
                .truncated,
                "\(byteCount) bytes of definition levels in a page of \(bytes.byteCount)"
            )
        }
        let levels = bytes.extracting(4..<4 + byteCount)
        var offset = 0
        var left = count
        while left > 0 {
            let run = try RunLengthHybrid.Run(levels, at: &offset, width: 1, left: left)
            left -= run.count
            if let value = run.value {
                guard value <= 1 else { throw SegmentError(.inconsistent, "definition level \(value), at most 1") }
                presence.append(repeating: value == 1, count: run.count)
            } else {
                presence.append(bits: levels.extracting(run.packed), count: run.count)
            }
        }
        guard offset == byteCount else {
            throw SegmentError(.inconsistent, "\(byteCount - offset) bytes behind the definition levels")
        }
        return 4 + byteCount
    }
}
