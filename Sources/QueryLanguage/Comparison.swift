// SPDX-License-Identifier: Apache-2.0

package import AuditModel

/// What a condition asks of a value.
package enum Comparison: Hashable, Sendable {
    /// The value is this text, byte for byte.
    case equals(String)

    /// The value fits.
    case pattern(TextPattern)

    /// The whole value fits.
    case regex(RegularExpression)

    /// The value is an address of the network.
    case network(AddressRange)

    /// The value lies between; a side that is nil is open. At least one side is given.
    case range(lower: Bound?, upper: Bound?)

    /// There is a value.
    case exists
}

/// One end of a range.
package struct Bound: Hashable, Sendable {
    /// What values are compared with.
    package enum Value: Hashable, Sendable {
        /// For the fields that are times.
        case time(Timestamp)

        /// A number, when both it and the value are plain decimal numbers, and else a text,
        /// compared byte by byte.
        case text(String)
    }

    package let value: Value
    package let isInclusive: Bool

    package init(_ value: Value, isInclusive: Bool) {
        self.value = value
        self.isInclusive = isInclusive
    }
}

// MARK: - Trying

extension Comparison {
    /// Whether a value, in the field's canonical spelling, passes.
    package func matches(_ value: String) -> Bool {
        let bytes = Array(value.utf8)
        return matches(bytes.span)
    }

    /// Whether a value in UTF-8, without JSON escapes, passes.
    package func matches(_ value: Span<UInt8>) -> Bool {
        switch self {
        case .equals(let text):
            let expected = Array(text.utf8)
            return Self.order(value, expected.span) == 0
        case .pattern(let pattern):
            return pattern.matches(value)
        case .regex(let expression):
            return expression.matches(value)
        case .network(let network):
            return network.contains(value)
        case .range(let lower, let upper):
            return lower.map { $0.isPassed(by: value, isLower: true) } ?? true
                && upper.map { $0.isPassed(by: value, isLower: false) } ?? true
        case .exists:
            return true
        }
    }

    /// Whether a point in time passes.
    ///
    /// Texts are compared with the time as it prints.
    package func matches(_ time: Timestamp) -> Bool {
        guard case .range(let lower, let upper) = self else { return matches(time.description) }
        return lower.map { $0.isPassed(by: time, isLower: true) } ?? true
            && upper.map { $0.isPassed(by: time, isLower: false) } ?? true
    }

    /// Below 0, 0 or above 0, as the bytes of the left come before, are, or come after those of the
    /// right.
    fileprivate static func order(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index] ? -1 : 1
        }
        return left.count - right.count
    }
}

extension Bound {
    fileprivate func isPassed(by value: Span<UInt8>, isLower: Bool) -> Bool {
        switch self.value {
        case .time:
            return Timestamp(value).map { isPassed(by: $0, isLower: isLower) } ?? false
        case .text(let text):
            let own = Array(text.utf8)
            let order = DecimalNumber.order(value, own.span) ?? Comparison.order(value, own.span)
            return isPassed(order: order, isLower: isLower)
        }
    }

    fileprivate func isPassed(by time: Timestamp, isLower: Bool) -> Bool {
        guard case .time(let own) = value else {
            let bytes = Array(time.description.utf8)
            return isPassed(by: bytes.span, isLower: isLower)
        }
        return isPassed(order: time < own ? -1 : time == own ? 0 : 1, isLower: isLower)
    }

    private func isPassed(order: Int, isLower: Bool) -> Bool {
        if order == 0 { return isInclusive }
        return isLower ? order > 0 : order < 0
    }
}

/// Decimal numbers of any length, compared digit by digit, so that ids above 2^53 are never
/// rounded.
private struct DecimalNumber {
    private let isNegative: Bool
    private let whole: Range<Int>
    private let fraction: Range<Int>

    /// Reads `[-]digits[.digits]`; nil for other text, so for exponents too.
    private init?(_ text: Span<UInt8>) {
        var index = 0
        isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        let start = index
        while index < text.count, Self.isDigit(text[index]) { index += 1 }
        guard index > start else { return nil }
        var first = start
        while first < index, text[first] == UInt8(ascii: "0") { first += 1 }
        whole = first..<index
        guard index < text.count else {
            fraction = index..<index
            return
        }
        guard text[index] == UInt8(ascii: "."), index + 1 < text.count else { return nil }
        let point = index + 1
        index = point
        while index < text.count, Self.isDigit(text[index]) { index += 1 }
        guard index == text.count else { return nil }
        while index > point, text[index - 1] == UInt8(ascii: "0") { index -= 1 }
        fraction = point..<index
    }

    private var isZero: Bool { whole.isEmpty && fraction.isEmpty }

    /// How two texts compare as numbers; nil when one of them is none.
    static func order(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int? {
        guard let own = DecimalNumber(left), let other = DecimalNumber(right) else { return nil }
        let isBelow = own.isNegative && !own.isZero
        let otherIsBelow = other.isNegative && !other.isZero
        if isBelow != otherIsBelow { return isBelow ? -1 : 1 }
        var order = own.whole.count - other.whole.count
        if order == 0 { order = Comparison.order(left.extracting(own.whole), right.extracting(other.whole)) }
        if order == 0 { order = Comparison.order(left.extracting(own.fraction), right.extracting(other.fraction)) }
        return isBelow ? -order : order
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
