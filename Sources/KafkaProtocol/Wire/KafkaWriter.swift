// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Appends the primitive types of Kafka's protocol.
struct KafkaWriter {
    var bytes: [UInt8] = []

    /// Most significant byte first.
    mutating func add(_ value: some FixedWidthInteger) {
        for position in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> position))
        }
    }

    mutating func addVarint(_ value: UInt32) {
        var left = value
        while left >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: left) | 0x80)
            left >>= 7
        }
        bytes.append(UInt8(left))
    }

    /// The length of a string; nil is null.
    mutating func addStringLength(_ count: Int?, isCompact: Bool) throws(KafkaFormatError) {
        guard !isCompact else { return try addCompactLength(count) }
        guard let length = Int16(exactly: count ?? -1) else { throw KafkaFormatError(.unencodable, at: bytes.count) }
        add(length)
    }

    /// The length of bytes, or how many elements an array has; nil is null.
    mutating func addLength(_ count: Int?, isCompact: Bool) throws(KafkaFormatError) {
        guard !isCompact else { return try addCompactLength(count) }
        guard let length = Int32(exactly: count ?? -1) else { throw KafkaFormatError(.unencodable, at: bytes.count) }
        add(length)
    }

    mutating func add(_ text: String, isCompact: Bool) throws(KafkaFormatError) {
        try addStringLength(text.utf8.count, isCompact: isCompact)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func add(_ range: Range<Int>, of source: RawSpan) {
        let part = source.extracting(range)
        // SAFETY: the buffer is copied inside the closure only.
        unsafe part.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func addCompactLength(_ count: Int?) throws(KafkaFormatError) {
        guard let length = UInt32(exactly: (count ?? -1) + 1) else {
            throw KafkaFormatError(.unencodable, at: bytes.count)
        }
        addVarint(length)
    }
}
