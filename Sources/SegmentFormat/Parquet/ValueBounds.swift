// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// The places of the smallest and the largest of some values, in the order that Parquet defines for their type.
struct ValueBounds {
    var smallest: Int
    var largest: Int

    init(only index: Int) {
        smallest = index
        largest = index
    }

    /// Bounds of values that lie next to each other; nil when there are none.
    init?(_ values: ParquetValues, _ range: Range<Int>, isUnsigned: Bool) {
        guard let first = range.first else { return nil }
        self.init(only: first)
        switch values {
        case .booleans(let bits):
            for index in range {
                if !bits[index] { smallest = index } else { largest = index }
            }
            if bits[smallest] { smallest = largest }
            if !bits[largest] { largest = smallest }
        case .int32(let numbers):
            if isUnsigned {
                scan(numbers.span, range) { UInt32(bitPattern: $0) }
            } else {
                scan(numbers.span, range) { $0 }
            }
        case .int64(let numbers):
            if isUnsigned {
                scan(numbers.span, range) { UInt64(bitPattern: $0) }
            } else {
                scan(numbers.span, range) { $0 }
            }
        case .byteArrays, .fixed:
            for index in range.dropFirst() { take(index, of: values, isUnsigned: isUnsigned) }
        }
    }

    /// Values first and their places afterwards: the first loop is then one of vector instructions.
    @inline(__always)
    private mutating func scan<Number, Key: FixedWidthInteger>(
        _ numbers: Span<Number>,
        _ range: Range<Int>,
        _ key: (Number) -> Key
    ) {
        var low = Key.max
        var high = Key.min
        for index in range {
            let value = key(numbers[index])
            low = min(low, value)
            high = max(high, value)
        }
        var index = range.lowerBound
        while key(numbers[index]) != low { index += 1 }
        smallest = index
        index = range.lowerBound
        while key(numbers[index]) != high { index += 1 }
        largest = index
    }

    /// Widens the bounds to a value of the same dictionary.
    @inline(__always)
    mutating func take(_ index: Int, of values: ParquetValues, isUnsigned: Bool) {
        if values.compare(index, smallest, isUnsigned: isUnsigned) < 0 {
            smallest = index
        } else if values.compare(index, largest, isUnsigned: isUnsigned) > 0 {
            largest = index
        }
    }

    mutating func merge(_ other: ValueBounds, of values: ParquetValues, isUnsigned: Bool) {
        if values.compare(other.smallest, smallest, isUnsigned: isUnsigned) < 0 { smallest = other.smallest }
        if values.compare(other.largest, largest, isUnsigned: isUnsigned) > 0 { largest = other.largest }
    }
}

extension ParquetValues {
    /// Below 0 when the first comes before the second, 0 when they are equal.
    @inline(__always)
    func compare(_ left: Int, _ right: Int, isUnsigned: Bool) -> Int {
        switch self {
        case .booleans(let bits): (bits[left] ? 1 : 0) - (bits[right] ? 1 : 0)
        case .int32(let numbers):
            isUnsigned
                ? order(UInt32(bitPattern: numbers[left]), UInt32(bitPattern: numbers[right]))
                : order(numbers[left], numbers[right])
        case .int64(let numbers):
            isUnsigned
                ? order(UInt64(bitPattern: numbers[left]), UInt64(bitPattern: numbers[right]))
                : order(numbers[left], numbers[right])
        case .byteArrays(let values): unsafe values.bytes.span.bytes.order(values[left], values[right])
        case .fixed(let bytes, let count):
            unsafe bytes.span.bytes.order(left * count..<(left + 1) * count, right * count..<(right + 1) * count)
        }
    }

    /// A value in PLAIN encoding without a length.
    func plainBytes(_ index: Int) -> [UInt8] {
        switch self {
        case .booleans(let bits): [bits[index] ? 1 : 0]
        case .int32(let numbers): (0..<4).map { UInt8(truncatingIfNeeded: numbers[index] >> Int32(8 * $0)) }
        case .int64(let numbers): (0..<8).map { UInt8(truncatingIfNeeded: numbers[index] >> Int64(8 * $0)) }
        case .byteArrays(let values): values.value(index)
        case .fixed(let bytes, let count): Array(bytes[index * count..<(index + 1) * count])
        }
    }

    @inline(__always)
    private func order<Number: Comparable>(_ left: Number, _ right: Number) -> Int {
        left < right ? -1 : left > right ? 1 : 0
    }
}

extension RawSpan {
    /// Compares two ranges of bytes, unsigned and from the front; a value comes before those that it begins.
    func order(_ left: Range<Int>, _ right: Range<Int>) -> Int {
        let count = min(left.count, right.count)
        var place = 0
        while place + 8 <= count {
            let words = (word(at: left.lowerBound &+ place), word(at: right.lowerBound &+ place))
            if words.0 != words.1 { return words.0.byteSwapped < words.1.byteSwapped ? -1 : 1 }
            place &+= 8
        }
        while place < count {
            let bytes = (byte(at: left.lowerBound &+ place), byte(at: right.lowerBound &+ place))
            if bytes.0 != bytes.1 { return bytes.0 < bytes.1 ? -1 : 1 }
            place &+= 1
        }
        return left.count - right.count
    }
}

/// A minimum or maximum as it is stored: whole, or shortened to something below or above it.
struct StoredBound: Equatable {
    var bytes: [UInt8]
    var isExact: Bool

    /// A bound that is at most the value.
    ///
    /// Text is cut between characters, so that what readers show stays text.
    static func minimum(_ value: [UInt8], isText: Bool) -> StoredBound {
        let limit = ParquetLimits.maximumStatisticByteCount
        guard value.count > limit else { return StoredBound(bytes: value, isExact: true) }
        return StoredBound(bytes: Array(value[..<cut(value, limit, isText)]), isExact: false)
    }

    /// A bound that is at least the value; nil when there is none that is short.
    static func maximum(_ value: [UInt8], isText: Bool) -> StoredBound? {
        let limit = ParquetLimits.maximumStatisticByteCount
        guard value.count > limit else { return StoredBound(bytes: value, isExact: true) }
        var bytes = Array(value[..<cut(value, limit, isText)])
        // The last byte that can be raised; in text only within ASCII, where the result is a character again.
        while let last = bytes.popLast() {
            guard last < (isText ? 0x7F : 0xFF) else { continue }
            return StoredBound(bytes: bytes + [last + 1], isExact: false)
        }
        return nil
    }

    private static func cut(_ value: [UInt8], _ limit: Int, _ isText: Bool) -> Int {
        var end = limit
        // UTF-8: bytes 0x80 to 0xBF go on with a character.
        while isText, end > 0, value[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }
}
