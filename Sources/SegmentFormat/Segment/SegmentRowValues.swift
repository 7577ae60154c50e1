// SPDX-License-Identifier: Apache-2.0

/// The values of the pages that were read last, of some columns.
///
/// Each column has the values of one run of its pages, not all the same run: byte arrays may be cut more often.
struct SegmentRowValues: Sendable {
    private struct Loaded {
        let rows: Range<Int>
        /// How many values the rows before have.
        let firstPlace: UInt32
    }

    private(set) var columns: AssemblyColumns
    private var loaded: [Loaded?]

    init(columnCount: Int) {
        columns = AssemblyColumns(count: columnCount)
        loaded = Array(repeating: nil, count: columnCount)
    }

    /// Whether the values of these columns in these rows are all here.
    func cover(_ rows: Range<Int>, of needed: [Int]) -> Bool {
        needed.allSatisfy { loaded[$0].map { $0.rows.contains(rows) } ?? false }
    }

    /// Reads what is missing of some columns in some rows.
    ///
    /// - Parameters:
    ///   - rows: at least one.
    ///   - needed: columns by their numbers in the table of shapes, with how each is read.
    ///   - presence: the shapes of all rows.
    ///   - file: where the pages are.
    ///   - decompressor: not used by anybody else meanwhile.
    /// - Throws: whatever is wrong with a page; these values are then of no more use.
    mutating func load<Source>(
        _ rows: Range<Int>,
        of needed: [(number: Int, column: SegmentPathColumn)],
        _ presence: PresenceIndex,
        from file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) {
        // A column has one run of pages; those of other rows would only take room.
        if needed.contains(where: { loaded[$0.number].map { !$0.rows.contains(rows) } ?? false }) { removeAll() }
        var places = PlacesOfRows(presence)
        for (number, column) in needed where loaded[number] == nil {
            let range = column.loadedRows(for: rows)
            let first = places.places(ofRow: range.lowerBound)[number]
            let end = places.places(ofRow: range.upperBound)[number]
            try column.load(
                range,
                valueCount: Int(end - first),
                into: &columns,
                at: number,
                of: file,
                using: decompressor
            )
            loaded[number] = Loaded(rows: range, firstPlace: first)
        }
    }

    /// For each column the place of a row's first value among those that are here, from its place in the segment.
    func places(_ segmentPlaces: [UInt32]) -> [UInt32] {
        // Nobody looks at columns that the rows do not have.
        zip(segmentPlaces, loaded).map { place, loaded in
            loaded.map { place >= $0.firstPlace ? place - $0.firstPlace : .max } ?? .max
        }
    }

    private mutating func removeAll() {
        columns.removeAll()
        for number in loaded.indices { loaded[number] = nil }
    }

    /// Bytes of memory.
    var byteCount: Int { columns.byteCount }
}

/// The places of the few rows that pages begin with.
private struct PlacesOfRows {
    private let presence: PresenceIndex
    private var known: [Int: [UInt32]] = [:]

    init(_ presence: PresenceIndex) {
        self.presence = presence
    }

    mutating func places(ofRow row: Int) -> [UInt32] {
        if let places = known[row] { return places }
        let places = presence.places(ofRow: row)
        known[row] = places
        return places
    }
}
