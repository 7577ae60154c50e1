// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import ManifestFormat
package import TransparencyLog

/// A bundle of the tree of which some events are wanted.
package struct OpenedBundle: Sendable {
    /// An event as it is stored now, and what leads from it to its leaf.
    package struct Event: Sendable {
        package let index: UInt64
        /// Nanoseconds since 1970.
        package let received: Int64
        /// Of an erased event, what stands in its place; then the opening has no salt for it.
        package let bytes: [UInt8]
        package let opening: LeafOpening
    }

    /// Index of its first leaf, a multiple of 256.
    package let firstIndex: UInt64
    /// The hashes of its leaves, as many as the tree has of them.
    package let leafHashes: [LogHash]
    /// In order.
    package let events: [Event]
}

extension TreeReader {
    /// Hands out events with their openings, bundle by bundle, for packs.
    ///
    /// Each stretch of the log that has wanted events is read once and each bundle's secrets are looked up once; of a bundle
    /// with a wanted event all leaves are made, because the proof needs their hashes. Events are read anew, so one that was
    /// erased since it was found is not handed out.
    ///
    /// - Parameters:
    ///   - indices: ascending, each once.
    ///   - size: leaves of the tree that is meant, which has all of them.
    ///   - body: is given each bundle with wanted events; false ends it.
    /// - Throws: `busy` when retention deleted an event meanwhile, `damaged`, `inputOutput`, and what `body` throws.
    package func eachBundle(
        of indices: [UInt64],
        size: UInt64,
        _ body: (OpenedBundle) throws -> Bool
    ) throws {
        precondition(size <= view.size && indices.last ?? 0 < max(1, size), "the tree has no such events")
        var leaves = try BundleLeaves(self, LeafSource(spans, directory, fileSystem))
        var place = 0
        while place < indices.count {
            let first = indices[place] / BundleLeaves.width * BundleLeaves.width
            let end = min(size, first + BundleLeaves.width)
            var next = place
            while next < indices.count, indices[next] < end { next += 1 }
            guard first >= minimumIndex else {
                throw StoreError(.busy, "event \(indices[place]) was deleted by retention meanwhile; ask again")
            }
            let bundle = try leaves.bundle(first..<end, wanted: indices[place..<next], ahead: indices[next...])
            guard try body(bundle) else { return }
            place = next
        }
    }
}

/// Makes leaves of one bundle after the other, and keeps what the next may need again.
private struct BundleLeaves {
    static let width = UInt64(TreeFrontier.width)

    /// Events between two wanted bundles that are read although nobody wants them: cheaper than to begin anew.
    private static let bridgedCount: UInt64 = 1024

    private let reader: TreeReader
    private let source: LeafSource
    private var run: EventRun?
    /// The group of the run that is worked on, and what its leaves share.
    private var group = 0
    private var stamp: LeafStamp?
    private var secrets: SpanSecrets?

    init(_ reader: TreeReader, _ source: LeafSource) {
        self.reader = reader
        self.source = source
    }

    mutating func bundle(
        _ indices: Range<UInt64>,
        wanted: ArraySlice<UInt64>,
        ahead: ArraySlice<UInt64>
    ) throws(StoreError) -> OpenedBundle {
        let span = SpanSecrets.span(of: indices.lowerBound)
        if secrets?.span != span { secrets = try reader.spans.secrets(ofSpan: span) }
        let bundle = secrets?.bundle(around: indices.lowerBound)
        var wanted = wanted
        var hashes: [LogHash] = []
        hashes.reserveCapacity(indices.count)
        var events: [OpenedBundle.Event] = []
        for index in indices {
            let run = try self.run(holding: index, upTo: indices.upperBound, ahead)
            let place = Int(index - run.firstIndex)
            let labels = try labels(of: place, in: run)
            guard let stamp else { throw StoreError(.damaged, "event \(index) has no labels") }
            let leaf = try source.leaf(of: run, place, stamp, bundle)
            hashes.append(leaf.hash)
            guard index == wanted.first else { continue }
            wanted.removeFirst()
            let isErased = (run.flags[place] ?? []).contains(.erased)
            events.append(
                OpenedBundle.Event(
                    index: index,
                    received: labels.received,
                    bytes: Array(run.bytes[run.ranges[place]]),
                    opening: try source.opening(leaf, index, labels, isErased ? nil : bundle?.salts(at: index))
                )
            )
        }
        return OpenedBundle(firstIndex: indices.lowerBound, leafHashes: hashes, events: events)
    }

    /// Events in memory that have an index among them.
    private mutating func run(
        holding index: UInt64,
        upTo end: UInt64,
        _ ahead: ArraySlice<UInt64>
    ) throws(StoreError) -> EventRun {
        if let run, run.indices.contains(index) { return run }
        guard let part = reader.snapshot.part(holding: index) else {
            throw StoreError(.damaged, "event \(index) is in the tree, and not in the log")
        }
        let new: EventRun
        switch part {
        case .frame: new = try reader.snapshot.events(of: part)
        case .rows(let segment, _):
            // As far as the next wanted bundles are near.
            var reach = end
            for wanted in ahead where wanted >= reach {
                guard wanted < part.indices.upperBound, wanted - reach <= Self.bridgedCount else { break }
                reach = wanted / Self.width * Self.width + Self.width
            }
            let first = segment.description.firstIndex
            new = try segment.events(Int(index - first)..<Int(min(reach, part.indices.upperBound) - first))
        }
        guard new.indices.contains(index) else {
            throw StoreError(.damaged, "event \(index) is not where the log says")
        }
        run = new
        group = 0
        stamp = nil
        return new
    }

    /// What the event at a place shares with others; makes the stamp of these if it is not made yet.
    private mutating func labels(of place: Int, in run: EventRun) throws(StoreError) -> EventRun.Labels {
        // Places only go up within a run.
        while group < run.groups.count, run.groups[group].places.upperBound <= place {
            group += 1
            stamp = nil
        }
        guard group < run.groups.count else {
            throw StoreError(.damaged, "event \(run.firstIndex + UInt64(place)) has no labels")
        }
        let labels = run.groups[group].labels
        if stamp == nil { stamp = try source.stamp(labels) }
        return labels
    }
}
