// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing
import TransparencyLog

@Suite struct LogHashTests {
    /// The first two are in the tests of transparency-dev/merkle, `rfc6962_test.go`; the third is `sha256sum`'s answer.
    @Test(arguments: [
        ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ("L123456", "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"),
        ("\0", "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
    ])
    func `hashes of leaves are those of RFC 6962`(entry: String, expected: String) {
        #expect("\(Samples.leafHash(Samples.bytes(entry)))" == expected)
    }

    @Test func `a hash is 32 bytes`() throws {
        let bytes = [UInt8](0..<33)
        for count in 0...33 where count != 32 {
            #expect(Samples.hash(Array(bytes.prefix(count))) == nil)
        }
        let hash = try #require(Samples.hash(Array(bytes.prefix(32))))
        #expect(hash.bytes == Array(0..<32))
        #expect("\(hash)" == Hex.encode(0..<32))
    }

    @Test func `hashes that differ in any bit are different`() throws {
        let bytes = [UInt8](0..<32)
        let hash = try #require(Samples.hash(bytes))
        for bit in 0..<256 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            let other = try #require(Samples.hash(flipped))
            #expect(other != hash)
        }
    }
}
