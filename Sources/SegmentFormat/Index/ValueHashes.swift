// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Hashes values of a column as the decoded text that they stand for, so that the same id has the same hash whether it
/// is stored as a UUID, as digits or as text.
struct ValueHashes {
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
    }

    func hash(_ text: [UInt8]) -> UInt64 {
        unsafe XXHash64.hash(text.span.bytes, seed: seed)
    }

    /// One hash for each value; nil for a type whose text is not known from the column alone.
    func hashes(_ column: ParquetColumn, _ values: ParquetValues) -> [UInt64]? {
        switch (values, column.logicalType) {
        case (.fixed(let bytes, byteCount: UUIDText.valueByteCount), .uuid): uuids(bytes)
        case (.fixed(let bytes, let byteCount), nil): fixed(bytes, byteCount)
        case (.byteArrays(let texts), .string), (.byteArrays(let texts), .json): escapedTexts(texts)
        case (.byteArrays(let digits), nil): hexadecimal(digits)
        case (.int64(let numbers), .integer(bitWidth: 64, isSigned: true)): decimals(numbers)
        default: nil
        }
    }

    private func uuids(_ bytes: [UInt8]) -> [UInt64] {
        let source = unsafe bytes.span.bytes
        let count = source.byteCount / UUIDText.valueByteCount
        var hashes: [UInt64] = []
        hashes.reserveCapacity(count)
        var text = [UInt8](repeating: UInt8(ascii: "-"), count: UUIDText.byteCount)
        for place in 0..<count {
            UUIDText.print(source, at: place * UUIDText.valueByteCount, into: &text)
            hashes.append(hash(text))
        }
        return hashes
    }

    private func fixed(_ bytes: [UInt8], _ byteCount: Int) -> [UInt64]? {
        guard byteCount > 0 else { return nil }
        return stride(from: 0, to: bytes.count - byteCount + 1, by: byteCount).map {
            hash(Self.digits(bytes[$0..<$0 + byteCount]))
        }
    }

    private func hexadecimal(_ values: ByteArrays) -> [UInt64] {
        (0..<values.count).map { hash(Self.digits(values.bytes[values[$0]])) }
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        for byte in bytes { Hex.append(byte, to: &text) }
        return text
    }

    private func escapedTexts(_ texts: ByteArrays) -> [UInt64] {
        (0..<texts.count).map { number in
            let text = texts.value(number)
            guard text.contains(UInt8(ascii: "\\")) else { return hash(text) }
            var decoded: [UInt8] = []
            JSONString.decode(text.span, into: &decoded)
            return hash(decoded)
        }
    }

    private func decimals(_ numbers: [Int64]) -> [UInt64] {
        var text = ShortText(repeating: 0)
        return numbers.map { number in
            let count = DecimalText.print(number, into: &text)
            return unsafe XXHash64.hash(text.span.bytes.extracting(0..<count), seed: seed)
        }
    }
}

extension UUIDText {
    /// Prints 16 bytes over 36 whose hyphens are there already.
    @inline(__always)
    static func print(_ bytes: RawSpan, at offset: Int, into text: inout [UInt8]) {
        let first = HexadecimalText.print(bytes.halfWord(at: offset))
        let second = HexadecimalText.print(bytes.halfWord(at: offset + 4))
        let third = HexadecimalText.print(bytes.halfWord(at: offset + 8))
        let fourth = HexadecimalText.print(bytes.halfWord(at: offset + 12))
        var elements = text.mutableSpan
        var target = unsafe elements.mutableBytes
        target.storeBytes(of: first.littleEndian, toByteOffset: 0, as: UInt64.self)
        target.storeBytes(of: UInt32(truncatingIfNeeded: second).littleEndian, toByteOffset: 9, as: UInt32.self)
        target.storeBytes(of: UInt32(truncatingIfNeeded: second >> 32).littleEndian, toByteOffset: 14, as: UInt32.self)
        target.storeBytes(of: UInt32(truncatingIfNeeded: third).littleEndian, toByteOffset: 19, as: UInt32.self)
        target.storeBytes(of: UInt32(truncatingIfNeeded: third >> 32).littleEndian, toByteOffset: 24, as: UInt32.self)
        target.storeBytes(of: fourth.littleEndian, toByteOffset: 28, as: UInt64.self)
    }
}
