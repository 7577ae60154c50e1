// SPDX-License-Identifier: Apache-2.0

/// Reads the primitive types of Kafka's protocol from the front of a span, never past its end.
///
/// The reader holds only a position; the bytes are handed to every call, so that it can be kept and copied freely.
/// When a call throws, the position is somewhere inside the value and of no further use.
package struct KafkaReader: Sendable {
    /// Offset of the next unread byte.
    package var byteOffset: Int

    @inlinable
    package init(at byteOffset: Int = 0) {
        self.byteOffset = byteOffset
    }

    /// How many bytes are left.
    @inlinable
    package func left(in bytes: RawSpan) -> Int {
        max(0, bytes.byteCount - byteOffset)
    }

    /// The range of the next `count` bytes, which are then read.
    @inlinable @inline(__always)
    package mutating func take(_ count: Int, from bytes: RawSpan) throws(KafkaFormatError) -> Range<Int> {
        let start = byteOffset
        guard start >= 0, count >= 0, start <= bytes.byteCount, count <= bytes.byteCount - start else {
            throw KafkaFormatError(.truncated, at: start)
        }
        byteOffset = start + count
        return start..<byteOffset
    }

    /// The next integer; the most significant byte comes first.
    @inlinable @inline(__always)
    package mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type = Integer.self,
        from bytes: RawSpan
    ) throws(KafkaFormatError) -> Integer {
        let range = try take(MemoryLayout<Integer>.size, from: bytes)
        // SAFETY: the range is inside, by the line above, and every bit pattern is an integer.
        return unsafe Integer(bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: range.lowerBound, as: type))
    }

    /// Seven bits per byte, the least significant first; the high bit says that more follow.
    @inlinable @inline(__always)
    package mutating func unsignedVarint(from bytes: RawSpan) throws(KafkaFormatError) -> UInt32 {
        let start = byteOffset
        guard start >= 0, start < bytes.byteCount else { throw KafkaFormatError(.truncated, at: start) }
        // SAFETY: the offset is inside, by the line above.
        let first = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: start, as: UInt8.self)
        if first < 0x80 {
            byteOffset = start + 1
            return UInt32(first)
        }
        return try longVarint(from: bytes)
    }

    package mutating func longVarint(from bytes: RawSpan) throws(KafkaFormatError) -> UInt32 {
        let start = byteOffset
        var value: UInt64 = 0
        for position in 0..<DecodingLimits.varintByteCount {
            let byte = try integer(UInt8.self, from: bytes)
            value |= UInt64(byte & 0x7f) << UInt64(7 * position)
            guard byte >= 0x80 else {
                guard let fitting = UInt32(exactly: value) else { throw KafkaFormatError(.varintTooLong, at: start) }
                return fitting
            }
        }
        throw KafkaFormatError(.varintTooLong, at: start)
    }

    /// Most significant half first.
    @inlinable
    package mutating func uuid(from bytes: RawSpan) throws(KafkaFormatError) -> KafkaUUID {
        let high = try integer(UInt64.self, from: bytes)
        return KafkaUUID(high: high, low: try integer(UInt64.self, from: bytes))
    }
}

// MARK: - Lengths

extension KafkaReader {
    /// Where the bytes of a string lie; nil for null.
    ///
    /// Lengths are compact in flexible versions.
    @inlinable @inline(__always)
    package mutating func stringRange(
        isCompact: Bool,
        from bytes: RawSpan
    ) throws(KafkaFormatError) -> Range<Int>? {
        let start = byteOffset
        let length = isCompact ? try compactLength(from: bytes) : Int(try integer(Int16.self, from: bytes))
        return try range(of: length, begunAt: start, from: bytes)
    }

    /// Where bytes or record batches lie; nil for null.
    @inlinable @inline(__always)
    package mutating func bytesRange(isCompact: Bool, from bytes: RawSpan) throws(KafkaFormatError) -> Range<Int>? {
        let start = byteOffset
        let length = isCompact ? try compactLength(from: bytes) : Int(try integer(Int32.self, from: bytes))
        return try range(of: length, begunAt: start, from: bytes)
    }

    /// How many elements an array has; nil for null.
    ///
    /// `minimum` is the least number of bytes of an element. A count that the bytes left cannot hold is `truncated`, so whatever
    /// follows from the count is bounded by the message's size.
    @inlinable @inline(__always)
    package mutating func arrayCount(
        isCompact: Bool,
        minimum: Int,
        from bytes: RawSpan
    ) throws(KafkaFormatError) -> Int? {
        let start = byteOffset
        let count = isCompact ? try compactLength(from: bytes) : Int(try integer(Int32.self, from: bytes))
        guard count >= 0 else {
            guard count == -1 else { throw KafkaFormatError(.negativeLength, at: start) }
            return nil
        }
        // A multiplication, for dividing would be half of what walking over a short array takes.
        let (least, isOverflow) = count.multipliedReportingOverflow(by: max(1, minimum))
        guard !isOverflow, least <= left(in: bytes) else { throw KafkaFormatError(.truncated, at: start) }
        return count
    }

    /// Walks over a section of tagged fields.
    @inlinable
    package mutating func skipTags(in bytes: RawSpan) throws(KafkaFormatError) {
        var count = try unsignedVarint(from: bytes)
        while count > 0 {
            _ = try unsignedVarint(from: bytes)
            _ = try take(Int(try unsignedVarint(from: bytes)), from: bytes)
            count -= 1
        }
    }

    /// Lengths of flexible versions are one more than they say; 0 is null.
    @inlinable @inline(__always)
    package mutating func compactLength(from bytes: RawSpan) throws(KafkaFormatError) -> Int {
        Int(try unsignedVarint(from: bytes)) - 1
    }

    @inlinable @inline(__always)
    package mutating func range(
        of length: Int,
        begunAt start: Int,
        from bytes: RawSpan
    ) throws(KafkaFormatError) -> Range<Int>? {
        guard length >= 0 else {
            guard length == -1 else { throw KafkaFormatError(.negativeLength, at: start) }
            return nil
        }
        return try take(length, from: bytes)
    }
}

extension RawSpan {
    /// The text in a range; what is no UTF-8 is repaired with U+FFFD.
    package func text(in range: Range<Int>) -> String {
        let bytes = extracting(range)
        // SAFETY: the buffer is read inside the closure only, and what it holds is copied.
        return unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
