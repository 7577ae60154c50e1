// SPDX-License-Identifier: Apache-2.0

/// Reads little-endian integers and byte ranges from the front of a span, never past its end.
///
/// The reader holds only a position; the bytes are handed to every call, so that it can be kept and copied freely.
package struct ByteReader: Sendable {
    /// Offset of the next unread byte.
    package private(set) var byteOffset: Int

    package init(at byteOffset: Int = 0) {
        self.byteOffset = byteOffset
    }

    /// The next integer.
    ///
    /// - Throws: `ByteReaderError` when fewer bytes are left than the integer has.
    package mutating func read<Integer: FixedWidthInteger>(
        _ type: Integer.Type = Integer.self,
        from bytes: RawSpan
    ) throws(ByteReaderError) -> Integer {
        let range = try take(Integer.bitWidth / 8, from: bytes)
        var value: Integer = 0
        for offset in range.reversed() {
            value = value << 8 | Integer(truncatingIfNeeded: bytes.byte(at: offset))
        }
        return value
    }

    /// The range of the next `count` bytes, which are then read.
    ///
    /// - Throws: `ByteReaderError` when fewer are left.
    package mutating func take(_ count: Int, from bytes: RawSpan) throws(ByteReaderError) -> Range<Int> {
        // An offset below 0 or beyond the end leaves nothing to read, whatever the count.
        let available = (0...bytes.byteCount).contains(byteOffset) ? bytes.byteCount - byteOffset : -1
        guard count >= 0, count <= available else {
            throw ByteReaderError(
                byteOffset: byteOffset,
                neededByteCount: count,
                availableByteCount: max(0, available)
            )
        }
        let start = byteOffset
        byteOffset += count
        return start..<byteOffset
    }
}

/// The bytes ended before the value did.
package struct ByteReaderError: Error, Equatable {
    package let byteOffset: Int
    package let neededByteCount: Int
    package let availableByteCount: Int
}
