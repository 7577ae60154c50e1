// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing
import TransparencyLog

@Suite struct LeafSaltTests {
    /// The answers of `(head -c 16 /dev/zero; printf %s BODY) | sha256sum`: anybody can check a commitment.
    @Test(arguments: [
        ("", "374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb"),
        ("{}", "333b13ff02f57ae18049b82ca66f37592c5a3d8fd54e44e23ae5c7085c24fd2a"),
    ])
    func `a commitment is SHA-256 of salt and bytes`(body: String, expected: String) throws {
        let salt = try #require(Samples.salt([UInt8](repeating: 0, count: 16)))

        #expect("\(Samples.commitment(salt, body))" == expected)
    }

    @Test func `a salt is 16 bytes`() throws {
        let bytes = [UInt8](0..<17)
        for count in 0...17 where count != 16 {
            #expect(Samples.salt(Array(bytes.prefix(count))) == nil)
        }
        #expect(Samples.salt(Array(bytes.prefix(16)))?.bytes == Array(0..<16))
    }

    @Test func `a salt is not printed`() throws {
        let salt = try #require(Samples.salt([UInt8](repeating: 0x41, count: 16)))

        #expect("\(salt)" == "LeafSalt(redacted)")
        #expect(String(reflecting: salt) == "LeafSalt(redacted)")
        #expect(Mirror(reflecting: salt).children.isEmpty)
    }

    @Test func `labels that are too long have no provenance`() throws {
        let longest = String(repeating: "x", count: LeafLimits.maximumLabelByteCount)
        _ = try Provenance(submitter: longest, origin: longest, position: Array(longest.utf8))
        let longer = longest + "x"
        #expect(throws: LeafError.self) { try Provenance(submitter: longer, origin: "", position: []) }
        #expect(throws: LeafError.self) { try Provenance(submitter: "", origin: longer, position: []) }
        #expect(throws: LeafError.self) { try Provenance(submitter: "", origin: "", position: Array(longer.utf8)) }
    }

    @Test func `labels that read alike in a row are different provenances`() throws {
        let provenances = try Set([
            Provenance(submitter: "ab", origin: "c", position: []),
            Provenance(submitter: "a", origin: "bc", position: []),
            Provenance(submitter: "a", origin: "b", position: Array("c".utf8)),
            Provenance(submitter: "", origin: "", position: Array("abc".utf8)),
            // Equal as text, other bytes.
            Provenance(submitter: "\u{E9}", origin: "", position: []),
            Provenance(submitter: "e\u{301}", origin: "", position: []),
        ])

        #expect(provenances.count == 6)
    }
}
