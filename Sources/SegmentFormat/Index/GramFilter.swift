// SPDX-License-Identifier: Apache-2.0

/// Which runs of four bytes stand in a long text, about: whether a shorter text can stand in it is known without looking
/// through it.
///
/// One bit for a hash of each run. With half a megabyte of text a third of the bits are set, so a text of eight bytes that is
/// not there is missed as such once in two hundred times, and one of twelve in twenty thousand.
struct GramFilter: Sendable {
    /// As a power of two.
    private static let bitCountLog = 19
    private static let gramByteCount = 4

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
        var gram: UInt32 = 0
        for (place, byte) in text.enumerated() {
            gram = gram &<< 8 | UInt32(byte)
            guard place >= gramByteCount - 1 else { continue }
            let hash = Int(truncatingIfNeeded: (gram &* 0x9E37_79B1) &>> UInt32(32 - bitCountLog))
            guard body(hash) else { return }
        }
    }
}
