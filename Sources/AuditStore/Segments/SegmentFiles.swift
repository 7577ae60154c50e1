// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SegmentFormat
import SystemPackage

/// The files of segments in a data directory: writes them, removes them, and clears away what a crash left.
struct SegmentFiles {
    let directory: FilePath
    let fileSystem: any FileSystem

    private var root: FilePath { directory.appending(SegmentDescription.directoryName) }

    // MARK: - Writing

    /// Writes a segment and its index; both are durable when this returns, and count for nothing until a manifest names
    /// the segment.
    ///
    /// The same events give the same bytes under the same name, so that writing again after a failure is harmless.
    ///
    /// - Throws: `noSpace`; `inputOutput`; `damaged` when the columns contradict each other, which would be a fault of ours.
    func write(_ finished: LiveSegment.Finished) throws(StoreError) -> SegmentDescription {
        let name = SegmentDescription.name(of: finished.indices, received: finished.firstReceived)
        let path = directory.appending(name)
        let encoded: EncodedSegment
        let index: [UInt8]
        do throws(SegmentError) {
            let columns = try ParquetColumns(finished.events, finished.rows)
            encoded = try SegmentEncoder().encode(columns)
            index = try Self.index(of: columns, encoded, firstIndex: finished.indices.lowerBound)
        } catch {
            throw StoreError(.damaged, "segment \(name) could not be made: \(error)", path: path)
        }
        let description = SegmentDescription(
            name: name,
            firstIndex: finished.indices.lowerBound,
            eventCount: finished.indices.count,
            eventByteCount: finished.eventByteCount,
            receivedRange: finished.receivedRange,
            timeRange: encoded.earliestTime...encoded.latestTime,
            streams: finished.streams,
            parts: encoded.parts.map { SegmentDescription.Part(endOffset: $0.endOffset, checksum: $0.checksum) }
        )
        do {
            try fileSystem.createDirectory(path.removingLastComponent())
            try fileSystem.replaceAtomically(path, with: encoded.bytes, mode: .ownerReadWrite)
            try fileSystem.replaceAtomically(
                directory.appending(description.indexName),
                with: index,
                mode: .ownerReadWrite
            )
        } catch {
            throw StoreError(error)
        }
        return description
    }

    private static func index(
        of columns: ParquetColumns,
        _ encoded: EncodedSegment,
        firstIndex: UInt64
    ) throws(SegmentError) -> [UInt8] {
        let identity = encoded.parts.reduce(0) { ($0 &* 0x9E37_79B9_7F4A_7C15) ^ UInt64($1.checksum) }
        var builder = try SegmentIndexBuilder(
            rowCount: columns.rowCount,
            firstIndex: firstIndex,
            identity: identity,
            // Random by the random ids in the segment, and the same when the segment is written again.
            seed: identity
        )
        for column in columns.columns { try builder.add(column.declared, column.data) }
        return try builder.finish()
    }

    // MARK: - Removing

    /// Removes a segment that no manifest names any more, and its index; what can't be removed now is at the next start.
    func remove(_ segment: SealedSegment) {
        try? fileSystem.remove(segment.indexPath)
        try? fileSystem.remove(segment.path)
    }

    /// Removes what no manifest names: segments that a crash left half-written or unnamed, or that were deleted and are still
    /// there.
    ///
    /// Only names that a store gives are touched. What is removed was never the only copy: the journal keeps its events
    /// until a durable manifest names their segment.
    func removeStrays(_ manifest: Manifest) throws(StoreError) {
        do {
            guard fileSystem.exists(root) else { return }
            let named = Set(manifest.segments.flatMap { [$0.name, $0.indexName] })
            for day in try fileSystem.names(in: root) {
                let folder = root.appending(day)
                // Somebody else's file beside ours is left alone.
                guard let names = try? fileSystem.names(in: folder) else { continue }
                for name in names
                where SegmentDescription.isOurs(name)
                    && !named.contains("\(SegmentDescription.directoryName)/\(day)/\(name)")
                {
                    try fileSystem.remove(folder.appending(name))
                }
            }
        } catch {
            throw StoreError(error)
        }
    }
}
