// SPDX-License-Identifier: Apache-2.0

/// The columns of a segment's file that say what the log knows of each row, opened.
struct SegmentLabelColumns: Sendable {
    private let index: PagedColumn
    private let received: PagedColumn
    private let flags: PagedColumn
    let stream: SegmentLabelColumn
    let submitter: SegmentLabelColumn
    let origin: SegmentLabelColumn
    let position: SegmentLabelColumn

    /// - Throws: `inconsistent` when one is not there; whatever is wrong with a dictionary.
    init<Source>(
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) {
        index = try Self.column(SegmentColumns.index, of: file)
        received = try Self.column(SegmentColumns.received, of: file)
        flags = try Self.column(SegmentColumns.flags, of: file)
        stream = try Self.label(SegmentColumns.stream, of: file, using: decompressor)
        submitter = try Self.label(SegmentColumns.submitter, of: file, using: decompressor)
        origin = try Self.label(SegmentColumns.origin, of: file, using: decompressor)
        position = try Self.label(SegmentColumns.position, of: file, using: decompressor)
    }

    private static func column<Source>(
        _ name: String,
        of file: ParquetReader<Source>
    ) throws(SegmentError) -> PagedColumn {
        guard let number = file.index(ofColumn: name) else {
            throw SegmentError(.inconsistent, "the segment lacks a column of the log", .init(column: name))
        }
        return try PagedColumn(number, of: file)
    }

    private static func label<Source>(
        _ name: String,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> SegmentLabelColumn {
        try SegmentLabelColumn(column(name, of: file), of: file, using: decompressor)
    }

    /// The labels of some rows, at least one.
    ///
    /// - Throws: `inconsistent` when indices have a gap or a row has no label; whatever is wrong with a page.
    func read<Source>(
        _ rows: Range<Int>,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> SegmentRows {
        let indices = try index.integers(rows, of: file, using: decompressor)
        let flags = try flags.integers(rows, of: file, using: decompressor)
        try Self.check(indices, rows)
        var labels = SegmentRows(firstIndex: UInt64(bitPattern: indices[0]), runs: [])
        for row in 0..<rows.count where flags[row] != 0 {
            labels.flags.append(.init(row: row, flags: UInt32(truncatingIfNeeded: flags[row])))
        }
        for run in try codedRuns(rows, of: file, using: decompressor) {
            labels.runs.append(
                SegmentRows.Run(
                    rowCount: run.rows.count,
                    received: run.received,
                    stream: stream.text(run.stream),
                    submitter: submitter.text(run.submitter),
                    origin: origin.text(run.origin),
                    position: position.bytes(run.position)
                )
            )
        }
        return labels
    }

    /// The same without texts and flags, and without looking at indices: rows that share their labels, by codes.
    ///
    /// - Throws: `inconsistent` when a row has no label; whatever is wrong with a page.
    func codedRuns<Source>(
        _ rows: Range<Int>,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> [SegmentLabelRun] {
        let received = try received.integers(rows, of: file, using: decompressor)
        let stream = try stream.codes(rows, of: file, using: decompressor)
        let submitter = try submitter.codes(rows, of: file, using: decompressor)
        let origin = try origin.codes(rows, of: file, using: decompressor)
        let position = try position.codes(rows, of: file, using: decompressor)
        var runs: [SegmentLabelRun] = []
        var start = 0
        for row in 0..<rows.count {
            let next = row + 1
            if next < rows.count, received[row] == received[next], stream[row] == stream[next],
                submitter[row] == submitter[next], origin[row] == origin[next], position[row] == position[next]
            {
                continue
            }
            runs.append(
                SegmentLabelRun(
                    rows: rows.lowerBound + start..<rows.lowerBound + next,
                    received: received[row],
                    stream: stream[row],
                    submitter: submitter[row],
                    origin: origin[row],
                    position: position[row]
                )
            )
            start = next
        }
        return runs
    }

    /// Indices have no gap.
    private static func check(_ indices: [Int64], _ rows: Range<Int>) throws(SegmentError) {
        for (row, index) in indices.enumerated() where index != indices[0] &+ Int64(row) {
            throw SegmentError(
                .inconsistent,
                "index \(index) in row \(rows.lowerBound + row)",
                .init(column: SegmentColumns.index)
            )
        }
    }
}

/// A label's column: all it can say in memory, and a code for each row.
struct SegmentLabelColumn: Sendable {
    private let paged: PagedColumn
    let entries: ByteArrays

    init<Source>(
        _ column: PagedColumn,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) {
        var column = column
        guard case .byteArrays(let entries) = try column.readDictionary(of: file, using: decompressor) else {
            throw SegmentError(.inconsistent, "labels without a dictionary", .init(column: column.name))
        }
        self.entries = entries
        paged = column
    }

    func bytes(_ code: UInt32) -> [UInt8] { entries.value(Int(code)) }

    func text(_ code: UInt32) -> String { String(decoding: bytes(code), as: UTF8.self) }

    /// A code for each row, every one with an entry.
    func codes<Source>(
        _ rows: Range<Int>,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> [UInt32] {
        var codes: [UInt32] = []
        for part in try paged.read(paged.pages(of: rows), of: file, using: decompressor) { codes += part.codes ?? [] }
        guard codes.allSatisfy({ $0 < entries.count }) else {
            throw SegmentError(.inconsistent, "a code has no entry", .init(column: paged.name))
        }
        return try paged.cut(codes, to: rows)
    }
}

extension PagedColumn {
    /// The numbers of some rows of a column that has one in every row.
    fileprivate func integers<Source>(
        _ rows: Range<Int>,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> [Int64] {
        var integers: [Int64] = []
        for part in try read(pages(of: rows), of: file, using: decompressor) {
            switch part.values {
            case .int64(let values): integers += values
            case .int32(let values): integers += values.map(Int64.init)
            case .booleans, .byteArrays, .fixed: break
            }
        }
        return try cut(integers, to: rows)
    }

    /// What some rows have of the values of their pages, with places from 0.
    fileprivate func cut<Value>(_ values: [Value], to rows: Range<Int>) throws(SegmentError) -> [Value] {
        let all = self.rows(ofPages: pages(of: rows))
        guard values.count == all.count else {
            throw SegmentError(.inconsistent, "\(values.count) values in \(all.count) rows", .init(column: name))
        }
        return Array(values[rows.lowerBound - all.lowerBound..<rows.upperBound - all.lowerBound])
    }
}
