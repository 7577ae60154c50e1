// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Values as they are: integers little-endian, booleans a bit each, byte arrays behind their length in four bytes.
///
/// And DELTA_LENGTH_BYTE_ARRAY: all lengths as differences, then all bytes.
enum PlainEncoding {
    static func append(_ values: borrowing Span<Int32>, into output: inout [UInt8]) {
        unsafe output.append(values.bytes)
    }

    static func append(_ values: borrowing Span<Int64>, into output: inout [UInt8]) {
        unsafe output.append(values.bytes)
    }

    static func append(_ values: ByteArrays, _ range: Range<Int>, into output: inout [UInt8]) {
        let bytes = values.byteCount(range)
        output.reserveCapacity(output.count + bytes + 4 * range.count)
        for index in range {
            let place = values[index]
            let count = UInt32(truncatingIfNeeded: place.count)
            for byte in 0..<4 as Range<UInt32> { output.append(UInt8(truncatingIfNeeded: count >> (8 * byte))) }
            output.append(contentsOf: values.bytes[place])
        }
    }

    static func appendDeltaLength(_ values: ByteArrays, _ range: Range<Int>, into output: inout [UInt8]) {
        let lengths = range.map { Int32(truncatingIfNeeded: values[$0].count) }
        DeltaBinaryPacked.encode(lengths.span, into: &output)
        output.append(contentsOf: values.bytes[values.byteRange(range)])
    }

    // MARK: - Reading

    /// Appends `count` integers; returns how many bytes they took.
    static func decode(_ bytes: RawSpan, count: Int, into output: inout [Int32]) throws(SegmentError) -> Int {
        let byteCount = try check(bytes, count: count, width: 4)
        output.reserveCapacity(output.count + count)
        for index in 0..<count { output.append(Int32(bitPattern: bytes.halfWord(at: index &* 4))) }
        return byteCount
    }

    /// Appends `count` integers; returns how many bytes they took.
    static func decode(_ bytes: RawSpan, count: Int, into output: inout [Int64]) throws(SegmentError) -> Int {
        let byteCount = try check(bytes, count: count, width: 8)
        output.reserveCapacity(output.count + count)
        for index in 0..<count { output.append(Int64(bitPattern: bytes.word(at: index &* 8))) }
        return byteCount
    }

    /// Appends `count` values of a fixed length; returns how many bytes they took.
    static func decode(
        _ bytes: RawSpan,
        count: Int,
        width: Int,
        into output: inout [UInt8]
    ) throws(SegmentError) -> Int {
        let byteCount = try check(bytes, count: count, width: width)
        output.append(bytes.extracting(0..<byteCount))
        return byteCount
    }

    /// Appends `count` booleans; returns how many bytes they took.
    static func decode(_ bytes: RawSpan, count: Int, into output: inout Bitmap) throws(SegmentError) -> Int {
        let byteCount = (count + 7) / 8
        guard byteCount <= bytes.byteCount else { throw cutOff(count, bytes) }
        output.append(bits: bytes, count: count)
        return byteCount
    }

    /// Appends `count` byte arrays; returns how many bytes they took.
    static func decode(_ bytes: RawSpan, count: Int, into output: inout ByteArrays) throws(SegmentError) -> Int {
        guard count <= bytes.byteCount / 4 else { throw cutOff(count, bytes) }
        var offset = 0
        output.reserve(count: count, byteCount: bytes.byteCount - 4 * count)
        for _ in 0..<count {
            guard bytes.byteCount - offset >= 4 else { throw cutOff(count, bytes) }
            let length = Int(bytes.halfWord(at: offset))
            offset += 4
            guard length <= bytes.byteCount - offset else { throw cutOff(count, bytes) }
            try output.append(bytes.extracting(offset..<offset + length))
            offset += length
        }
        return offset
    }

    static func decodeDeltaLength(
        _ bytes: RawSpan,
        count: Int,
        into output: inout ByteArrays
    ) throws(SegmentError) -> Int {
        var lengths: [Int32] = []
        var offset = try DeltaBinaryPacked.decode(bytes, count: count, into: &lengths)
        var total = 0
        for length in lengths {
            // At most 2³¹ of less than 2³¹ each: no sum overflows.
            guard length >= 0 else { throw SegmentError(.inconsistent, "a length of \(length)") }
            total += Int(length)
        }
        guard total <= bytes.byteCount - offset else { throw cutOff(count, bytes) }
        try output.append(bytes.extracting(offset..<offset + total), lengths: lengths.span)
        offset += total
        return offset
    }

    private static func check(_ bytes: RawSpan, count: Int, width: Int) throws(SegmentError) -> Int {
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: width)
        guard !overflow, count >= 0, byteCount <= bytes.byteCount else { throw cutOff(count, bytes) }
        return byteCount
    }

    private static func cutOff(_ count: Int, _ bytes: RawSpan) -> SegmentError {
        SegmentError(.truncated, "\(bytes.byteCount) bytes are too few for \(count) values")
    }
}
