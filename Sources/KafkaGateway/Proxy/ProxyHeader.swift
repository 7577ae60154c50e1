// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// What a load balancer's PROXY header says of a connection.
///
/// The format is HAProxy's, versions 1 and 2 (`proxy-protocol.txt`). Version 1 is a line of at most 107 bytes:
///
///     PROXY TCP4|TCP6 <source> <destination> <source port> <destination port> CR LF
///     PROXY UNKNOWN … CR LF
///
/// Version 2, numbers big-endian:
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 12 | signature `0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A` |
/// | 12 | 1 | version 2 in the upper half; 0 LOCAL or 1 PROXY in the lower |
/// | 13 | 1 | family (0 none, 1 IPv4, 2 IPv6, 3 Unix) in the upper half; 0 none, 1 stream, 2 datagram in the lower |
/// | 14 | 2 | bytes that follow |
/// | 16 | | source, destination, ports; then fields of type, length, value, of which 3 is a CRC-32C of the whole header |
struct ProxyHeader: Equatable, Sendable {
    enum Source: Equatable, Sendable {
        case client(IPAddress, port: Int)
        /// The load balancer speaks for itself, or does not say for whom: the connection's own address counts.
        case unsaid
    }

    let source: Source
    /// Where the connection's own bytes begin.
    let byteCount: Int

    enum Problem: Error, Equatable, Sendable {
        /// Begins like a header and is none.
        case malformed
        /// Longer than the limit.
        case tooLong
        /// The checksum in it is another.
        case checksum
    }

    enum Reading: Equatable, Sendable {
        /// The bytes so far may become a header.
        case incomplete
        /// The bytes are no header.
        case absent
        case header(ProxyHeader)
    }

    private static let text = Array("PROXY ".utf8)
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// Reads a header from the first bytes of a connection.
    ///
    /// Bounded: no more than the limit is ever asked for.
    static func read(_ bytes: [UInt8]) throws(Problem) -> Reading {
        guard let first = bytes.first else { return .incomplete }
        let start = first == text[0] ? text : signature
        guard zip(bytes, start).allSatisfy({ $0 == $1 }) else { return .absent }
        guard bytes.count >= start.count else { return .incomplete }
        return first == text[0] ? try readText(bytes) : try readBinary(bytes)
    }

    // MARK: - Version 1

    /// The longest line, its end included.
    private static let maximumLineByteCount = 107

    private static func readText(_ bytes: [UInt8]) throws(Problem) -> Reading {
        let line = bytes.prefix(maximumLineByteCount)
        guard let end = line.firstIndex(of: 0x0A) else {
            guard bytes.count < maximumLineByteCount else { throw .tooLong }
            return .incomplete
        }
        guard end > 0, line[end - 1] == 0x0D, line[..<(end - 1)].allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .malformed
        }
        let words = String(decoding: line[text.count..<(end - 1)], as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false)
        if words.first == "UNKNOWN" { return .header(ProxyHeader(source: .unsaid, byteCount: end + 1)) }
        guard words.count == 5, words[0] == "TCP4" || words[0] == "TCP6",
            let source = IPAddress(words[1]), let destination = IPAddress(words[2]),
            let port = port(words[3]), Self.port(words[4]) != nil,
            words[1].contains(":") == (words[0] == "TCP6"), words[2].contains(":") == (words[0] == "TCP6")
        else { throw .malformed }
        _ = destination
        return .header(ProxyHeader(source: .client(source, port: port), byteCount: end + 1))
    }

    private static func port(_ text: some StringProtocol) -> Int? {
        guard let port = UInt16(text), text == String(port) else { return nil }
        return Int(port)
    }

    // MARK: - Version 2

    private static let fixedByteCount = 16

    private static func readBinary(_ bytes: [UInt8]) throws(Problem) -> Reading {
        guard bytes.count >= fixedByteCount else { return .incomplete }
        let command = bytes[12]
        guard command >> 4 == 2, command & 0x0F <= 1 else { throw .malformed }
        let end = fixedByteCount + (Int(bytes[14]) << 8 | Int(bytes[15]))
        guard end <= GatewayLimits.proxyHeaderByteCount else { throw .tooLong }
        guard bytes.count >= end else { return .incomplete }
        let family = bytes[13] >> 4
        let transport = bytes[13] & 0x0F
        guard family <= 3, transport <= 2 else { throw .malformed }
        let isUnsaid = command & 0x0F == 0 || family == 0 || transport == 0 || family == 3
        if !isUnsaid { guard transport == 1 else { throw .malformed } }
        let addressByteCount = [0, 4, 16, 108][Int(family)]
        let fields = fixedByteCount + addressByteCount * 2 + (family == 1 || family == 2 ? 4 : 0)
        // With LOCAL whatever follows is skipped.
        if command & 0x0F == 0 { return .header(ProxyHeader(source: .unsaid, byteCount: end)) }
        guard fields <= end else { throw .malformed }
        if family != 0 { try checkFields(bytes, fields..<end) }
        guard !isUnsaid else { return .header(ProxyHeader(source: .unsaid, byteCount: end)) }
        let place = fixedByteCount..<fixedByteCount + addressByteCount
        guard let address = IPAddress(bytes: bytes[place]) else { throw .malformed }
        let port = fixedByteCount + addressByteCount * 2
        return .header(
            ProxyHeader(
                source: .client(address, port: Int(bytes[port]) << 8 | Int(bytes[port + 1])),
                byteCount: end
            )
        )
    }

    /// Walks the fields behind the addresses, and compares the checksum where there is one (§2.2.4).
    private static func checkFields(_ bytes: [UInt8], _ range: Range<Int>) throws(Problem) {
        var place = range.lowerBound
        while place < range.upperBound {
            guard range.upperBound - place >= 3 else { throw .malformed }
            let value = place + 3..<place + 3 + (Int(bytes[place + 1]) << 8 | Int(bytes[place + 2]))
            guard value.upperBound <= range.upperBound else { throw .malformed }
            if bytes[place] == 3 {
                guard value.count == 4 else { throw .malformed }
                var header = Array(bytes[..<range.upperBound])
                for index in value { header[index] = 0 }
                let given = bytes[value].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                guard CRC32C.checksum(header.span.bytes) == given else { throw .checksum }
            }
            place = value.upperBound
        }
    }
}
