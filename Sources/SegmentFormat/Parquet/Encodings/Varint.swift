// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Maps small negative and positive numbers to small unsigned ones: 0, −1, 1, −2 become 0, 1, 2, 3.
@inline(__always)
func zigZag(_ value: Int64) -> UInt64 {
    UInt64(bitPattern: value &<< 1 ^ value &>> 63)
}

/// The number that `zigZag` made this of.
@inline(__always)
func unZigZag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
}

extension [UInt8] {
    /// Appends an unsigned LEB128 number: seven bits a byte, the lowest first, the top bit set in all bytes but the last.
    mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    mutating func appendZeros(_ count: Int) {
        append(addingCapacity: count) { $0.append(repeating: 0, count: count) }
    }

    mutating func append(_ raw: RawSpan) {
        unsafe raw.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}

extension RawSpan {
    /// Reads an unsigned LEB128 number and moves the offset behind it.
    ///
    /// - Throws: `truncated`, and `inconsistent` when it has more than 64 bits.
    func varint(at offset: inout Int) throws(SegmentError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard offset >= 0, offset < byteCount else {
                throw SegmentError(.truncated, "a number is cut off", .init(byteOffset: offset))
            }
            let byte = byte(at: offset)
            offset += 1
            guard shift < 63 || byte <= 1 else {
                throw SegmentError(.inconsistent, "a number has more than 64 bits", .init(byteOffset: offset))
            }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// Reads a number as `varint(at:)` does that counts something of which there are at most `maximum`.
    func count(at offset: inout Int, upTo maximum: Int, _ name: @autoclosure () -> String) throws(SegmentError) -> Int {
        let start = offset
        let value = try varint(at: &offset)
        guard let count = Int(exactly: value), count <= maximum else {
            throw SegmentError(.inconsistent, "\(value) \(name()), at most \(maximum) fit", .init(byteOffset: start))
        }
        return count
    }
}
