// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An address of the Internet Protocol, version 4 inside version 6 (RFC 4291 §2.5.5.2).
struct IPAddress: Hashable, Sendable {
    /// 16 bytes, as on the wire.
    let bytes: [UInt8]

    /// Of 4 or 16 bytes.
    init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self.bytes = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + Array(bytes)
        case 16: self.bytes = Array(bytes)
        default: return nil
        }
    }

    /// Reads dotted decimals without leading zeros, or the colon form; nil for anything else, zones included.
    init?(_ text: some StringProtocol) {
        let isVersion4 = !text.contains(":")
        if isVersion4 {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4 else { return nil }
            var bytes: [UInt8] = []
            for part in parts {
                guard part.allSatisfy(\.isASCIIDigit), let byte = UInt8(part), part == String(byte) else { return nil }
                bytes.append(byte)
            }
            self.init(bytes: bytes)
        } else {
            var address = [UInt8](repeating: 0, count: 16)
            guard text.utf8.count < Int(INET6_ADDRSTRLEN), inet_pton(AF_INET6, String(text), &address) == 1 else {
                return nil
            }
            self.init(bytes: address)
        }
    }

    /// Whether it is one of version 4.
    var isVersion4: Bool { bytes.prefix(12).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) }
}

extension IPAddress: CustomStringConvertible {
    var description: String {
        if isVersion4 { return bytes.suffix(4).map(String.init).joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// Addresses with a common beginning: `10.0.0.0/8`, `fd00::/8`, or one address.
package struct IPNetwork: Hashable, Sendable {
    private let address: IPAddress
    /// Of 128.
    private let prefixBitCount: Int

    /// Reads `address/bits` or an address; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        let offset = address.isVersion4 && !first.contains(":") ? 96 : 0
        self.address = address
        guard parts.count == 2 else {
            prefixBitCount = 128
            return
        }
        guard parts[1].allSatisfy(\.isASCIIDigit), let bits = Int(parts[1]), (0...128 - offset).contains(bits) else {
            return nil
        }
        prefixBitCount = bits + offset
    }

    func contains(_ other: IPAddress) -> Bool {
        for index in 0..<16 {
            let bits = min(8, max(0, prefixBitCount - index * 8))
            guard bits > 0 else { return true }
            let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - bits))
            guard address.bytes[index] & mask == other.bytes[index] & mask else { return false }
        }
        return true
    }
}
