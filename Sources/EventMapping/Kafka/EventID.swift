// SPDX-License-Identifier: Apache-2.0

/// Makes ids of events from a connection's id and a number, so that the same observation gives the same id again.
///
/// **Layout:** a UUID of version 8 (RFC 9562 §5.8). The upper half is the connection id's, the lower the connection id's plus
/// an odd multiple of the number, modulo 2^62: different for every number of a connection, and, as connection ids are
/// random, between connections too.
struct EventID: Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Set in the number of an event that counts the repeats of the one with the number itself.
    static let repeats: UInt64 = 1 << 61

    init(connectionID: String) {
        let digits = Array(connectionID.utf8)
        if digits.count == 32, let high = Self.half(digits[..<16]), let low = Self.half(digits[16...]) {
            self.high = high
            self.low = low
        } else {
            // An id of another form gets two FNV-1a hashes.
            high = Self.hash(digits, 0xCBF2_9CE4_8422_2325)
            low = Self.hash(digits, 0x8422_2325_CBF2_9CE4)
        }
    }

    /// As text, lowercase.
    func text(_ number: UInt64) -> String {
        let version = high & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
        let mask: UInt64 = 1 << 62 - 1
        let variant = (low &+ number &* 0x9E37_79B9_7F4A_7C15) & mask | 1 << 63
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 { text.append(UInt8(ascii: "-")) }
            let half = place < 16 ? version : variant
            let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - place % 16 * 4) & 15)
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func half(_ digits: ArraySlice<UInt8>) -> UInt64? {
        UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func hash(_ bytes: [UInt8], _ seed: UInt64) -> UInt64 {
        bytes.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
