// SPDX-License-Identifier: Apache-2.0

/// The place of a tile of hashes, as c2sp.org/tlog-tiles has it: up to 256 nodes of level 8 · `level`, side by side.
package struct TileCoordinate: Hashable, Sendable {
    /// 0 to 7: beyond it the leaves of a tile would have no index.
    package let level: Int
    package let index: UInt64

    /// Hashes in it; 256 when it is full.
    package let width: Int

    /// Traps unless the level is 0 to 7, the width 1 to 256, and the leaves of the full tile have indices.
    package init(level: Int, index: UInt64, width: Int = LogLimits.tileWidth) {
        precondition(Self.isValid(level: level, index: index, width: width), "no tree has such a tile")
        self.level = level
        self.index = index
        self.width = width
    }

    private static func isValid(level: Int, index: UInt64, width: Int) -> Bool {
        (0...7).contains(level) && (1...LogLimits.tileWidth).contains(width)
            && index <= UInt64.max >> UInt64(8 * (level + 1))
    }

    package var isFull: Bool { width == LogLimits.tileWidth }

    /// `tile/1/x001/234.p/5`.
    package var path: String { "tile/\(level)/\(TileRequest.suffix(index: index, width: width))" }

    /// Hashes of the partial tile at the right end of a level; 0 when there is none.
    package static func width(ofLevel level: Int, size: UInt64) -> Int {
        (0...7).contains(level) ? Int(truncatingIfNeeded: size >> UInt64(8 * level) & 0xFF) : 0
    }

    /// The tiles of a tree: by level, full ones first, then the partial one; without those that a tree of `old` leaves has.
    package static func tiles(ofSize size: UInt64, beyond old: UInt64 = 0) -> TileSequence {
        TileSequence(size: size, old: old)
    }

    /// What is asked for under a path; nil when it is not exactly the path of a tile or a bundle.
    package static func parse(_ path: some Collection<UInt8>) -> TileRequest? {
        // The longest path there is has 47 bytes.
        guard path.count <= 64 else { return nil }
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
        guard parts.count >= 3, parts[0] == Array("tile".utf8) else { return nil }
        var groups = Array(parts[2...])
        var width = LogLimits.tileWidth
        if groups.count >= 2, groups[groups.count - 2].suffix(2) == Array(".p".utf8)[...] {
            guard let number = UInt64(decimal: groups.removeLast()), (1...255).contains(number) else { return nil }
            width = Int(truncatingIfNeeded: number)
            groups[groups.count - 1].removeLast(2)
        }
        guard let index = TileRequest.index(of: groups) else { return nil }
        if parts[1] == Array("entries".utf8) {
            guard isValid(level: 0, index: index, width: width) else { return nil }
            return .entries(index: index, width: width)
        }
        guard let number = UInt64(decimal: parts[1]), number <= 7 else { return nil }
        let level = Int(truncatingIfNeeded: number)
        guard isValid(level: level, index: index, width: width) else { return nil }
        return .hashes(TileCoordinate(level: level, index: index, width: width))
    }
}

/// A resource of a tiled log.
package enum TileRequest: Hashable, Sendable {
    case hashes(TileCoordinate)
    /// Entries of 256 leaves, or fewer, beside the tile of level 0 with the same index.
    case entries(index: UInt64, width: Int)

    /// `tile/entries/x001/234.p/5`, or the path of a tile.
    package var path: String {
        switch self {
        case .hashes(let tile): tile.path
        case .entries(let index, let width): "tile/entries/\(Self.suffix(index: index, width: width))"
        }
    }

    /// `x001/x234/067.p/5`: digits in threes, so that no directory has more than a thousand names.
    static func suffix(index: UInt64, width: Int) -> String {
        var text = group(index % 1000)
        var rest = index / 1000
        while rest > 0 {
            text = "x\(group(rest % 1000))/\(text)"
            rest /= 1000
        }
        return width == LogLimits.tileWidth ? text : "\(text).p/\(width)"
    }

    private static func group(_ number: UInt64) -> String {
        number < 10 ? "00\(number)" : number < 100 ? "0\(number)" : "\(number)"
    }

    /// The number in groups of digits; nil when they are not as `suffix` writes them.
    static func index(of groups: [[UInt8]]) -> UInt64? {
        var index: UInt64 = 0
        for (position, group) in groups.enumerated() {
            let isLast = position == groups.count - 1
            guard group.count == (isLast ? 3 : 4), isLast || group.first == UInt8(ascii: "x") else { return nil }
            var value: UInt64 = 0
            for digit in group.suffix(3) {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
                value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
            }
            // A first group of zeros would be a second path of one tile.
            guard position > 0 || isLast || value > 0 else { return nil }
            let (scaled, isTooLarge) = index.multipliedReportingOverflow(by: 1000)
            let (sum, overflows) = scaled.addingReportingOverflow(value)
            guard !isTooLarge, !overflows else { return nil }
            index = sum
        }
        return groups.isEmpty ? nil : index
    }
}

/// Tiles of a tree, one after the other.
package struct TileSequence: Sequence, IteratorProtocol, Sendable {
    private let size: UInt64
    private let old: UInt64
    private var level = 0
    private var index: UInt64

    init(size: UInt64, old: UInt64) {
        self.size = size
        self.old = Swift.min(old, size)
        index = self.old >> 8
    }

    package mutating func next() -> TileCoordinate? {
        while level <= 7 {
            let count = size >> UInt64(8 * level)
            guard count > 0 else { return nil }
            let oldCount = old >> UInt64(8 * level)
            let current = index
            if current < count >> 8 {
                index += 1
                return TileCoordinate(level: level, index: current)
            }
            let width = TileCoordinate.width(ofLevel: level, size: size)
            level += 1
            index = level <= 7 ? (old >> UInt64(8 * level)) >> 8 : 0
            if current == count >> 8, width > 0, oldCount < count {
                return TileCoordinate(level: level - 1, index: current, width: width)
            }
        }
        return nil
    }
}
