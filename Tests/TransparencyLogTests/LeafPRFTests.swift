// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@testable import TransparencyLog

@Suite struct LeafPRFTests {
    /// RFC 4231 §4.2 to §4.5: keys of at most 32 bytes, filled up with zeros as HMAC does with any key below a block.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](1...25), [UInt8](repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
    ])
    func `outputs are HMAC-SHA256`(key: [UInt8], message: [UInt8], expected: String) {
        let padded = key + [UInt8](repeating: 0, count: LeafPRF.keyByteCount - key.count)
        let prf = LeafPRF(padded, prefix: [])

        #expect("\(prf.output(message))" == expected)
        #expect("\(prf.output(message))" == expected, "a key that was used once")
        for cut in 0...message.count {
            let begun = LeafPRF(padded, prefix: Array(message.prefix(cut)))
            #expect("\(begun.output(Array(message.dropFirst(cut))))" == expected)
        }
    }

    @Test func `a label ends with a zero byte and a number has eight bytes`() throws {
        let prf = try LeafPRF(Array(0..<32), label: "label")
        let message = Array("label".utf8) + [0, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]

        #expect(prf.output(0x1122_3344_5566_7788) == LeafPRF(Array(0..<32), prefix: []).output(message))
    }

    @Test func `keys and digests on the way to the worked bytes come out`() throws {
        let key = try LeafPRF(Samples.spanKey, label: "martlet leaf bundle v1").output(1234 / 256)
        #expect("\(key)" == "64e67d15cee410893706c629e8803e6c2ae57086953ef1f94482fce0655ee8a5")
        let salts = LeafPRF(key, label: "martlet leaf salts v1").output(1234)
        #expect("\(salts)" == "6620a4a23e465e06c886303793cfd57d6e347c161aadd13bb899e092dab06679")
        let provenance = try Provenance(submitter: "User:alice", origin: "kafka:k1", position: [1, 2, 3])
        #expect("\(provenance.digest)" == "278034be31b1a42e979ed1397f42ed5d5676db3992a6dda7f069e1745b304991")
    }

    @Test(arguments: [0, 1, 31, 33, 64])
    func `a key of other than 32 bytes is refused`(count: Int) {
        #expect(throws: LeafError.self) { try LeafPRF([UInt8](repeating: 7, count: count), label: "") }
    }
}
