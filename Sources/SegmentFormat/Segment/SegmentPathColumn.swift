// SPDX-License-Identifier: Apache-2.0

/// A path's column of a segment's file, opened: its pages are known and its dictionary is laid out.
struct SegmentPathColumn: Sendable {
    private let paged: PagedColumn
    private let kind: ColumnKind
    /// Where the dictionary's entries stand; nil without a dictionary.
    private let dictionary: ColumnEntryPool.Place?

    /// Opens a column and adds its dictionary to the others.
    ///
    /// - Throws: `inconsistent` when the file does not have the column, or not of its kind; whatever is wrong with a page.
    init<Source>(
        _ column: ShapeTable.Column,
        of file: ParquetReader<Source>,
        dictionaries: inout ColumnEntryPool,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) {
        let name = SegmentColumns.name(ofPath: column.path)
        guard let number = file.index(ofColumn: name) else {
            throw SegmentError(.inconsistent, "a shape has values in a column that is not there", .init(column: name))
        }
        var paged = try PagedColumn(number, of: file)
        let entries = try paged.readDictionary(of: file, using: decompressor)
        do throws(SegmentError) {
            dictionary = try entries.map { entries throws(SegmentError) in
                try dictionaries.append([ColumnEntries(entries)], column.kind)
            }
        } catch {
            throw error.within(column: name)
        }
        self.paged = paged
        kind = column.kind
    }

    /// The rows of the pages that have some rows.
    func loadedRows(for rows: Range<Int>) -> Range<Int> {
        paged.rows(ofPages: paged.pages(of: rows))
    }

    /// Reads the pages that have some rows and sets their values.
    ///
    /// - Throws: `inconsistent` when the pages do not have as many values as the shapes of their rows ask for.
    func load<Source>(
        _ rows: Range<Int>,
        valueCount: Int,
        into columns: inout AssemblyColumns,
        at place: Int,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) {
        let parts = try paged.read(paged.pages(of: rows), of: file, using: decompressor)
        do throws(SegmentError) {
            if let dictionary {
                try columns.setCodes(try Self.codes(of: parts), of: place, dictionary)
            } else {
                var entries: [ColumnEntries] = []
                for part in parts { entries.append(try ColumnEntries(part.values)) }
                try columns.setValues(entries, of: place, kind)
            }
            let found = columns.columns[place].valueCount
            guard found == valueCount else {
                throw SegmentError(.inconsistent, "\(found) values, the shapes of the rows have \(valueCount)")
            }
        } catch {
            throw error.within(column: paged.name)
        }
    }

    private static func codes(of parts: [ParquetColumnData]) throws(SegmentError) -> [[UInt32]] {
        var codes: [[UInt32]] = []
        for part in parts {
            guard let found = part.codes else { throw SegmentError(.inconsistent, "a page without dictionary codes") }
            codes.append(found)
        }
        return codes
    }

    /// Bytes of memory.
    var byteCount: Int { paged.byteCount }
}
