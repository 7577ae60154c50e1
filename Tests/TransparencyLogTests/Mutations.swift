// SPDX-License-Identifier: Apache-2.0

/// Small damages to bytes: what a parser must refuse, or read as exactly what stands there.
enum Mutations {
    private static let pieces: [[UInt8]] =
        [
            "\n", "\n\n", "\r\n", "\r", "\0", " ", "  ", "\t", "=", "==", "+", "-", "0", "1", "/", "_", "A", "— ",
            "extra ",
            "old 0\n", "index 0\n", "é", "e\u{301}", "\u{FEFF}", "\u{A0}", "18446744073709551616",
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xE2, 0x80]]

    static func damaged(_ bytes: [UInt8], using random: inout SeededNumbers) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let start = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, start + Int.random(in: 0...4, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where start < bytes.count: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1 where start < bytes.count: bytes[start] = .random(in: 0...255, using: &random)
            case 2: bytes.removeSubrange(start..<end)
            case 3: bytes.insert(contentsOf: bytes[start..<end], at: .random(in: 0...bytes.count, using: &random))
            case 4: bytes.removeSubrange(start...)
            default: bytes.insert(contentsOf: pieces[.random(in: 0..<pieces.count, using: &random)], at: start)
            }
        }
        return bytes
    }

    /// Damages bytes again and again: what is read from them is written as the same bytes.
    ///
    /// Returns the first damage of which this is not so, and how many were read at all.
    static func check(
        _ samples: [[UInt8]],
        rounds: Int = 4000,
        seed: UInt64,
        rewrite: ([UInt8]) throws -> [UInt8]
    ) -> (failure: [UInt8]?, readCount: Int) {
        var random = SeededNumbers(seed: seed)
        var readCount = 0
        for round in 0..<rounds {
            let damaged = damaged(samples[round % samples.count], using: &random)
            guard let rewritten = try? rewrite(damaged) else { continue }
            readCount += 1
            if rewritten != damaged { return (damaged, readCount) }
        }
        return (nil, readCount)
    }
}
