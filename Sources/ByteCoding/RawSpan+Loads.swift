// SPDX-License-Identifier: Apache-2.0

private import CBytes

extension RawSpan {
    /// The byte at an offset; traps beyond the end, as any subscript does.
    @inlinable @inline(__always)
    package func byte(at offset: Int) -> UInt8 {
        // As an unsigned number an offset below 0 is beyond every end: one comparison instead of the two of a checked
        // load, and this one runs for every byte that the scanner branches on.
        precondition(UInt(bitPattern: offset) < UInt(bitPattern: byteCount))
        // SAFETY: the offset is inside, by the line above, and every bit pattern is a byte.
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Eight bytes as a little-endian word, from any offset; traps when they are not all inside.
    @inlinable @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        // SAFETY: the load is bounds-checked, and every bit pattern is an integer.
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Four bytes as a little-endian integer, from any offset; traps when they are not all inside.
    @inlinable @inline(__always)
    package func halfWord(at offset: Int) -> UInt32 {
        // SAFETY: as above.
        UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Whether two spans hold the same bytes.
    package func equals(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        var offset = 0
        while offset + 8 <= byteCount {
            guard word(at: offset) == other.word(at: offset) else { return false }
            offset += 8
        }
        while offset < byteCount {
            guard byte(at: offset) == other.byte(at: offset) else { return false }
            offset += 1
        }
        return true
    }
}

extension RawSpan {
    /// How many bytes have a value.
    package func count(of byte: UInt8) -> Int {
        unsafe withUnsafeBytes { buffer in
            // SAFETY: the function reads exactly `count` bytes from a pointer valid inside this closure.
            unsafe martlet_count_byte(buffer.baseAddress, buffer.count, byte)
        }
    }
}
