// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import DurableFiles
import JournalFormat
package import ManifestFormat
package import SegmentFormat
import Synchronization
package import SystemPackage

/// A segment of the log: what the manifest says of it, and its events when they are asked for.
///
/// It can be read for as long as somebody holds it: the store removes the file of a segment that was merged or deleted only when
/// nobody does. Reads block; several threads may read at once.
///
/// `Mutex`: owns what is kept of the opened file, and what was found to be wrong with it.
package final class SealedSegment: Sendable {
    package let description: SegmentDescription
    package let path: FilePath

    private let fileSystem: any FileSystem
    private let cache: SegmentCache
    private let state = Mutex(State())
    private let readBytes = ByteCounter()

    private struct State {
        var reader: SegmentRowReader<SegmentFileSource>?
        var damage: StoreError?
    }

    init(_ description: SegmentDescription, in directory: FilePath, _ fileSystem: any FileSystem, _ cache: SegmentCache)
    {
        self.description = description
        self.fileSystem = fileSystem
        self.cache = cache
        path = directory.appending(description.name)
    }

    /// The file of the index, which may be missing.
    package var indexPath: FilePath {
        var index = path
        index.extension = SegmentDescription.indexExtension
        return index
    }

    /// What was found to be wrong with the file; nil when nothing was.
    ///
    /// A damaged segment is set aside: it is not read again until it was checked and found whole.
    package var damage: StoreError? { state.withLock { $0.damage } }

    // MARK: - Reading

    /// Reads and checks some rows.
    ///
    /// - Throws: `damaged` when what is on disk is not what was written, and the segment is set aside; `inputOutput`.
    package func events(_ rows: Range<Int>) throws(StoreError) -> EventRun {
        if let damage { throw damage }
        do throws(SegmentError) {
            let reader = try reader()
            let decompressor = ZstdDecompressor()
            let events = try reader.events(rows, using: decompressor)
            let labels = try reader.labels(rows, using: decompressor)
            cache.used(self, byteCount: reader.heldByteCount)
            return EventRun(events, labels)
        } catch {
            throw failed(error)
        }
    }

    /// Reads something of the opened file.
    ///
    /// - Throws: as `events`; what `body` throws means that the segment is damaged.
    package func read<Result>(
        _ body: (SegmentRowReader<SegmentFileSource>) throws(SegmentError) -> Result
    ) throws(StoreError) -> Result {
        if let damage { throw damage }
        do throws(SegmentError) {
            return try body(try reader())
        } catch {
            throw failed(error)
        }
    }

    /// The index beside the segment; nil when it is missing, damaged or of other bytes: it is a hint, and answers are the same
    /// without it.
    package func index() -> SegmentIndex<SegmentFileSource>? {
        guard let source = try? SegmentFileSource(indexPath, in: fileSystem, readBytes),
            let index = try? SegmentIndex(source), index.identity == description.identity,
            index.rowCount == description.eventCount
        else { return nil }
        return index
    }

    /// Bytes of the segment's file and its index that were read since it was opened.
    package var readByteCount: Int { readBytes.value }

    /// Opens the file, or finds it open.
    func reader() throws(SegmentError) -> SegmentRowReader<SegmentFileSource> {
        if let reader = state.withLock({ $0.reader }) {
            cache.used(self)
            return reader
        }
        let source = try SegmentFileSource(path, in: fileSystem, readBytes)
        guard source.byteCount == description.byteCount else {
            throw SegmentError(
                .truncated,
                "\(source.byteCount) bytes, the manifest says \(description.byteCount)",
                .init(byteOffset: source.byteCount)
            )
        }
        // Everything behind the last column is believed from here on: it has no checksum of its own.
        try check(part: description.parts.count - 1, of: source)
        let reader = try SegmentRowReader(source)
        guard reader.rowCount == description.eventCount else {
            throw SegmentError(.inconsistent, "\(reader.rowCount) rows, the manifest says \(description.eventCount)")
        }
        state.withLock { $0.reader = reader }
        cache.used(self)
        return reader
    }

    /// Lets go of the opened file and what was read of it.
    func forget() {
        state.withLock { $0.reader = nil }
    }

    /// What an error of the format means for the segment.
    func failed(_ error: SegmentError) -> StoreError {
        guard error.code != .unreadable else { return StoreError(.inputOutput, "\(path): \(error)", path: path) }
        let damage = StoreError(
            .damaged,
            "segment \(description.name) is damaged and set aside: \(error)",
            path: path,
            byteOffset: error.context.byteOffset
        )
        state.withLock { state in
            state.damage = damage
            state.reader = nil
        }
        return damage
    }

    // MARK: - Checking

    /// Reads all bytes and compares them with the manifest; a segment that was set aside and is whole again is taken back.
    ///
    /// - Parameter progress: is told of bytes as they were checked.
    /// - Throws: `damaged`, and the segment is set aside; `inputOutput`.
    package func check(_ progress: (Int) -> Void = { _ in }) throws(StoreError) {
        do throws(SegmentError) {
            let source = try SegmentFileSource(path, in: fileSystem)
            guard source.byteCount == description.byteCount else {
                throw SegmentError(.truncated, "\(source.byteCount) bytes, the manifest says \(description.byteCount)")
            }
            for part in description.parts.indices { progress(try check(part: part, of: source)) }
        } catch {
            throw failed(error)
        }
        state.withLock { $0.damage = nil }
    }

    /// Most bytes that are held while a part is checked.
    private static let checkedByteCount = 1 << 20

    /// - Returns: bytes of the part.
    @discardableResult
    private func check(part: Int, of source: SegmentFileSource) throws(SegmentError) -> Int {
        let start = part == 0 ? 0 : description.parts[part - 1].endOffset
        let end = description.parts[part].endOffset
        var checksum: UInt32 = 0
        for offset in stride(from: start, to: end, by: Self.checkedByteCount) {
            let bytes = try source.bytes(offset..<min(end, offset + Self.checkedByteCount))
            checksum = CRC32C.checksum(bytes.span.bytes, continuing: checksum)
        }
        guard checksum == description.parts[part].checksum else {
            throw SegmentError(
                .checksumMismatch,
                "bytes \(start) to \(end) are not what was written",
                .init(byteOffset: start)
            )
        }
        return end - start
    }
}

/// Counts bytes, from any thread.
///
/// `Atomic`: the count.
final class ByteCounter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ byteCount: Int) { count.wrappingAdd(byteCount, ordering: .relaxed) }
}

/// A segment's file as the reader of the format sees it.
package struct SegmentFileSource: ParquetByteSource, Sendable {
    private let file: any DurableFile
    private let readBytes: ByteCounter?
    package let byteCount: Int

    init(_ path: FilePath, in fileSystem: any FileSystem, _ readBytes: ByteCounter? = nil) throws(SegmentError) {
        self.readBytes = readBytes
        do {
            file = try fileSystem.openForReading(path)
            byteCount = try file.byteCount()
        } catch {
            // A file that is gone is damage; one that can't be read now may be read later.
            throw SegmentError(error.code == .notFound ? .truncated : .unreadable, error.message)
        }
    }

    package func bytes(_ range: Range<Int>) throws(SegmentError) -> [UInt8] {
        readBytes?.add(range.count)
        guard range.lowerBound >= 0, range.upperBound <= byteCount else {
            throw SegmentError(.unreadable, "bytes \(range) of \(byteCount)", .init(byteOffset: range.lowerBound))
        }
        let bytes: [UInt8]
        do {
            bytes = try file.bytes(in: range)
        } catch {
            throw SegmentError(.unreadable, error.message, .init(byteOffset: range.lowerBound))
        }
        guard bytes.count == range.count else {
            throw SegmentError(
                .truncated,
                "\(bytes.count) bytes of \(range.count)",
                .init(byteOffset: range.lowerBound)
            )
        }
        return bytes
    }
}

/// Keeps the segments that were read last open, with what was read of them, so that it is not read again for every query.
///
/// `Mutex`: owns the order of use. Never held while a segment is read.
final class SegmentCache: Sendable {
    private struct Recent {
        let segment: SealedSegment
        var byteCount: Int
    }

    private let maximumCount: Int
    private let maximumByteCount: Int
    private let recent = Mutex<[Recent]>([])

    /// - Parameters:
    ///   - maximumCount: segments that are kept open at most.
    ///   - maximumByteCount: bytes that all of them keep together, about; what was used last may keep more.
    init(maximumCount: Int, maximumByteCount: Int) {
        self.maximumCount = maximumCount
        self.maximumByteCount = maximumByteCount
    }

    /// Notes that a segment was used, and how much it keeps now if that is known; lets go of those that were used longest ago.
    func used(_ segment: SealedSegment, byteCount: Int? = nil) {
        let oldest: [SealedSegment] = recent.withLock { recent in
            var own = Recent(segment: segment, byteCount: 0)
            if let place = recent.lastIndex(where: { $0.segment === segment }) { own = recent.remove(at: place) }
            if let byteCount { own.byteCount = byteCount }
            recent.append(own)
            var total = recent.reduce(0) { $0 + $1.byteCount }
            var oldest: [SealedSegment] = []
            while recent.count > 1, recent.count > maximumCount || total > maximumByteCount {
                let first = recent.removeFirst()
                total -= first.byteCount
                oldest.append(first.segment)
            }
            return oldest
        }
        for segment in oldest { segment.forget() }
    }

    /// Lets go of a segment that is no longer part of the log.
    func remove(_ segment: SealedSegment) {
        recent.withLock { $0.removeAll { $0.segment === segment } }
        segment.forget()
    }
}

extension EventRun {
    /// Rows of a segment.
    init(_ events: AssembledRows, _ labels: SegmentRows) {
        var groups: [Group] = []
        var place = 0
        for run in labels.runs {
            groups.append(Group(places: place..<place + run.rowCount, labels: Labels(run)))
            place += run.rowCount
        }
        self.init(
            firstIndex: labels.firstIndex,
            bytes: events.bytes,
            ranges: (0..<events.count).map { events.range(of: $0) },
            groups: groups,
            flags: Dictionary(uniqueKeysWithValues: labels.flags.map { ($0.row, EventFlags(rawValue: $0.flags)) })
        )
    }
}

extension EventRun.Labels {
    init(_ run: SegmentRows.Run) {
        self.init(
            received: run.received,
            stream: run.stream == LogStream.system.name ? .system : .audit,
            submitter: run.submitter,
            source: run.origin,
            position: run.position
        )
    }
}
