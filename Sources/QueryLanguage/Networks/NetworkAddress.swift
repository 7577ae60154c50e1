// SPDX-License-Identifier: Apache-2.0

/// An address of IPv4 or IPv6 as 128 bits.
///
/// An IPv4 address has the bits of the IPv6 address that it is mapped to (RFC 4291 §2.5.5.2), so
/// that both ways to write it lie in the same networks.
struct NetworkAddress: Hashable, Sendable {
    let bits: UInt128

    /// Whether it was written with four decimal numbers alone.
    let isIPv4: Bool

    /// The longest text of an address without its zone: six groups and an IPv4 address.
    private static let maximumByteCount = 45

    /// Reads an address in the spelling of RFC 4291 §2.2, with a zone behind `%` or without; nil
    /// for other text, so for numbers with leading zeros, which some read as octal.
    init?(_ text: Span<UInt8>) {
        var count = 0
        while count < text.count, text[count] != UInt8(ascii: "%") { count += 1 }
        guard count <= Self.maximumByteCount else { return nil }
        let address = text.extracting(0..<count)
        if let bits = Self.ipv4(address), count == text.count {
            self.init(bits: Self.mapped | UInt128(bits), isIPv4: true)
        } else if let bits = Self.ipv6(address), Self.isZone(text.extracting(count..<text.count)) {
            self.init(bits: bits, isIPv4: false)
        } else {
            return nil
        }
    }

    init(bits: UInt128, isIPv4: Bool) {
        self.bits = bits
        self.isIPv4 = isIPv4
    }

    /// `::ffff:0:0`, where the mapped addresses begin.
    static let mapped: UInt128 = 0xFFFF << 32

    // MARK: - Reading

    private static func isZone(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return true }
        for index in 1..<text.count where text[index] == UInt8(ascii: "%") { return false }
        return text.count > 1
    }

    private static func ipv4(_ text: Span<UInt8>) -> UInt32? {
        var bits: UInt32 = 0
        var index = 0
        for part in 0..<4 {
            if part > 0 {
                guard index < text.count, text[index] == UInt8(ascii: ".") else { return nil }
                index += 1
            }
            let start = index
            var number: UInt32 = 0
            while index < text.count, index - start < 3, let digit = hexDigit(text[index]), digit < 10 {
                number = number * 10 + UInt32(digit)
                index += 1
            }
            let hasLeadingZero = index - start > 1 && text[start] == UInt8(ascii: "0")
            guard index > start, !hasLeadingZero, number <= 255 else { return nil }
            bits = bits << 8 | number
        }
        return index == text.count ? bits : nil
    }

    private static func ipv6(_ text: Span<UInt8>) -> UInt128? {
        var groups = Groups()
        var index = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":"), text[1] == UInt8(ascii: ":") {
            groups.gap = 0
            index = 2
        }
        while index < text.count {
            let start = index
            var group: UInt128 = 0
            while index < text.count, index - start < 4, let digit = hexDigit(text[index]) {
                group = group << 4 | UInt128(digit)
                index += 1
            }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard let tail = ipv4(text.extracting(start..<text.count)) else { return nil }
                groups.append(UInt128(tail >> 16))
                groups.append(UInt128(tail & 0xFFFF))
                return groups.bits
            }
            guard index > start else { return nil }
            groups.append(group)
            guard index < text.count else { break }
            guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
            index += 1
            if text[index] == UInt8(ascii: ":") {
                guard groups.gap == nil else { return nil }
                groups.gap = groups.count
                index += 1
            }
        }
        return groups.bits
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// The groups of 16 bits of an IPv6 address while it is read.
private struct Groups {
    /// How many groups stand before `::`; nil without one.
    var gap: Int?
    private(set) var count = 0
    private var written: UInt128 = 0

    /// Groups past the eighth push the first ones out, and `bits` is nil then.
    mutating func append(_ group: UInt128) {
        written = written << 16 | group
        count += 1
    }

    /// The address; nil when there are too few groups or too many.
    var bits: UInt128? {
        guard let gap else { return count == 8 ? written : nil }
        // `::` stands for one group of zeros at least.
        guard count < 8 else { return nil }
        let below = 16 * (count - gap)
        let upper = written >> UInt128(below)
        return upper << UInt128(128 - 16 * gap) | written & ((1 << UInt128(below)) - 1)
    }
}

// MARK: - Printing

extension NetworkAddress: CustomStringConvertible {
    /// The address as RFC 5952 §4 recommends: small letters, the first of the longest runs of zeros
    /// as `::`.
    var description: String {
        if isIPv4 {
            return [24, 16, 8, 0].map { String(bits >> UInt128($0) & 0xFF) }.joined(separator: ".")
        }
        let groups = (0..<8).map { bits >> UInt128(112 - 16 * $0) & 0xFFFF }
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<(index + 1) }
        }
        let texts = groups.map { String($0, radix: 16) }
        guard longest.count > 1 else { return texts.joined(separator: ":") }
        return texts[..<longest.lowerBound].joined(separator: ":") + "::"
            + texts[longest.upperBound...].joined(separator: ":")
    }
}
