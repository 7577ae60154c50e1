// SPDX-License-Identifier: Apache-2.0

/// Network addresses of clients, which records write in four ways.
enum ClientAddress {
    /// The address without what Java's `InetSocketAddress` puts around it: `/172.27.0.3`,
    /// `host/10.0.0.1:9092`, `[2001:db8::1]:443`.
    static func withoutPort(_ text: String) -> String {
        var address = text.utf8[...]
        if let slash = address.lastIndex(of: UInt8(ascii: "/")) {
            let rest = address[address.index(after: slash)...]
            // What follows the slash in `10.0.0.0/8` is the length of a network's prefix, and the
            // text no address.
            guard isAddress(rest) else { return text }
            address = rest
        }
        if address.first == UInt8(ascii: "["), let bracket = address.lastIndex(of: UInt8(ascii: "]")) {
            return String(Substring(address[address.index(after: address.startIndex)..<bracket]))
        }
        let colons = address.count { $0 == UInt8(ascii: ":") }
        if colons == 1, let colon = address.firstIndex(of: UInt8(ascii: ":")) {
            address = address[..<colon]
        }
        return address.isEmpty ? text : String(Substring(address))
    }

    private static func isAddress(_ text: Substring.UTF8View) -> Bool {
        text.contains(UInt8(ascii: ".")) || text.contains(UInt8(ascii: ":"))
    }

    /// The client's addresses in an event: of the connection where it is told, else the one that an
    /// IP filter checked.
    static func all(_ values: some EventValues) -> [String] {
        for path in [AuditPath.clientAddressIP, .clientAddressText, .checkedClientAddress] {
            let texts = values.texts(path)
            if !texts.isEmpty { return texts.map(withoutPort) }
        }
        return []
    }
}
