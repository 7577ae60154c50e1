// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@Suite struct KeyHashTests {
    /// Computed with another program from the definition (Python's integers, no loads of words).
    ///
    /// The journal holds such values: a change to any of these is a change of its format.
    @Test(
        arguments: [
            (0, "", 0x20C4_352F_CE48_5E4C),
            (0, "a", 0xF412_DEBF_8A59_E107),
            (0, "id", 0xD778_987E_EA13_F967),
            (0, "data", 0x71CD_0236_6E78_EDDF),
            (0, "12345678", 0x6B83_C61D_5C5F_9353),
            (0, "123456789", 0x7371_D461_761D_3CA7),
            (0, "specversion", 0xD366_7668_E9EF_B156),
            (0, "1234567890ABCDEF", 0x6A60_043E_0B37_B7A6),
            (0, "authorizationInfo", 0x8D44_EB2E_BCC7_D0D0),
            (0, "1234567890ABCDEF1234567890ABCDEF", 0xF11D_2DC9_CF59_7119),
            (0, "a key of more than thirty-two bytes, é", 0x67A0_1C47_AAF1_E0AD),
            (0x0123_4567_89AB_CDEF, "", 0x7A55_C2D4_30D4_0A87),
            (0x0123_4567_89AB_CDEF, "a", 0x2FE4_F6AB_3342_115E),
            (0x0123_4567_89AB_CDEF, "id", 0x82E1_B286_F3AB_5110),
            (0x0123_4567_89AB_CDEF, "data", 0x98DE_8101_E3B6_6C0A),
            (0x0123_4567_89AB_CDEF, "12345678", 0x1881_7961_1567_49DC),
            (0x0123_4567_89AB_CDEF, "123456789", 0x5906_FFF0_B4E3_B664),
            (0x0123_4567_89AB_CDEF, "specversion", 0x2EE3_C561_B970_0D03),
            (0x0123_4567_89AB_CDEF, "1234567890ABCDEF", 0xC51C_0A4E_1A8D_FC3D),
            (0x0123_4567_89AB_CDEF, "authorizationInfo", 0x32A4_10DD_D0B6_2D55),
            (0x0123_4567_89AB_CDEF, "1234567890ABCDEF1234567890ABCDEF", 0xDEA2_D0E1_43D7_FDCA),
            (0x0123_4567_89AB_CDEF, "a key of more than thirty-two bytes, é", 0x9AFF_53B6_A36E_C021),
            (.max, "", 0xCACD_A7D5_6A78_6EAA),
            (.max, "a", 0xB6A0_932B_2495_32EA),
            (.max, "id", 0xF26B_A514_667E_FD22),
            (.max, "data", 0xF1E9_23BB_63D7_3B00),
            (.max, "12345678", 0xBC50_CF18_1B93_385D),
            (.max, "123456789", 0xE807_2803_758C_C67F),
            (.max, "specversion", 0x1788_83BD_FBAD_D25B),
            (.max, "1234567890ABCDEF", 0x1224_5ACF_F47F_2FC1),
            (.max, "authorizationInfo", 0x01FF_CD8A_B079_02FD),
            (.max, "1234567890ABCDEF1234567890ABCDEF", 0x4027_077E_0EBE_AA7A),
            (.max, "a key of more than thirty-two bytes, é", 0xC89A_2BBA_0641_2C65),
        ] as [(UInt64, String, UInt64)]
    )
    func `the values are fixed for ever`(_ seed: UInt64, _ key: String, _ value: UInt64) {
        #expect(Self.hash(key, seed: seed) == value)
    }

    private static func hash(_ key: String, seed: UInt64) -> UInt64 {
        let bytes = Array(key.utf8)
        return KeyHash(seed: seed).hash(bytes.span.bytes, 0..<bytes.count)
    }

    @Test func `bytes around the range do not matter`() {
        let key = Array("organization=9f3c1d52-7b1e-4c65-9a0f".utf8)
        let hasher = KeyHash(seed: 42)
        for count in 0...key.count {
            let alone = Array(key.prefix(count))
            let expected = hasher.hash(alone.span.bytes, 0..<count)
            for (before, after) in [(0, 1), (1, 0), (3, 7), (8, 8), (17, 16), (5, 40)] {
                let filler = { [UInt8](repeating: 0xA5, count: $0) }
                let bytes = filler(before) + alone + filler(after)
                let hash = hasher.hash(bytes.span.bytes, before..<before + count)
                #expect(hash == expected)
            }
        }
    }

    @Test func `every byte, the length and the seed matter`() {
        var seen: Set<UInt64> = []
        var count = 0
        func insert(_ key: [UInt8], seed: UInt64 = 7) {
            seen.insert(KeyHash(seed: seed).hash(key.span.bytes, 0..<key.count))
            count += 1
        }
        for length in 0...70 {
            let key = [UInt8](repeating: 0, count: length)
            insert(key)
            insert(key, seed: 8)
            for index in key.indices {
                for bit in 0..<8 as Range<UInt8> {
                    var changed = key
                    changed[index] ^= 1 << bit
                    insert(changed)
                }
            }
        }
        #expect(seen.count == count)
    }

    @Test func `heads are equal when the first sixteen bytes are`() {
        let bytes = Array("0123456789ABCDEFx".utf8)
        let whole = KeyHead(bytes.span.bytes, 0..<17)
        #expect(whole == KeyHead(bytes.span.bytes, 0..<16))
        #expect(whole.low == 0x3736_3534_3332_3130)
        #expect(whole.high == 0x4645_4443_4241_3938)
        for count in 0..<16 {
            let head = KeyHead(bytes.span.bytes, 0..<count)
            let atEnd = KeyHead(bytes.span.bytes.extracting(0..<count), 0..<count)
            #expect(head != whole)
            #expect(head == atEnd)
        }
        #expect(KeyHead(bytes.span.bytes, 0..<0) == KeyHead())
    }
}
