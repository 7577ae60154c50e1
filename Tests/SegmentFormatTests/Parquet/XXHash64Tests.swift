// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct XXHash64Tests {
    private static let prime: UInt64 = 2_654_435_761

    /// The xxHash project's own check: bytes that its test program makes, with and without a seed.
    static let vectors: [(byteCount: Int, seed: UInt64, hash: UInt64)] = [
        (0, 0, 0xEF46_DB37_51D8_E999),
        (0, prime, 0xAC75_FDA2_929B_17EF),
        (1, 0, 0x4FCE_394C_C889_52D8),
        (1, prime, 0x7398_40CB_819F_A723),
        (14, 0, 0xCFFA_8DB8_81BC_3A3D),
        (14, prime, 0x5B96_1158_5EFC_C9CB),
        (101, 0, 0x0EAB_5433_84F8_78AD),
        (101, prime, 0xCAA6_5939_306F_1E21),
    ]

    @Test(arguments: vectors)
    func `the published checks`(_ byteCount: Int, _ seed: UInt64, _ hash: UInt64) {
        var state = UInt32(Self.prime)
        let bytes = (0..<byteCount).map { _ in
            defer { state &*= state }
            return UInt8(state >> 24)
        }

        #expect(XXHash64.hash(bytes.span.bytes, seed: seed) == hash)
    }

    @Test func `the widely quoted hash of abc`() {
        #expect(XXHash64.hash(Array("abc".utf8).span.bytes) == 0x44BC_2CF5_AD77_0999)
    }
}
