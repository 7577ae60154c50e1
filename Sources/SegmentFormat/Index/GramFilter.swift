// SPDX-License-Identifier: Apache-2.0

/// Which runs of six bytes stand in a long text, about: whether a shorter text can stand in it is known without looking
/// through it.
///
/// One bit for a hash of each run. With half a megabyte of text a third of the bits are set, so a text of ten bytes that is
/// not there is taken for one that may be once in two hundred times. Shorter runs would not tell addresses apart.
struct GramFilter: Sendable {
    /// As a power of two.
    private static let bitCountLog = 20
    private static let gramByteCount = 6

    private var words = [UInt64](repeating: 0, count: 1 << (GramFilter.bitCountLog - 6))

    static var byteCount: Int { 1 << (bitCountLog - 3) }

    init(_ text: [UInt8]) {
        var bits = words.mutableSpan
        Self.eachHash(text) { hash in
            bits[hash / 64] |= 1 << UInt64(hash % 64)
            return true
        }
    }

    /// Whether a text may stand in the long one; always true of texts shorter than a run.
    func mayContain(_ text: [UInt8]) -> Bool {
        var isPossible = true
        Self.eachHash(text) { hash in
            isPossible = words[hash / 64] & 1 << UInt64(hash % 64) != 0
            return isPossible
        }
        return isPossible
    }

    /// Calls `body` with the hash of each run of bytes until it returns false.
    @inline(__always)
    private static func eachHash(_ text: [UInt8], _ body: (Int) -> Bool) {
        guard text.count >= gramByteCount else { return }
        var gram: UInt64 = 0
        for (place, byte) in text.enumerated() {
            gram = (gram &<< 8 | UInt64(byte)) & 0xFFFF_FFFF_FFFF
            guard place >= gramByteCount - 1 else { continue }
            let hash = Int(truncatingIfNeeded: (gram &* 0x9E37_79B9_7F4A_7C15) &>> UInt64(64 - bitCountLog))
            guard body(hash) else { return }
        }
    }
}
