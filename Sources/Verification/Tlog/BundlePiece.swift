// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Bundles side by side on their way to a core.
struct BundlePiece: Sendable {
    struct Bundle: Sendable {
        let index: UInt64
        /// Entries that the tree has in it.
        let width: Int
        let name: String
        /// Nil when they are not there.
        var entries: [UInt8]?
        /// Entries that are in the file, more when it is full by now.
        var entriesWidth = 0
        /// The tile beside it; nil when it is not there.
        var hashes: [LogHash]?
        var others: [(request: TileRequest, bytes: [UInt8])] = []

        var indices: Range<UInt64> { TileCoordinate(level: 0, index: index, width: width).leaves }
    }

    let first: UInt64
    var end: UInt64 = 0
    var bundles: [Bundle] = []
    var findings: [Finding] = []

    struct Result: Sendable {
        let end: UInt64
        /// Entries in a row; between them some are unknown.
        var stretches: [LeafStretch] = []
        var findings: [Finding] = []
        var entryCount: UInt64 = 0
        var byteCount: UInt64 = 0
        var lastReceived: Int64?
    }

    init(first: UInt64) { self.first = first }

    func run(entriesAreLeaves: Bool) -> Result {
        var result = Result(end: end)
        result.findings = findings
        var start = first
        var hashes: [LogHash] = []
        func close(_ result: inout Result) {
            if !hashes.isEmpty { result.stretches.append(LeafStretch(first: start, hashes: hashes)) }
            hashes = []
        }
        for bundle in bundles {
            guard let entries = bundle.entries else {
                close(&result)
                continue
            }
            if hashes.isEmpty { start = bundle.indices.lowerBound }
            do throws(LogError) {
                let parsed = try EntryBundle(parsing: entries, width: bundle.entriesWidth)
                let found = (0..<bundle.width).map { parsed.leafHash(at: $0) }
                if entriesAreLeaves { Self.check(parsed, bundle, &result) }
                Self.compare(found, bundle, &result)
                Self.compareOthers(parsed, found, bundle, &result)
                result.entryCount += UInt64(bundle.width)
                result.byteCount += UInt64(entries.count)
                hashes += found
            } catch {
                result.findings.append(Finding(.damaged, bundle.name, bundle.indices, error.message))
                close(&result)
            }
        }
        close(&result)
        return result
    }

    private static func check(_ parsed: EntryBundle, _ bundle: Bundle, _ result: inout Result) {
        for place in 0..<bundle.width {
            do throws(LeafError) { result.lastReceived = try parsed.leaf(at: place).received } catch {
                let index = bundle.indices.lowerBound + UInt64(place)
                result.findings.append(Finding(.damaged, bundle.name, index..<index + 1, error.message))
                return
            }
        }
    }

    private static func compare(_ found: [LogHash], _ bundle: Bundle, _ result: inout Result) {
        guard let hashes = bundle.hashes, hashes != found else { return }
        let tile = TileCoordinate(level: 0, index: bundle.index, width: bundle.width)
        result.findings.append(difference(found, hashes, tile.path, tile))
    }

    private static func difference(
        _ found: [LogHash],
        _ hashes: [LogHash],
        _ file: String,
        _ tile: TileCoordinate
    ) -> Finding {
        let place = zip(found, hashes).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
        let indices = tile.leaves(of: place..<place + 1)
        return Finding(.changedTile, file, indices, "hash \(place) is not that of the entry")
    }

    /// What was published of the bundle when it was not whole has to be its beginning.
    private static func compareOthers(
        _ parsed: EntryBundle,
        _ found: [LogHash],
        _ bundle: Bundle,
        _ result: inout Result
    ) {
        for other in bundle.others {
            do throws(LogError) {
                switch other.request {
                case .hashes(let tile):
                    let hashes = try HashTile.parse(unsafe other.bytes.span.bytes, width: tile.width)
                    let count = min(found.count, hashes.count)
                    guard hashes[..<count] != found[..<count] else { continue }
                    result.findings.append(difference(found, hashes, tile.path, tile))
                case .entries(_, let width):
                    let entries = try EntryBundle(parsing: other.bytes, width: width)
                    let count = min(parsed.count, width)
                    let end = parsed.ranges[count - 1].upperBound
                    guard entries.ranges[count - 1].upperBound != end || entries.bytes[..<end] != parsed.bytes[..<end]
                    else { continue }
                    let reason = "it is not the beginning of the bundle"
                    result.findings.append(Finding(.changedEvents, other.request.path, bundle.indices, reason))
                }
            } catch { result.findings.append(Finding(.damaged, other.request.path, bundle.indices, error.message)) }
        }
    }
}
