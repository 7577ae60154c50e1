// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Reads the bytes of a table of shapes, none behind `end`.
struct ShapeReader {
    private let bytes: [UInt8]
    private var reader = ByteReader()
    var end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        end = bytes.count
    }

    var remainingByteCount: Int { end - reader.byteOffset }
    var isAtEnd: Bool { remainingByteCount == 0 }

    mutating func read<Integer: FixedWidthInteger>(
        _ type: Integer.Type = Integer.self
    ) throws(SegmentError) -> Integer {
        var next = reader
        do {
            let value = unsafe try next.read(type, from: bytes.span.bytes.extracting(0..<end))
            reader = next
            return value
        } catch {
            throw Self.truncated
        }
    }

    private static var truncated: SegmentError { SegmentError(.truncated, "the bytes end before the shapes do") }

    /// An unsigned LEB128 number of at most five bytes.
    mutating func varint() throws(SegmentError) -> Int {
        var value = 0
        for place in 0..<5 {
            let byte: UInt8 = try read()
            value |= Int(byte & 0x7F) << (7 * place)
            if byte < 0x80 { return value }
        }
        throw SegmentError(.inconsistent, "a number has more than five bytes")
    }

    mutating func count(atMost limit: Int, _ what: String) throws(SegmentError) -> Int {
        let count = try varint()
        guard count <= limit else { throw SegmentError(.tooLarge, "\(count) \(what), at most \(limit) can be") }
        return count
    }

    mutating func number(below limit: Int, _ what: String) throws(SegmentError) -> Int {
        let number = try varint()
        guard number < limit else { throw SegmentError(.inconsistent, "\(what) \(number) of \(limit)") }
        return number
    }

    /// Bytes with their number before them.
    mutating func text(atMost limit: Int, _ what: String) throws(SegmentError) -> ArraySlice<UInt8> {
        let count = try count(atMost: limit, what)
        guard count <= remainingByteCount else { throw Self.truncated }
        var next = reader
        do {
            let range = unsafe try next.take(count, from: bytes.span.bytes.extracting(0..<end))
            reader = next
            return bytes[range]
        } catch {
            throw Self.truncated
        }
    }
}

extension ByteWriter {
    /// Appends an unsigned LEB128 number.
    mutating func appendVarint(_ value: Int) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
