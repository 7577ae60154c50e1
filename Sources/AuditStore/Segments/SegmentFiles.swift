// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import ManifestFormat
import SegmentFormat
import SystemPackage

/// The files of segments in a data directory: writes them, removes them, and clears away what a crash left.
struct SegmentFiles {
    let directory: FilePath
    let fileSystem: any FileSystem
    /// For the seeds of indexes: so that no sender can choose ids that look the same there.
    let random: @Sendable () -> UInt64

    private var root: FilePath { directory.appending(SegmentDescription.directoryName) }

    // MARK: - Writing

    /// Writes a segment and its index; both are durable when this returns, and count for nothing until a manifest names
    /// the segment.
    ///
    /// The same events give the same segment under the same name, so that writing again after a failure is harmless. Its index
    /// has another seed then, and names the same segment.
    ///
    /// - Parameters:
    ///   - finished: what it holds.
    ///   - generation: how often it was written anew to erase events; other bytes of the same events have another name.
    /// - Returns: what a manifest says of it.
    /// - Throws: `noSpace`; `inputOutput`; `damaged` when the columns contradict each other, which would be a fault of ours.
    func write(_ finished: LiveSegment.Finished, generation: Int = 0) throws(StoreError) -> SegmentDescription {
        let name = SegmentDescription.name(
            of: finished.indices,
            received: finished.firstReceived,
            generation: generation
        )
        let path = directory.appending(name)
        let description: SegmentDescription
        let segment: [UInt8]
        let index: [UInt8]
        do throws(SegmentError) {
            var made = try encode(finished)
            description = SegmentDescription(finished, made.segment, name: name)
            made.index.identity = description.identity
            index = try made.index.finish()
            segment = made.segment.bytes
        } catch {
            throw StoreError(.damaged, "segment \(name) could not be made: \(error)", path: path)
        }
        try write(segment, index, description)
        return description
    }

    private func encode(
        _ finished: LiveSegment.Finished
    ) throws(SegmentError) -> (segment: EncodedSegment, index: SegmentIndexBuilder) {
        let columns = try ParquetColumns(finished.events, finished.rows)
        var builder = try SegmentIndexBuilder(
            rowCount: columns.rowCount,
            firstIndex: finished.indices.lowerBound,
            identity: 0,
            seed: random()
        )
        let encoded = try SegmentEncoder().encode(columns) { (column, data) throws(SegmentError) in
            try builder.add(column, data)
        }
        return (encoded, builder)
    }

    private func write(
        _ segment: [UInt8],
        _ index: [UInt8],
        _ description: SegmentDescription
    ) throws(StoreError) {
        let path = directory.appending(description.name)
        do {
            try fileSystem.createDirectory(path.removingLastComponent())
            try fileSystem.replaceAtomically(path, with: segment, mode: .ownerReadWrite)
            try fileSystem.replaceAtomically(
                directory.appending(description.indexName),
                with: index,
                mode: .ownerReadWrite
            )
        } catch {
            throw StoreError(error)
        }
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
    /// Only names that a store gives are touched, and only where every event is elsewhere: in a segment with a name, in the
    /// journal, or below the floor. A segment beyond that says that the manifest is older than the segments, or missing.
    ///
    /// - Parameters:
    ///   - manifest: what has a name.
    ///   - endIndex: index behind the last event that segments and journal hold.
    /// - Throws: `damaged`, with nothing removed.
    func removeStrays(_ manifest: Manifest, endIndex: UInt64) throws(StoreError) {
        do {
            let strays = try strays(manifest)
            for path in strays where path.string.hasSuffix(".\(SegmentDescription.fileExtension)") {
                guard let last = path.lastComponent.flatMap({ SegmentDescription.lastIndex(ofFileName: $0.string) }),
                    last >= endIndex
                else { continue }
                throw StoreError(
                    .damaged,
                    """
                    \(path) has events up to \(last), and the manifest and the journal end before event \(endIndex): \
                    the manifest is missing, or older than the segments. Restore it; nothing was removed
                    """,
                    path: path
                )
            }
            for path in strays { try fileSystem.remove(path) }
        } catch let error as StoreError {
            throw error
        } catch let error as FileError {
            throw StoreError(error)
        } catch {
            throw StoreError(.inputOutput, "cannot look through \(root): \(error)", path: root)
        }
    }

    /// Files that have an event, as their names say, and that the manifest does not name.
    ///
    /// - Throws: `inputOutput`.
    func strays(_ manifest: Manifest, holding index: UInt64) throws(StoreError) -> [FilePath] {
        do {
            return try strays(manifest).filter { path in
                guard let name = path.lastComponent?.string,
                    let first = SegmentDescription.firstIndex(ofFileName: name),
                    let last = SegmentDescription.lastIndex(ofFileName: name)
                else { return false }
                return first <= index && index <= last
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Files with names that a store gives, and that the manifest does not name.
    private func strays(_ manifest: Manifest) throws(FileError) -> [FilePath] {
        guard fileSystem.exists(root) else { return [] }
        let named = Set(manifest.segments.flatMap { [$0.name, $0.indexName] })
        var strays: [FilePath] = []
        for day in try fileSystem.names(in: root) {
            let folder = root.appending(day)
            // Somebody else's file beside ours is left alone.
            guard let names = try? fileSystem.names(in: folder) else { continue }
            for name in names
            where SegmentDescription.isOurs(name)
                && !named.contains("\(SegmentDescription.directoryName)/\(day)/\(name)")
            {
                strays.append(folder.appending(name))
            }
        }
        return strays
    }
}

extension SegmentDescription {
    fileprivate init(_ finished: LiveSegment.Finished, _ encoded: EncodedSegment, name: String) {
        self.init(
            name: name,
            firstIndex: finished.indices.lowerBound,
            eventCount: finished.indices.count,
            eventByteCount: finished.eventByteCount,
            receivedRange: finished.receivedRange,
            timeRange: encoded.earliestTime...encoded.latestTime,
            streams: finished.streams,
            parts: encoded.parts.map { Part(endOffset: $0.endOffset, checksum: $0.checksum) }
        )
    }

    /// A number that says which bytes the segment has, for its index to name.
    ///
    /// Of the checksums of all parts; an index of other bytes has another with all but one chance in four billion.
    var identity: UInt64 {
        parts.reduce(0) { ($0 &* 0x9E37_79B9_7F4A_7C15) ^ UInt64($1.checksum) }
    }
}
