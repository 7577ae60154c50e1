// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat
import Synchronization
import SystemPackage
package import TransparencyLog

/// Answers what auditors ask of the tree at one checkpoint: tiles, entry bundles, proofs, receipts.
///
/// What is not kept is made again from the log's events: hashes of level 0, leaves, partial tiles. Reads block.
package struct TreeReader: Sendable {
    package let view: TreeView
    let snapshot: StoreSnapshot
    let directory: FilePath
    let fileSystem: any FileSystem
    private let cache: TreeCache
    let spans: SpanFiles
    private let tiles: TileFiles

    private static let width = UInt64(TreeFrontier.width)

    init(
        view: TreeView,
        snapshot: StoreSnapshot,
        directory: FilePath,
        fileSystem: any FileSystem,
        random: @escaping @Sendable () -> UInt64,
        cache: TreeCache
    ) {
        self.view = view
        self.snapshot = snapshot
        self.directory = directory
        self.fileSystem = fileSystem
        self.cache = cache
        spans = SpanFiles(directory: directory, fileSystem: fileSystem, random: random)
        tiles = TileFiles(directory: directory, fileSystem: fileSystem)
    }

    /// The first index whose leaf can be given out: retention has deleted those below it.
    package var minimumIndex: UInt64 { snapshot.floorIndex }

    // MARK: - Tiles

    /// The bytes of a tile or an entry bundle (c2sp.org/tlog-tiles).
    ///
    /// - Returns: nil when the tree does not have it at this checkpoint, or its events were deleted.
    /// - Throws: `damaged`, `inputOutput`.
    package func bytes(of request: TileRequest) throws(StoreError) -> [UInt8]? {
        switch request {
        case .hashes(let tile):
            guard has(level: tile.level, index: tile.index, width: tile.width) else { return nil }
            if tile.level == 0, isDeleted(tile.index) { return nil }
            return HashTile.encode(try hashes(level: tile.level, index: tile.index).prefix(tile.width))
        case .entries(let index, let width):
            guard has(level: 0, index: index, width: width), !isDeleted(index) else { return nil }
            return try entries(ofBundle: index, width: width)
        }
    }

    private func has(level: Int, index: UInt64, width: Int) -> Bool {
        guard (0..<TreeFrontier.levelCount).contains(level), (1...TreeFrontier.width).contains(width) else {
            return false
        }
        let count = view.size >> UInt64(8 * level)
        let (first, overflows) = index.multipliedReportingOverflow(by: Self.width)
        return !overflows && first < count && UInt64(width) <= count - first
    }

    private func isDeleted(_ bundle: UInt64) -> Bool { bundle < minimumIndex / Self.width }

    /// The hashes of a tile, as many as it has.
    private func hashes(level: Int, index: UInt64) throws(StoreError) -> [LogHash] {
        let isFull = (index + 1) <= view.size >> UInt64(8 * (level + 1))
        guard isFull else { return view.frontier.partial[level] }
        if let known = cache.hashes(level: level, index: index) { return known }
        let hashes =
            level == 0
            ? try leaves(ofBundle: index).map(\.hash)
            : try tiles.read(TileCoordinate(level: level, index: index, width: TreeFrontier.width))
        cache.keep(hashes, level: level, index: index)
        return hashes
    }

    // MARK: - Leaves

    /// The leaves of a bundle, as many as the tree has at this checkpoint.
    func leaves(ofBundle bundle: UInt64) throws(StoreError) -> [LogLeaf] {
        let first = bundle * Self.width
        let indices = first..<min(view.size, first + Self.width)
        if let known = cache.leaves(ofBundle: bundle), known.count == indices.count { return known }
        var leaves: [LogLeaf] = []
        leaves.reserveCapacity(indices.count)
        let source = try LeafSource(spans, directory, fileSystem)
        try snapshot.eachRun(in: indices) { (run, places) throws(StoreError) in
            try source.leaves(of: run, places, into: &leaves)
        }
        guard leaves.count == indices.count else {
            throw StoreError(.damaged, "events \(indices) are in the tree, and \(leaves.count) of them in the log")
        }
        cache.keep(leaves, ofBundle: bundle)
        return leaves
    }

    /// Keeps what was made of a bundle for who asks next.
    func keep(_ leaves: [LogLeaf], ofBundle bundle: UInt64) {
        cache.keep(leaves, ofBundle: bundle)
        if leaves.count == TreeFrontier.width { cache.keep(leaves.map(\.hash), level: 0, index: bundle) }
    }

    // MARK: - Proofs

    /// The hashes that lead from a leaf to the root of the tree at a size.
    ///
    /// - Throws: `damaged`, `inputOutput`.
    package func inclusionProof(of index: UInt64, size: UInt64) throws(StoreError) -> [LogHash] {
        do {
            return try TreeProof.inclusion(of: index, size: size, from: self)
        } catch {
            throw Self.failure(error)
        }
    }

    /// The hashes that show that the tree at one size begins with the tree at a smaller one.
    ///
    /// - Returns: nil when the tree does not have these sizes, or what it takes was deleted.
    /// - Throws: `damaged`, `inputOutput`.
    package func consistencyProof(from old: UInt64, to new: UInt64) throws(StoreError) -> [LogHash]? {
        guard old <= new, new <= view.size else { return nil }
        // Inside a deleted bundle there are no hashes to be had.
        guard old >= minimumIndex || old.isMultiple(of: Self.width) else { return nil }
        do {
            return try TreeProof.consistency(from: old, to: new, from: self)
        } catch {
            throw Self.failure(error)
        }
    }

    /// The root that the tree had at a size.
    ///
    /// - Returns: nil when the tree does not have it, or what it takes was deleted.
    /// - Throws: `damaged`, `inputOutput`.
    package func root(ofSize size: UInt64) throws(StoreError) -> LogHash? {
        guard size <= view.size, size >= minimumIndex || size.isMultiple(of: Self.width) else { return nil }
        do {
            var hashes: [LogHash] = []
            var start: UInt64 = 0
            // The largest perfect subtrees from the left: one for each bit of the size.
            while start < size {
                let level = 63 - (size - start).leadingZeroBitCount
                hashes.append(try hash(of: NodeCoordinate(level: level, index: start >> UInt64(level))))
                start += 1 << UInt64(level)
            }
            return try CompactRange(size: size, hashes: hashes).root
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: any Error) -> StoreError {
        switch error {
        case let error as StoreError: error
        default: StoreError(.damaged, "a proof could not be made: \(error)")
        }
    }
}

extension TreeReader: NodeSource {
    /// The hash of a perfect subtree.
    ///
    /// - Throws: `StoreError`.
    package func hash(of node: NodeCoordinate) throws -> LogHash {
        let place = node.inTile
        let hashes = try hashes(level: place.level, index: place.index)
        guard place.hashes.upperBound <= hashes.count else {
            throw StoreError(.damaged, "level \(node.level) of the tree has no node \(node.index) yet")
        }
        return .ofPerfectTree(Array(hashes[place.hashes]))
    }
}

/// Makes leaves of events that are read again.
struct LeafSource {
    let spans: SpanFiles
    let directory: FilePath
    private let fileSystem: any FileSystem
    private let secret: SourceSecret

    /// - Parameters:
    ///   - spans: the secrets.
    ///   - directory: `log` of the data directory.
    ///   - fileSystem: where it is.
    /// - Throws: `damaged`, `inputOutput`.
    init(_ spans: SpanFiles, _ directory: FilePath, _ fileSystem: any FileSystem) throws(StoreError) {
        self.spans = spans
        self.directory = directory
        self.fileSystem = fileSystem
        secret = try spans.sourceSecret(hasLeaves: true)
    }

    /// Appends the leaves of some events of a run, which are of one bundle.
    ///
    /// - Throws: `damaged`, `inputOutput`.
    func leaves(of run: EventRun, _ places: Range<Int>, into leaves: inout [LogLeaf]) throws(StoreError) {
        let first = run.firstIndex + UInt64(places.lowerBound)
        let bundle = try spans.secrets(ofSpan: SpanSecrets.span(of: first)).bundle(around: first)
        for group in run.groups {
            let group = EventRun.Group(places: group.places.clamped(to: places), labels: group.labels)
            guard !group.places.isEmpty else { continue }
            let stamp = try stamp(group.labels)
            for place in group.places {
                leaves.append(try leaf(of: run, place, stamp, bundle))
            }
        }
    }

    func leaf(
        of run: EventRun,
        _ place: Int,
        _ stamp: LeafStamp,
        _ bundle: BundleSecrets?
    ) throws(StoreError) -> LogLeaf {
        let index = run.firstIndex + UInt64(place)
        let flags = run.flags[place] ?? []
        // Whoever holds a snapshot from before an erasure finds the event in it, and the salts gone.
        guard !flags.contains(.erased), let salts = bundle?.salts(at: index) else {
            return try ErasedLeaf.read(index, in: directory, fileSystem).leaf
        }
        return stamp.leaf(
            of: run.bytes.span.bytes.extracting(run.ranges[place]),
            isConflict: flags.contains(.conflict),
            salts: salts
        )
    }

    func stamp(_ labels: EventRun.Labels) throws(StoreError) -> LeafStamp {
        do {
            return try LeafStamp(labels, secret: secret)
        } catch {
            throw StoreError(.damaged, "no leaf can be made: \(error.message)")
        }
    }
}

extension LeafStamp {
    init(_ labels: EventRun.Labels, secret: SourceSecret) throws(LeafError) {
        try self.init(
            stream: labels.stream == .system ? .system : .audit,
            received: labels.received,
            submitter: labels.submitter,
            origin: labels.source,
            position: labels.position,
            secret: secret
        )
    }
}

extension StoreSnapshot {
    /// Reads some events, in order.
    ///
    /// - Parameters:
    ///   - indices: which.
    ///   - body: is given events that were read at once, and which of them are meant.
    /// - Throws: `damaged`, `inputOutput`.
    func eachRun(
        in indices: Range<UInt64>,
        _ body: (EventRun, Range<Int>) throws(StoreError) -> Void
    ) throws(StoreError) {
        var next = indices.lowerBound
        while next < indices.upperBound, let part = part(holding: next) {
            let end = min(indices.upperBound, part.indices.upperBound)
            let run: EventRun
            switch part {
            case .frame:
                run = try events(of: part)
            case .rows(let segment, _):
                let first = segment.description.firstIndex
                run = try segment.events(Int(next - first)..<Int(end - first))
            }
            try body(run, Int(next - run.firstIndex)..<Int(end - run.firstIndex))
            next = end
        }
    }
}

/// Hashes of tiles that were read or made last, which proofs of neighbours share, and the leaves that were made last: who asks for a
/// bundle asks for its tile as well.
///
/// `Mutex`: owns them. 256 tiles are 2 MiB, a bundle's leaves 24 KiB.
final class TreeCache: Sendable {
    private struct Key: Hashable {
        let level: Int
        let index: UInt64
    }

    private struct Kept {
        var hashes: [Key: [LogHash]] = [:]
        /// Oldest first.
        var order: [Key] = []
        var leaves: (bundle: UInt64, leaves: [LogLeaf])?
    }

    private static let maximumCount = 256
    private let kept = Mutex(Kept())

    func hashes(level: Int, index: UInt64) -> [LogHash]? {
        kept.withLock { $0.hashes[Key(level: level, index: index)] }
    }

    func keep(_ hashes: [LogHash], level: Int, index: UInt64) {
        let key = Key(level: level, index: index)
        kept.withLock { kept in
            guard kept.hashes.updateValue(hashes, forKey: key) == nil else { return }
            kept.order.append(key)
            if kept.order.count > Self.maximumCount { kept.hashes.removeValue(forKey: kept.order.removeFirst()) }
        }
    }

    func leaves(ofBundle bundle: UInt64) -> [LogLeaf]? {
        kept.withLock { $0.leaves.flatMap { $0.bundle == bundle ? $0.leaves : nil } }
    }

    func keep(_ leaves: [LogLeaf], ofBundle bundle: UInt64) {
        kept.withLock { $0.leaves = (bundle, leaves) }
    }

    func removeAll() { kept.withLock { $0 = Kept() } }
}
