// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@testable import KafkaGateway

@Suite struct ProxyHeaderTests {
    private static let longest6 = Array(repeating: "ffff", count: 8).joined(separator: ":")

    /// Version 2 by hand from §2.2 of the specification.
    private static func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) -> [UInt8] {
        [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A] + Array("QUIT\n".utf8) + [0x20 | command, family]
            + [UInt8(rest.count >> 8), UInt8(rest.count & 0xFF)] + rest
    }

    private static let version4: [UInt8] = [192, 0, 2, 7, 198, 51, 100, 1, 0xC0, 0x01, 0x23, 0x84]

    @Test(arguments: [
        // The examples of worst cases in §2.1.
        ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255", 65_535),
        ("PROXY TCP6 \(longest6) \(longest6) 65535 65535\r\n", longest6, 65_535),
        ("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", "192.168.0.1", 56_324),
        ("PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n", "2001:db8::1", 1),
        ("PROXY TCP4 192.0.2.1 192.0.2.2 0 0\r\n", "192.0.2.1", 0),
    ])
    func `a line names the client`(line: String, host: String, port: Int) throws {
        let bytes = Array(line.utf8)

        guard case .header(let header) = try ProxyHeader.read(bytes + Array("GET".utf8)) else {
            Issue.record("no header")
            return
        }

        #expect(header.byteCount == bytes.count)
        #expect(header.source == .client(try #require(IPAddress(host)), port: port))
    }

    @Test(arguments: ["PROXY UNKNOWN\r\n", "PROXY UNKNOWN \(longest6) \(longest6) 65535 65535\r\n"])
    func `a line may name nobody`(line: String) throws {
        #expect(
            try ProxyHeader.read(Array(line.utf8)) == .header(ProxyHeader(source: .unsaid, byteCount: line.utf8.count))
        )
    }

    @Test func `binary headers name the client`() throws {
        let header = Self.binary(1, 0x11, Self.version4)
        let address = try #require(IPAddress("192.0.2.7"))
        #expect(
            try ProxyHeader.read(header + [1, 2])
                == .header(
                    ProxyHeader(source: .client(address, port: 0xC001), byteCount: 28)
                )
        )

        let bytes: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]
        let other = Self.binary(1, 0x21, bytes + bytes + [0, 80, 1, 187])
        #expect(
            try ProxyHeader.read(other)
                == .header(
                    ProxyHeader(source: .client(try #require(IPAddress("2001:db8::1")), port: 80), byteCount: 52)
                )
        )
    }

    @Test(arguments: [
        binary(0, 0x00, []),
        // LOCAL: whatever follows is skipped.
        binary(0, 0x11, version4),
        binary(0, 0x00, [9, 9, 9]),
        binary(1, 0x00, []),
        // A Unix socket.
        binary(1, 0x31, [UInt8](repeating: 0x61, count: 216)),
    ])
    func `binary headers may name nobody`(bytes: [UInt8]) throws {
        #expect(try ProxyHeader.read(bytes) == .header(ProxyHeader(source: .unsaid, byteCount: bytes.count)))
    }

    @Test(arguments: [
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324\r\n",
        "PROXY TCP4 192.168.0.1  192.168.0.11 56324 443\r\n",
        "PROXY TCP4 192.168.0.01 192.168.0.11 56324 443\r\n",
        "PROXY TCP4 192.168.0.256 192.168.0.11 56324 443\r\n",
        "PROXY TCP4 2001:db8::1 192.168.0.11 56324 443\r\n",
        "PROXY TCP6 192.168.0.1 192.168.0.11 56324 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 65536 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 +1 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 01 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 1 443 \r\n",
        "PROXY TCP5 192.168.0.1 192.168.0.11 1 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 1 443\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11\t1 443\r\n",
        "PROXY \r\n",
    ])
    func `a line that breaks the rules is malformed`(line: String) {
        #expect(throws: ProxyHeader.Problem.malformed) { try ProxyHeader.read(Array(line.utf8)) }
    }

    @Test(
        arguments: [
            // Another version, another command, another family, a datagram.
            { (bytes: inout [UInt8]) in bytes[12] = 0x11 },
            { (bytes: inout [UInt8]) in bytes[12] = 0x22 },
            { (bytes: inout [UInt8]) in bytes[13] = 0x41 },
            { (bytes: inout [UInt8]) in bytes[13] = 0x12 },
            // Less than the addresses need.
            { (bytes: inout [UInt8]) in bytes[15] = 11 },
        ] as [@Sendable (inout [UInt8]) -> Void]
    )
    func `a binary header that breaks the rules is malformed`(change: @Sendable (inout [UInt8]) -> Void) {
        var bytes = Self.binary(1, 0x11, Self.version4)
        change(&bytes)

        #expect(throws: ProxyHeader.Problem.malformed) { try ProxyHeader.read(bytes) }
    }

    @Test func `every part of a header is waited for`() throws {
        let headers = [
            Array("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n".utf8), Self.binary(1, 0x11, Self.version4),
        ]
        for header in headers {
            for count in 0..<header.count {
                #expect(try ProxyHeader.read(Array(header[..<count])) == .incomplete)
            }
        }
    }

    @Test func `what begins otherwise is no header`() throws {
        for bytes: [UInt8] in [[0, 0, 0, 40, 0, 18], [0x16, 3, 1], Array("PROXX".utf8), [0x0D, 0x0A, 0x0D, 0x0B]] {
            #expect(try ProxyHeader.read(bytes) == .absent)
        }
    }

    @Test func `no more than the limit is waited for`() {
        #expect(throws: ProxyHeader.Problem.tooLong) {
            try ProxyHeader.read(Array("PROXY ".utf8) + [UInt8](repeating: 0x20, count: 101))
        }
        var bytes = Self.binary(1, 0x11, Self.version4)
        bytes[14] = 0xFF
        #expect(throws: ProxyHeader.Problem.tooLong) { try ProxyHeader.read(bytes) }
    }

    @Test func `fields behind the addresses are walked, and the checksum is compared`() throws {
        let fields: [UInt8] = [0x02, 0, 3] + Array("abc".utf8) + [0x03, 0, 4, 0, 0, 0, 0]
        var bytes = Self.binary(1, 0x11, Self.version4 + fields)
        // §2.2.4: over the header with zeros in its place.
        let checksum = CRC32C.portableChecksum(bytes.span.bytes)
        for index in 0..<4 { bytes[bytes.count - 4 + index] = UInt8(truncatingIfNeeded: checksum >> (24 - index * 8)) }
        guard case .header = try ProxyHeader.read(bytes) else {
            Issue.record("no header")
            return
        }

        bytes[16] ^= 1
        #expect(throws: ProxyHeader.Problem.checksum) { try ProxyHeader.read(bytes) }
        let cut = Self.binary(1, 0x11, Self.version4 + [0x02, 0, 9, 1])
        #expect(throws: ProxyHeader.Problem.malformed) { try ProxyHeader.read(cut) }
    }
}

@Suite struct IPNetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true),
        ("10.0.0.0/8", "11.0.0.1", false),
        ("192.0.2.128/25", "192.0.2.127", false),
        ("192.0.2.128/25", "192.0.2.129", true),
        ("127.0.0.1", "127.0.0.1", true),
        ("127.0.0.1", "127.0.0.2", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("0.0.0.0/0", "192.0.2.1", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "192.0.2.1", true),
        // RFC 4291 §2.5.5.2.
        ("10.0.0.0/8", "::ffff:10.1.2.3", true),
    ])
    func `a network holds the addresses that begin as it does`(network: String, address: String, isIn: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(try #require(IPAddress(address))) == isIn)
    }

    @Test(arguments: [
        "", "10.0.0.0/33", "10.0.0/8", "2001:db8::/129", "10.0.0.0/-1", "10.0.0.0/", "host", "fe80::1%eth0",
    ])
    func `what is no network is none`(text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test(arguments: [
        ("kafka-1:9092", "kafka-1", 9092), ("[2001:db8::1]:9093", "2001:db8::1", 9093), ("10.0.0.1:1", "10.0.0.1", 1),
    ])
    func `a broker's address has a host and a port`(text: String, host: String, port: Int) {
        #expect(BrokerAddress(text) == BrokerAddress(host: host, port: port))
    }

    @Test(arguments: ["kafka", "kafka:", "kafka:0", "kafka:65536", "kafka:+1", ":9092", "2001:db8::1:9092", "a b:1"])
    func `what has not is none`(text: String) {
        #expect(BrokerAddress(text) == nil)
    }

    @Test func `a node has a name, and the name leads back to it`() throws {
        let names = try #require(NodeNames("broker-$(nodeId).Kafka.example"))
        #expect(names.name(of: 12) == "broker-12.kafka.example")
        #expect(names.node(of: "Broker-12.kafka.example") == 12)
        for name in [
            "broker-.kafka.example", "broker-012.kafka.example", "broker-1.kafka.example.net", "kafka.example",
        ] {
            #expect(names.node(of: name) == nil)
        }
        #expect(NodeNames("broker.kafka.example") == nil)
        #expect(NodeNames("$(nodeId).$(nodeId)") == nil)
    }
}
