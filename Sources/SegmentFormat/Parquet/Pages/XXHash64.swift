// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// XXH64, the hash of Parquet's bloom filters, with seed 0 there.
///
/// Source: the xxHash project's "xxHash fast digest algorithm", version 0.1.1.
enum XXHash64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    static func hash(_ bytes: RawSpan, seed: UInt64 = 0) -> UInt64 {
        var offset = 0
        var state: UInt64
        if bytes.byteCount >= 32 {
            var (first, second) = (seed &+ prime1 &+ prime2, seed &+ prime2)
            var (third, fourth) = (seed, seed &- prime1)
            while offset + 32 <= bytes.byteCount {
                first = round(first, bytes.word(at: offset))
                second = round(second, bytes.word(at: offset + 8))
                third = round(third, bytes.word(at: offset + 16))
                fourth = round(fourth, bytes.word(at: offset + 24))
                offset += 32
            }
            state = rotate(first, 1) &+ rotate(second, 7) &+ rotate(third, 12) &+ rotate(fourth, 18)
            state = merge(merge(merge(merge(state, first), second), third), fourth)
        } else {
            state = seed &+ prime5
        }
        state &+= UInt64(bytes.byteCount)
        while offset + 8 <= bytes.byteCount {
            state = rotate(state ^ round(0, bytes.word(at: offset)), 27) &* prime1 &+ prime4
            offset += 8
        }
        if offset + 4 <= bytes.byteCount {
            state = rotate(state ^ UInt64(bytes.halfWord(at: offset)) &* prime1, 23) &* prime2 &+ prime3
            offset += 4
        }
        while offset < bytes.byteCount {
            state = rotate(state ^ UInt64(bytes.byte(at: offset)) &* prime5, 11) &* prime1
            offset += 1
        }
        state = (state ^ state &>> 33) &* prime2
        state = (state ^ state &>> 29) &* prime3
        return state ^ state &>> 32
    }

    @inline(__always)
    private static func round(_ state: UInt64, _ word: UInt64) -> UInt64 {
        rotate(state &+ word &* prime2, 31) &* prime1
    }

    @inline(__always)
    private static func merge(_ state: UInt64, _ lane: UInt64) -> UInt64 {
        (state ^ round(0, lane)) &* prime1 &+ prime4
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value &<< bits | value &>> (64 &- bits)
    }
}
