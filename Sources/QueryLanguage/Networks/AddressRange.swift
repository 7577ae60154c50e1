// SPDX-License-Identifier: Apache-2.0

/// A network: the addresses that begin with the same bits, such as `10.0.0.0/8`.
///
/// A network of IPv4 also holds the addresses of IPv6 that are mapped from it, `::ffff:10.1.2.3`; a
/// network of mapped addresses is the one of IPv4. Other networks of IPv6 hold no address that is
/// written as IPv4.
package struct AddressRange: Hashable, Sendable {
    private let address: NetworkAddress

    /// Of the 128 bits, so 96 more than what stands behind the slash of IPv4.
    private let prefixBitCount: Int

    /// Reads `address/length`; bits behind the length are ignored.
    ///
    /// - Returns: nil for other text, and for a length that the address does not have.
    package init?(_ text: String) {
        guard let parts = Parts(text), parts.length <= parts.maximumLength else { return nil }
        let count = parts.length + 128 - parts.maximumLength
        let mask = ~UInt128(0) << UInt128(128 - count)
        let bits = parts.address.bits & mask
        let isIPv4 = count >= 96 && bits >> 32 == NetworkAddress.mapped >> 32
        address = NetworkAddress(bits: bits, isIPv4: isIPv4)
        prefixBitCount = count
    }

    /// Whether a text in UTF-8 is an address of this network.
    ///
    /// Text that is no address is in none.
    package func contains(_ text: Span<UInt8>) -> Bool {
        guard let other = NetworkAddress(text), address.isIPv4 || !other.isIPv4 else { return false }
        // A shift by all 128 bits gives 0: everything begins with nothing.
        return (address.bits ^ other.bits) >> UInt128(128 - prefixBitCount) == 0
    }

    /// The longest prefix for a text that is written as a network and is none; nil for other text.
    static func maximumLength(ofWrong text: String) -> Int? {
        guard let parts = Parts(text), parts.length > parts.maximumLength else { return nil }
        return parts.maximumLength
    }

    /// Whether a text is written as a network, of whatever length.
    static func isWritten(in text: String) -> Bool { Parts(text) != nil }
}

extension AddressRange: CustomStringConvertible {
    /// The network's first address and its length.
    package var description: String {
        "\(address)/\(address.isIPv4 ? prefixBitCount - 96 : prefixBitCount)"
    }
}

/// What stands before the slash and behind it.
private struct Parts {
    let address: NetworkAddress
    let length: Int

    var maximumLength: Int { address.isIPv4 ? 32 : 128 }

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")), !bytes.contains(UInt8(ascii: "%")),
            let address = NetworkAddress(bytes.span.extracting(0..<slash))
        else { return nil }
        let digits = bytes[(slash + 1)...]
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        self.address = address
        // A number that does not fit an Int is too long in any case.
        length = Int(String(decoding: digits, as: UTF8.self)) ?? .max
    }
}
