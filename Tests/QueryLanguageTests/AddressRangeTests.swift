// SPDX-License-Identifier: Apache-2.0

import QueryLanguage
import Testing

@Suite struct AddressRangeTests {
    @Test func `networks hold the addresses that they hold in Python`() throws {
        let addresses = PythonTables.rows(of: PythonTables.addresses).map { $0[0] } + [""]
        for row in PythonTables.rows(of: PythonTables.networks) {
            let network = try #require(AddressRange(row[0]))
            #expect(network.description == row[1])
            #expect(AddressRange(row[1]) == network)
            for address in addresses {
                #expect(
                    Comparison.network(network).matches(address) == row[2...].contains(address),
                    "\(address) in \(row[0])"
                )
            }
        }
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8 ",
        "10.0.0/8", "10.0.0.0/255.0.0.0", "::/129", "::/99999999999999999999", "fe80::1%eth0/64", "10.0.0.0/8/8",
        "host/8", "10.0.0.0/٨",
    ])
    func `what is no network`(_ text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func `every prefix of an address is the network of its first bits`() throws {
        for length in 0...32 {
            let network = Comparison.network(try #require(AddressRange("170.85.170.85/\(length)")))
            for bit in 0..<32 {
                let flipped = 0xAA55_AA55 ^ (1 << UInt32(31 - bit) as UInt32)
                let text = [24, 16, 8, 0].map { String(flipped >> UInt32($0) & 0xFF) }.joined(separator: ".")
                #expect(network.matches(text) == (bit >= length), "\(text) in /\(length)")
                #expect(network.matches("::ffff:\(text)") == (bit >= length))
            }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `addresses print as they are read`(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        for _ in 0..<300 {
            // Many zeros, for runs of them.
            let groups = (0..<8).map { _ in
                Bool.random(using: &generator) ? 0 : Int.random(in: 0...0xFFFF, using: &generator)
            }
            let long = groups.map { String($0, radix: 16) }.joined(separator: ":")
            let network = try #require(AddressRange("\(long)/128"))
            #expect(AddressRange(network.description) == network, "seed \(seed): \(long)")
            #expect(Comparison.network(network).matches(long), "seed \(seed): \(long)")
        }
    }
}
