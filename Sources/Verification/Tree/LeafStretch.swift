// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Hashes of leaves in a row, with those of the whole bundles among them: made on any core, joined in order.
struct LeafStretch: Sendable {
    let first: UInt64
    let hashes: [LogHash]

    /// Hashes of bundles of 256 leaves from the first that is whole on; nil where a leaf is unknown.
    let bundles: [LogHash?]

    /// Places in `hashes` whose hash is not known; in rising order.
    let unknown: [Int]

    var end: UInt64 { first + UInt64(hashes.count) }

    /// Computes the bundles' hashes: most of the tree's work.
    init(first: UInt64, hashes: [LogHash], unknown: [Int] = []) {
        self.first = first
        self.hashes = hashes
        self.unknown = unknown
        let width = LogLimits.tileWidth
        var unknown = unknown[...]
        bundles = stride(from: Self.firstBundle(first), through: hashes.count - width, by: width).map { start in
            unknown = unknown.drop { $0 < start }
            if let next = unknown.first, next < start + width { return nil }
            return HashTile.root(of: hashes[start..<start + width])
        }
    }

    /// Where in the hashes the first whole bundle begins.
    var firstBundle: Int { Self.firstBundle(first) }

    private static func firstBundle(_ first: UInt64) -> Int {
        let width = UInt64(LogLimits.tileWidth)
        return Int(truncatingIfNeeded: (width - first % width) % width)
    }
}
