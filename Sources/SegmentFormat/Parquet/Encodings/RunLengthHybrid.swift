// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Parquet's mix of runs and bit-packed groups: dictionary codes and definition levels.
///
/// A header is a varint. When its lowest bit is 1, the rest of it counts groups of eight numbers that follow bit-packed;
/// when it is 0, the rest counts how often the number that follows is repeated, in as many whole bytes as its width takes.
enum RunLengthHybrid {
    /// Appends numbers of at most `width` bits.
    ///
    /// Runs are looked for in whole groups of eight only: that is a loop without branches, and a run loses at most its
    /// ends by it.
    static func encode(_ values: Span<UInt32>, width: Int, into output: inout [UInt8]) {
        let groupCount = values.count / 8
        // Below this, two more headers and the number cost more than the packed groups.
        let shortestRun = max(1, (4 + (width + 7) / 8 + width - 1) / max(1, width))
        var literalStart = 0
        var group = 0
        while group < groupCount {
            guard let value = repeated(values, group) else {
                group += 1
                continue
            }
            var end = group + 1
            while end < groupCount, repeated(values, end) == value { end += 1 }
            if end - group >= shortestRun || end * 8 == values.count && group == literalStart {
                appendLiteral(values.extracting(literalStart * 8..<group * 8), width: width, into: &output)
                var runEnd = end * 8
                // The last numbers, fewer than a group, often belong to the run.
                if end == groupCount {
                    while runEnd < values.count, values[runEnd] == value { runEnd += 1 }
                    if runEnd < values.count { runEnd = end * 8 }
                }
                appendRun(of: value, count: runEnd - group * 8, width: width, into: &output)
                if runEnd == values.count { return }
                literalStart = end
            }
            group = end
        }
        appendLiteral(values.extracting(literalStart * 8..<values.count), width: width, into: &output)
    }

    /// The number that all of a group are, nil when they differ.
    @inline(__always)
    private static func repeated(_ values: Span<UInt32>, _ group: Int) -> UInt32? {
        let first = values[group &* 8]
        var difference: UInt32 = 0
        for place in 1..<8 { difference |= values[group &* 8 &+ place] ^ first }
        return difference == 0 ? first : nil
    }

    private static func appendLiteral(_ values: Span<UInt32>, width: Int, into output: inout [UInt8]) {
        guard !values.isEmpty else { return }
        output.appendVarint(UInt64((values.count + 7) / 8) << 1 | 1)
        BitPacking.pack(values, width: width, into: &output)
    }

    static func appendRun(of value: UInt32, count: Int, width: Int, into output: inout [UInt8]) {
        output.appendVarint(UInt64(count) << 1)
        for place in 0..<(width + 7) / 8 {
            output.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * place)))
        }
    }

    /// Fills a range of `output` with numbers; returns how many bytes they took.
    ///
    /// - Throws: `truncated`; `inconsistent` for runs that are longer than what is left, or empty.
    @discardableResult
    static func decode(
        _ bytes: RawSpan,
        width: Int,
        into output: inout MutableSpan<UInt32>,
        _ range: Range<Int>
    ) throws(SegmentError) -> Int {
        guard (0...32).contains(width) else {
            throw SegmentError(.inconsistent, "numbers of \(width) bits, at most 32 are possible")
        }
        var offset = 0
        var done = range.lowerBound
        while done < range.upperBound {
            let run = try Run(bytes, at: &offset, width: width, left: range.upperBound - done)
            let part = done..<done + run.count
            if let value = run.value {
                for index in part { output[index] = value }
            } else {
                BitPacking.unpack(bytes.extracting(run.packed), width: width, into: &output, part)
            }
            done = part.upperBound
        }
        return offset
    }

    /// A run or a stretch of bit-packed groups.
    struct Run {
        /// How many numbers it gives; padding is not counted.
        let count: Int
        /// The repeated number, nil when they are bit-packed.
        let value: UInt32?
        /// Where the bit-packed bytes stand.
        let packed: Range<Int>

        init(_ bytes: RawSpan, at offset: inout Int, width: Int, left: Int) throws(SegmentError) {
            let start = offset
            let header = try bytes.varint(at: &offset)
            let place = SegmentError.Context(byteOffset: start)
            guard header >> 1 <= UInt64(left + 7), header > 1 else {
                throw SegmentError(.inconsistent, "a run of \(header >> 1) with \(left) numbers left", place)
            }
            let length = Int(header >> 1)
            let byteCount = header & 1 == 1 ? length * width : (width + 7) / 8
            guard byteCount <= bytes.byteCount - offset else {
                throw SegmentError(.truncated, "a run of \(length) is cut off", place)
            }
            if header & 1 == 1 {
                guard (length - 1) * 8 < left else {
                    throw SegmentError(.inconsistent, "\(length) groups for \(left) numbers", place)
                }
                count = min(length * 8, left)
                value = nil
            } else {
                guard length <= left else {
                    throw SegmentError(.inconsistent, "a run of \(length) for \(left) numbers", place)
                }
                count = length
                var number: UInt32 = 0
                for byte in 0..<byteCount {
                    number |= UInt32(bytes.byte(at: offset + byte)) << UInt32(8 * byte)
                }
                value = number
            }
            packed = offset..<offset + byteCount
            offset += byteCount
        }
    }
}
