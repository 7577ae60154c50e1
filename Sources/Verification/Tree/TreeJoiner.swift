// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The tree as it follows from leaves that come in order, compared with the tiles that are stored and with the roots that were
/// signed.
///
/// Two trees grow side by side: one of what was *computed* from the events, and of stored hashes only where there are no
/// events any more; and one *anchored* in the stored tiles wherever there are any. When the signed root is that of the first,
/// the events are right; when it is that of the second only, the events are wrong and the tiles tell which.
///
/// Stored hashes are never believed because they are stored: they enter the root, and the root is signed.
struct TreeJoiner {
    /// Bundles whose hash is not the stored one.
    private(set) var differing: [Difference] = []

    /// Findings and unreadable files on the way, to be taken over by the report.
    private(set) var findings: [Finding] = []
    private(set) var unreadable: [EvidenceError] = []

    /// In the order of their sizes.
    private(set) var milestones: [Milestone]

    /// Leaves joined so far.
    private(set) var size: UInt64 = 0

    private let tiles: StoredTiles
    /// Full tiles up to this size have to be there; beyond it they may.
    private let requiredSize: UInt64
    /// Full tiles whose leaves end at or before it may be missing all the same.
    private let minimumIndex: UInt64
    /// Partial tiles that are there, by full tile: their widths.
    private let partials: [TileCoordinate: [Int]]
    /// Partial tiles that have to be there.
    private let required: Set<TileCoordinate>
    private var nextMilestone = 0

    private var computed: CompactRange? = CompactRange()
    private var anchored: CompactRange? = CompactRange()

    /// Leaves of the bundle that is not whole yet, and whether all are known.
    private var pending: [LogHash] = []
    private var pendingIsKnown = true

    /// For each level from 1 on, the entries of the tile that is not whole yet.
    private var levels: [[Entry]] = Array(repeating: [], count: 8)
    /// The stored tile of level 1 that the next bundle belongs to; nil when there is none.
    private var stored: [LogHash]?
    private var storedTile = TileCoordinate(level: 1, index: 0)

    struct Difference: Equatable {
        var indices: Range<UInt64>
        /// The stored tile.
        let tile: TileCoordinate
    }

    private struct Entry {
        let computed: LogHash?
        let anchored: LogHash?
    }

    private static let width = UInt64(LogLimits.tileWidth)
    private static let spanCount = width * width
    /// Differing bundles that are told apart; beyond it they are one range.
    private static let maximumDifferingCount = 1000

    /// - Parameters:
    ///   - tiles: what is compared.
    ///   - requiredSize: the size for which tiles have to be there.
    ///   - minimumIndex: full tiles whose leaves end at or before it may be missing.
    ///   - milestones: in any order.
    ///   - partials: partial tiles to be compared, those that have to be there among them.
    ///   - required: partial tiles that have to be there, as in a published log.
    init(
        _ tiles: StoredTiles,
        requiredSize: UInt64,
        minimumIndex: UInt64 = 0,
        milestones: [Milestone],
        partials: [TileCoordinate] = [],
        required: Set<TileCoordinate> = []
    ) {
        self.tiles = tiles
        self.requiredSize = requiredSize
        self.minimumIndex = minimumIndex
        self.required = required
        self.milestones = milestones.sorted { $0.size < $1.size }
        self.partials = Dictionary(grouping: partials) { TileCoordinate(level: $0.level, index: $0.index) }.mapValues {
            $0.map(\.width)
        }
        reachMilestones(through: 0, leaves: [][...], isKnown: true)
        loadStored()
    }

    // MARK: - Leaves

    /// Joins leaves that begin where the last ended.
    mutating func append(_ stretch: LeafStretch) {
        precondition(stretch.first == size, "leaves are joined in order")
        let width = LogLimits.tileWidth
        var unknown = stretch.unknown[...]
        var place = 0
        while place < stretch.hashes.count {
            let bundle = (place - stretch.firstBundle) / width
            if pending.isEmpty, place >= stretch.firstBundle, stretch.bundles.indices.contains(bundle) {
                let leaves = stretch.hashes[place..<place + width]
                finishBundle(stretch.bundles[bundle], leaves: leaves)
                place += width
                unknown = unknown.drop { $0 < place }
                continue
            }
            if unknown.first == place {
                unknown = unknown.dropFirst()
                pendingIsKnown = false
            }
            pending.append(stretch.hashes[place])
            size += 1
            place += 1
            if pending.count == width { finishPending() }
        }
    }

    /// Joins leaves that nobody knows: removed by retention, or in a file that is damaged.
    ///
    /// The hashes of their bundles are taken from the stored tiles.
    mutating func appendUnknown(upTo end: UInt64) {
        while size < end {
            if stored == nil, pending.isEmpty, size.isMultiple(of: Self.spanCount), end - size >= Self.spanCount {
                if !appendStored(upTo: end) { skip(to: end - end % Self.spanCount) }
                continue
            }
            if pending.isEmpty, end - size >= Self.width {
                finishBundle(nil, leaves: [][...])
                continue
            }
            let count = min(end - size, Self.width - UInt64(pending.count))
            pendingIsKnown = false
            pending.append(contentsOf: repeatElement(.ofEmptyTree, count: Int(truncatingIfNeeded: count)))
            size += count
            if pending.count == LogLimits.tileWidth { finishPending() }
        }
    }

    /// Takes a hash from a tile of level 2 or more, because those below it were pruned.
    private mutating func appendStored(upTo end: UInt64) -> Bool {
        for level in 2...7 {
            let count: UInt64 = 1 << UInt64(8 * level)
            guard size.isMultiple(of: count), end - size >= count else { return false }
            let tile = TileCoordinate(level: level, index: size >> UInt64(8 * (level + 1)))
            let place = Int(truncatingIfNeeded: size >> UInt64(8 * level) & 0xFF)
            guard let hashes = loadAny(tile), place < hashes.count else { continue }
            reachMilestones(through: size + (count - 1), leaves: [][...], isKnown: false)
            size += count
            join(Entry(computed: hashes[place], anchored: hashes[place]), level: level)
            loadStored()
            reachMilestones(through: size, leaves: [][...], isKnown: true)
            return true
        }
        return false
    }

    /// Goes on where nothing is known any more: without a stored tile below it, no hash above is either.
    ///
    /// At once, because whoever made the evidence says how long the stretch is.
    private mutating func skip(to end: UInt64) {
        (computed, anchored) = (nil, nil)
        size = end
        for level in 1...7 {
            let count = Int(truncatingIfNeeded: end >> UInt64(8 * level) & 0xFF)
            levels[level] = Array(repeating: Entry(computed: nil, anchored: nil), count: count)
        }
        while nextMilestone < milestones.count, milestones[nextMilestone].size <= size {
            milestones[nextMilestone].verdict = .unknown
            milestones[nextMilestone].anchoredVerdict = .unknown
            nextMilestone += 1
        }
        loadStored()
    }

    private mutating func finishPending() {
        let leaves = pending
        let isKnown = pendingIsKnown
        size -= Self.width
        pending.removeAll(keepingCapacity: true)
        pendingIsKnown = true
        finishBundle(isKnown ? HashTile.root(of: leaves) : nil, leaves: isKnown ? leaves[...] : [][...])
    }

    /// Joins a whole bundle, which begins at `size`.
    private mutating func finishBundle(_ root: LogHash?, leaves: ArraySlice<LogHash>) {
        let number = size / Self.width
        let place = Int(truncatingIfNeeded: number % Self.width)
        let saved = stored.flatMap { place < $0.count ? $0[place] : nil }
        reachMilestones(through: size + (Self.width - 1), leaves: leaves, isKnown: root != nil)
        size += Self.width
        let value = root ?? saved
        join(Entry(computed: value, anchored: saved ?? value), level: 1)
        if let root, let saved, root != saved { note(number * Self.width..<(number + 1) * Self.width) }
        reachMilestones(through: size, leaves: [][...], isKnown: true)
    }

    private mutating func note(_ indices: Range<UInt64>) {
        if let last = differing.last, last.tile == storedTile,
            last.indices.upperBound == indices.lowerBound || differing.count >= Self.maximumDifferingCount
        {
            differing[differing.count - 1].indices = last.indices.lowerBound..<indices.upperBound
        } else if differing.count < 2 * Self.maximumDifferingCount {
            differing.append(Difference(indices: indices, tile: storedTile))
        }
    }

    // MARK: - Milestones

    /// Compares the roots of all sizes up to `last`, with the leaves behind the trees.
    private mutating func reachMilestones(through last: UInt64, leaves: ArraySlice<LogHash>, isKnown: Bool) {
        guard nextMilestone < milestones.count, milestones[nextMilestone].size <= last else { return }
        var trees = (computed, anchored)
        var rest = leaves
        while nextMilestone < milestones.count, milestones[nextMilestone].size <= last {
            let next = milestones[nextMilestone]
            let behind = next.size - (size - size % Self.width)
            let count = Int(truncatingIfNeeded: behind) - (leaves.count - rest.count)
            var verdicts = (Milestone.Verdict.unknown, Milestone.Verdict.unknown)
            if behind == 0 || (isKnown && count <= rest.count) {
                for hash in rest.prefix(count) {
                    trees.0?.append(hash)
                    trees.1?.append(hash)
                }
                rest = rest.dropFirst(count)
                verdicts = (Self.verdict(trees.0, next.root), Self.verdict(trees.1, next.root))
            }
            milestones[nextMilestone].verdict = verdicts.0
            milestones[nextMilestone].anchoredVerdict = verdicts.1
            nextMilestone += 1
        }
    }

    private static func verdict(_ tree: CompactRange?, _ root: LogHash) -> Milestone.Verdict {
        guard let tree else { return .unknown }
        return tree.root == root ? .right : .wrong
    }

    // MARK: - Tiles

    /// Joins a subtree of level 8 · `level` that ends at `size`.
    private mutating func join(_ entry: Entry, level: Int) {
        Self.append(entry.computed, level, to: &computed)
        Self.append(entry.anchored, level, to: &anchored)
        push(entry, level: level)
    }

    /// Adds a hash to the tile of a level, and what follows from it to the levels above.
    private mutating func push(_ entry: Entry, level: Int) {
        levels[level].append(entry)
        guard levels[level].count == LogLimits.tileWidth else { return }
        let entries = levels[level]
        levels[level].removeAll(keepingCapacity: true)
        let tile = TileCoordinate(level: level, index: size >> UInt64(8 * (level + 1)) - 1)
        let saved = level == 1 ? stored : load(tile)
        if level > 1, let saved { compare(entries, with: saved, of: tile) }
        comparePartials(entries, of: tile)
        if level < 7 {
            let computed = entries.compactMap(\.computed)
            let root = computed.count == entries.count ? HashTile.root(of: computed) : nil
            let savedRoot = saved.flatMap { $0.count == entries.count ? HashTile.root(of: $0) : nil }
            push(Entry(computed: root, anchored: savedRoot ?? root), level: level + 1)
        }
        if level == 1 { loadStored() }
    }

    private static func append(_ hash: LogHash?, _ level: Int, to tree: inout CompactRange?) {
        guard let hash, tree != nil else {
            tree = nil
            return
        }
        do throws(LogError) { try tree?.append(subtree: hash, level: 8 * level) } catch {
            // Beyond 2^63 leaves, where no size leads.
            tree = nil
        }
    }

    /// The stored tile of level 1 that the bundle at `size` belongs to.
    private mutating func loadStored() {
        storedTile = TileCoordinate(level: 1, index: size / Self.width / Self.width)
        stored = load(storedTile)
        guard stored == nil, let partial = widestPartial(of: storedTile) else { return }
        stored = (try? tiles.hashes(of: partial)) ?? nil
        storedTile = partial
    }

    /// The tile, or the widest partial one; what is wrong with either is told when it is compared.
    private func loadAny(_ tile: TileCoordinate) -> [LogHash]? {
        if let found = try? tiles.hashes(of: tile) { return found }
        return widestPartial(of: tile).flatMap { (try? tiles.hashes(of: $0)) ?? nil }
    }

    private func widestPartial(of tile: TileCoordinate) -> TileCoordinate? {
        partials[tile]?.max().map { TileCoordinate(level: tile.level, index: tile.index, width: $0) }
    }

    /// A stored tile; without it the computed hashes are alone, and when it has to be there that is told.
    private mutating func load(_ tile: TileCoordinate) -> [LogHash]? {
        do throws(StoredTiles.Wrong) {
            if let hashes = try tiles.hashes(of: tile) { return hashes }
            let end = tile.leaves.upperBound
            if required.contains(tile) || (tile.isFull && end <= requiredSize && end > minimumIndex) {
                findings.append(Finding(.missing, tiles.name(tile), tile.leaves, "the tile is not there"))
            }
        } catch {
            switch error {
            case .finding(let finding): findings.append(finding)
            case .unreadable(let error): unreadable.append(error)
            }
        }
        return nil
    }

    /// Compares a tile of level 2 or more with what is below it.
    ///
    /// A hash that follows from the stored tile below is not told again: that tile is.
    private mutating func compare(_ entries: [Entry], with hashes: [LogHash], of tile: TileCoordinate) {
        var wrong: Range<Int>?
        for (place, pair) in zip(entries, hashes).enumerated() {
            let (entry, hash) = pair
            guard entry.computed != nil || entry.anchored != nil, hash != entry.computed, hash != entry.anchored else {
                continue
            }
            wrong = (wrong?.lowerBound ?? place)..<place + 1
        }
        guard let wrong else { return }
        let reason =
            "\(wrong.count == 1 ? "hash" : "hashes from") \(wrong.lowerBound) do not follow from the tiles below"
        findings.append(Finding(.changedTile, tiles.name(tile), tile.leaves(of: wrong), reason))
    }

    private mutating func comparePartials(_ entries: [Entry], of tile: TileCoordinate) {
        for width in partials[tile] ?? [] {
            let partial = TileCoordinate(level: tile.level, index: tile.index, width: width)
            guard let hashes = load(partial) else { continue }
            compare(entries, with: hashes, of: partial)
        }
    }

    // MARK: - End

    /// Compares what is not whole: the last bundle, and partial tiles.
    mutating func finish() {
        reachMilestones(through: size, leaves: pending[...], isKnown: pendingIsKnown)
        for level in 1...7 {
            comparePartials(levels[level], of: TileCoordinate(level: level, index: size >> UInt64(8 * (level + 1))))
        }
    }
}
