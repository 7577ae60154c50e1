// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Reads some rows of a segment: only the pages that have them, of the columns that they have.
///
/// What many reads need is kept once it was read: the shapes of the rows, dictionaries, where the pages are, and the values
/// of pages, so that rows beside each other cost little. Whoever has many readers bounds their memory by letting go of some.
///
/// For any number of threads at once. The lock is held while rows' shapes and dictionaries are read, not while pages are;
/// it is the only one and nothing is called with it but the source.
package final class SegmentRowReader<Source: ParquetByteSource & Sendable>: Sendable {
    /// The file and the shapes, for reading whole columns.
    package let segment: SegmentReader<Source>
    private let steps: AssemblySteps
    private let held: Mutex<SegmentRowState>

    /// Reads the footer and the shapes.
    ///
    /// - Throws: what `SegmentReader` throws.
    package convenience init(_ source: Source) throws(SegmentError) {
        self.init(try SegmentReader(source))
    }

    package init(_ segment: SegmentReader<Source>) {
        self.segment = segment
        steps = AssemblySteps(segment.shapes)
        held = Mutex(SegmentRowState(segment.shapes))
    }

    package var file: ParquetReader<Source> { segment.file }

    /// Number of events.
    package var rowCount: Int { Int(file.metadata.rowGroups[0].rowCount) }

    package var shapes: ShapeTable { steps.shapes }

    /// Bytes of memory that are kept between reads, without the footer and the table of shapes.
    package var heldByteCount: Int { held.withLock { $0.byteCount } }

    // MARK: - Events

    /// The events of some rows.
    ///
    /// - Throws: `invalidArgument` for rows that are not there; whatever is wrong with a page.
    package func events(
        _ rows: Range<Int>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> AssembledRows {
        var events = AssembledRows()
        try append(rows, to: &events, using: decompressor)
        return events
    }

    /// Appends the events of some rows; with memory that was used before this is faster.
    ///
    /// - Throws: as `events`, and then some of the events may have been appended.
    package func append(
        _ rows: Range<Int>,
        to events: inout AssembledRows,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) {
        try check(rows)
        for run in try runs(of: rows, using: decompressor) { try append(run: run, to: &events, using: decompressor) }
    }

    /// Appends the events of rows of one page.
    private func append(
        run rows: Range<Int>,
        to events: inout AssembledRows,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) {
        var loan = try held.withLock { held throws(SegmentError) in
            try held.lend(rows, of: file, using: decompressor)
        }
        if loan.isIncomplete {
            try loan.values.load(rows, of: loan.columns, loan.presence, from: file, using: decompressor)
        }
        var columns = loan.values.columns
        columns.dictionaries = loan.dictionaries
        let assembler = SegmentAssembler(steps, columns, shapesInUse: loan.shapes)
        var places = loan.values.places(loan.presence.places(ofRow: rows.lowerBound))
        try assembler.assemble(loan.presence.rowShapes.span.extracting(rows), places: &places, into: &events)
        if loan.isIncomplete {
            let loan = loan
            held.withLock { $0.take(loan) }
        }
    }

    // MARK: - Labels

    /// What the log knows of some rows; places in `flags` count from the first of them.
    ///
    /// - Throws: `invalidArgument` for rows that are not there; whatever is wrong with a page.
    package func labels(
        _ rows: Range<Int>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> SegmentRows {
        try check(rows)
        var labels: SegmentRows?
        for run in try runs(of: rows, using: decompressor) {
            let part = try held.withLock { held throws(SegmentError) in
                try held.labels(run, of: file, using: decompressor)
            }
            guard let before = labels else {
                labels = part
                continue
            }
            guard part.firstIndex == before.firstIndex &+ UInt64(before.rowCount) else {
                throw SegmentError(.inconsistent, "index \(part.firstIndex) in row \(run.lowerBound)")
            }
            labels?.append(part)
        }
        return labels ?? SegmentRows(firstIndex: 0, runs: [])
    }

    // MARK: - Rows

    private func check(_ rows: Range<Int>) throws(SegmentError) {
        guard rows.lowerBound >= 0, rows.upperBound <= rowCount else {
            throw SegmentError(.invalidArgument, "rows \(rows) of \(rowCount)")
        }
    }

    /// Cuts rows where pages are cut, so that the values of one run of pages are in memory at a time.
    private func runs(
        of rows: Range<Int>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> [Range<Int>] {
        guard !rows.isEmpty else { return [] }
        let pages = try held.withLock { held throws(SegmentError) in try held.pagesOfShapes(file) }
        return pages.pages(of: rows).map { pages.rows(ofPages: $0..<$0 + 1).clamped(to: rows) }
    }
}
