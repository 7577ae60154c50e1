// SPDX-License-Identifier: Apache-2.0

import AuditStore
import JournalFormat
import ManifestFormat
import SegmentFormat
import Synchronization

/// What queries keep of a segment in memory: columns, times, and sections of its index.
///
/// Everything is read when it is asked for first. For any number of threads at once; what two read at the same time is read
/// twice, and one of them is kept.
///
/// `Mutex`: owns what is kept.
final class SegmentView: Sendable {
    typealias Fields = SegmentFields<SegmentFileSource>

    let segment: SealedSegment
    private let kept = Mutex(Kept())

    private struct Kept {
        var fields: Fields?
        var columns: [ExactText: FieldColumn] = [:]
        var values: [Int: ShreddedColumn] = [:]
        var times: SegmentTimes?
        var labels: SegmentRows?
        var isIndexRead = false
        var index: SegmentIndex<SegmentFileSource>?
        var ids: IndexedIDs?
        var words: IndexedText?
        /// Single events, or a few beside each other, that were put together; by their rows.
        var runs: [Range<Int>: EventRun] = [:]
        var runByteCount = 0
        var byteCount = 0
    }

    /// The words of a segment's texts, and which column of the shapes each of the index's columns is.
    struct IndexedText: Sendable {
        let columns: IndexedColumns
        let words: IndexedWords
        /// Places in `columns` of those whose words are there.
        let covered: Set<Int>

        var byteCount: Int { columns.byteCount + words.byteCount }
    }

    init(_ segment: SealedSegment) {
        self.segment = segment
    }

    var rowCount: Int { segment.description.eventCount }

    /// Makes sure that the segment's file was there once and is not set aside: a query that the manifest or the index could
    /// answer must not answer for events that nobody can read.
    ///
    /// - Throws: `damaged`, `inputOutput`.
    func open(_ explanation: inout QueryExplanation) throws(StoreError) {
        if let damage = segment.damage { throw damage }
        _ = try fields(&explanation)
    }

    /// Bytes of memory.
    var byteCount: Int { kept.withLock { $0.byteCount } }

    // MARK: - Columns

    /// The segment's columns, opened.
    func fields(_ explanation: inout QueryExplanation) throws(StoreError) -> Fields {
        try kept(\.fields, size: \.byteCount, &explanation) { reader, decompressor throws(SegmentError) in
            try SegmentFields(reader.segment, using: decompressor)
        }
    }

    /// What a field is in each row.
    func column(_ question: FieldQuestion, _ explanation: inout QueryExplanation) throws(StoreError) -> FieldColumn {
        let fields = try fields(&explanation)
        let name = ExactText(question.name)
        return try kept(\.columns[name], size: \.byteCount, &explanation) { _, decompressor throws(SegmentError) in
            try fields.column(question, using: decompressor)
        }
    }

    /// Whether a field's column is in memory.
    func hasColumn(_ question: FieldQuestion) -> Bool { kept.withLock { $0.columns[ExactText(question.name)] != nil } }

    /// The values of a column of the shapes.
    func values(ofColumn number: Int, _ explanation: inout QueryExplanation) throws(StoreError) -> ShreddedColumn {
        let fields = try fields(&explanation)
        return try kept(\.values[number], size: \.byteCount, &explanation) { _, decompressor throws(SegmentError) in
            try fields.values(ofColumn: number, using: decompressor)
        }
    }

    /// The time of each row.
    func times(_ explanation: inout QueryExplanation) throws(StoreError) -> SegmentTimes {
        let fields = try fields(&explanation)
        return try kept(\.times, size: \.byteCount, &explanation) { reader, decompressor throws(SegmentError) in
            try fields.times(using: decompressor) { () throws(SegmentError) in
                let labels = try reader.labels(0..<reader.rowCount, using: decompressor)
                return labels.runs.flatMap { Array(repeating: $0.received, count: $0.rowCount) }
            }
        }
    }

    /// What the log knows of the rows, in runs.
    func labels(_ explanation: inout QueryExplanation) throws(StoreError) -> SegmentRows {
        try kept(\.labels, size: \.estimatedByteCount, &explanation) { reader, decompressor throws(SegmentError) in
            try reader.labels(0..<reader.rowCount, using: decompressor)
        }
    }

    /// Rows of the stream that came in.
    func auditRows(_ explanation: inout QueryExplanation) throws(StoreError) -> RowSet {
        let streams = segment.description.streams
        if streams == [.audit] { return .all }
        guard streams.contains(.audit) else { return .none }
        let labels = try labels(&explanation)
        var rows: [Int] = []
        var row = 0
        for run in labels.runs {
            if run.stream == LogStream.audit.name { rows += row..<row + run.rowCount }
            row += run.rowCount
        }
        return RowSet(rows: rows, rowCount: rowCount)
    }

    // MARK: - Index

    /// The index; nil when there is none that can be used.
    private func index() -> SegmentIndex<SegmentFileSource>? {
        let (isRead, index) = kept.withLock { ($0.isIndexRead, $0.index) }
        guard !isRead else { return index }
        let read = segment.index()
        kept.withLock { kept in
            kept.isIndexRead = true
            kept.index = read
        }
        return read
    }

    /// Rows by id; nil when there is no index.
    func ids(_ explanation: inout QueryExplanation) -> IndexedIDs? {
        if let ids = kept.withLock({ $0.ids }) { return ids }
        let before = segment.readByteCount
        let decompressor = ZstdDecompressor()
        guard let index = index(), let ids = try? index.ids(using: decompressor) else { return nil }
        explanation.columnsLoaded += 1
        explanation.bytesRead += segment.readByteCount - before
        keep(ids, \.ids, \.byteCount)
        return ids
    }

    /// Entries by word; nil when there is no index.
    func words(_ explanation: inout QueryExplanation) -> IndexedText? {
        if let words = kept.withLock({ $0.words }) { return words }
        let before = segment.readByteCount
        let decompressor = ZstdDecompressor()
        guard let index = index(), let columns = try? index.columns(using: decompressor),
            let words = try? index.words(of: columns, using: decompressor)
        else { return nil }
        explanation.columnsLoaded += 1
        explanation.bytesRead += segment.readByteCount - before
        let text = IndexedText(columns: columns, words: words, covered: Set(words.columns))
        keep(text, \.words, \.byteCount)
        return text
    }

    // MARK: - Events

    /// Rows of a run that is kept, at most.
    private static let keptRowCount = 8
    /// Bytes of events that are kept of one segment, at most.
    private static let keptRunByteCount = 1 << 20

    /// The events of some rows.
    ///
    /// Single events are kept: putting one together takes reading a page of each column, and who asked for it asks again.
    func events(_ rows: Range<Int>, _ explanation: inout QueryExplanation) throws(StoreError) -> EventRun {
        let isFew = rows.count <= Self.keptRowCount
        if isFew, let run = kept.withLock({ $0.runs[rows] }) { return run }
        let before = segment.readByteCount
        let run = try segment.events(rows)
        explanation.bytesRead += segment.readByteCount - before
        explanation.eventsRebuilt += run.count
        guard isFew, run.bytes.count <= Self.keptRunByteCount else { return run }
        let byteCount = run.bytes.count + 512
        kept.withLock { kept in
            if kept.runByteCount + byteCount > Self.keptRunByteCount {
                kept.byteCount -= kept.runByteCount
                (kept.runs, kept.runByteCount) = ([:], 0)
            }
            guard kept.runs.updateValue(run, forKey: rows) == nil else { return }
            kept.runByteCount += byteCount
            kept.byteCount += byteCount
        }
        return run
    }

    // MARK: - Reading

    /// What is kept in a place; read when it is not there yet.
    private func kept<Value: Sendable>(
        _ place: WritableKeyPath<Kept, Value?>,
        size: KeyPath<Value, Int>,
        _ explanation: inout QueryExplanation,
        _ read: (SegmentRowReader<SegmentFileSource>, ZstdDecompressor) throws(SegmentError) -> Value
    ) throws(StoreError) -> Value {
        if let known = kept.withLock({ $0[keyPath: place] }) { return known }
        let before = segment.readByteCount
        let value = try segment.read { reader throws(SegmentError) in try read(reader, ZstdDecompressor()) }
        explanation.columnsLoaded += 1
        explanation.bytesRead += segment.readByteCount - before
        keep(value, place, size)
        return value
    }

    private func keep<Value: Sendable>(
        _ value: Value,
        _ place: WritableKeyPath<Kept, Value?>,
        _ size: KeyPath<Value, Int>
    ) {
        kept.withLock { kept in
            guard kept[keyPath: place] == nil else { return }
            kept[keyPath: place] = value
            kept.byteCount += value[keyPath: size]
        }
    }
}

extension SegmentRows {
    /// Bytes of memory, about.
    fileprivate var estimatedByteCount: Int { runs.count * 128 }
}

/// The views of the segments that were asked about, within a bound of memory.
///
/// `Mutex`: owns the views.
final class SegmentViews: Sendable {
    private let maximumByteCount: Int
    private let views = Mutex<[String: SegmentView]>([:])

    init(maximumByteCount: Int) {
        self.maximumByteCount = maximumByteCount
    }

    /// The view of a segment.
    func view(of segment: SealedSegment) -> SegmentView {
        views.withLock { views in
            // A merged or restored segment may have the name of an earlier one.
            if let known = views[segment.description.name], known.segment === segment { return known }
            let view = SegmentView(segment)
            views[segment.description.name] = view
            return view
        }
    }

    /// Lets go of views when all together are too large; asked between segments of a query.
    func trim() {
        views.withLock { Self.trim(&$0, to: maximumByteCount) }
    }

    private static func trim(_ views: inout [String: SegmentView], to maximumByteCount: Int) {
        var total = views.values.reduce(0) { $0 + $1.byteCount }
        while total > maximumByteCount, let victim = views.randomElement() {
            total -= victim.value.byteCount
            views[victim.key] = nil
        }
    }

    /// Lets go of views of segments that are no longer part of the log.
    func forget(notIn current: [SealedSegment]) {
        let names = Set(current.map(\.description.name))
        views.withLock { views in views = views.filter { names.contains($0.key) } }
    }

    /// Lets go of views of segments that are no longer part of the log, and of others when all together are too large.
    ///
    /// Which ones is left to chance: when queries go over more segments than fit, one after the other, letting go of what
    /// was used longest ago would keep nothing that the next query needs.
    func trim(_ current: [SealedSegment]) {
        views.withLock { views in
            if views.count > current.count {
                let names = Set(current.map(\.description.name))
                views = views.filter { names.contains($0.key) }
            }
            Self.trim(&views, to: maximumByteCount)
        }
    }
}
