// SPDX-License-Identifier: Apache-2.0

/// Values of a segment's columns, all of them or those of some rows, as the assembler's loop wants them.
///
/// What has codes stands in `dictionaries`, what has none in `values`: dictionaries are laid out once and serve any rows.
/// All numbers are checked when a column is set; the loop relies on it.
struct AssemblyColumns: Sendable {
    /// Where a value's entry is found.
    enum Coding: UInt8, BitwiseCopyable {
        case direct
        case narrow
        case wide
    }

    struct Column: BitwiseCopyable {
        var coding = Coding.direct
        /// First of the column's codes.
        var firstCode = 0
        var valueCount = 0
        var entries = ColumnEntryPool.Place()
    }

    private(set) var columns: [Column]
    private(set) var narrowCodes: [UInt16] = []
    private(set) var wideCodes: [UInt32] = []
    private(set) var values = ColumnEntryPool()
    var dictionaries = ColumnEntryPool()

    /// Columns without values.
    init(count: Int) {
        columns = Array(repeating: Column(), count: count)
    }

    /// All values of a segment.
    ///
    /// - Throws: `inconsistent` when columns and shapes do not fit, or a column contradicts itself.
    init(_ shapes: ShapeTable, _ source: [ShreddedColumn]) throws(SegmentError) {
        guard source.count == shapes.columns.count else {
            throw SegmentError(.inconsistent, "\(source.count) columns, the shapes know \(shapes.columns.count)")
        }
        self.init(count: source.count)
        for (number, column) in source.enumerated() {
            guard column.kind == shapes.columns[number].kind else {
                throw SegmentError(.inconsistent, "column \(number) has not the kind that the shapes say")
            }
            do {
                switch column.codes {
                case .narrow(let codes): try setNarrowCodes(codes, of: number, try addDictionary(column))
                case .wide(let codes): try setCodes([codes], of: number, try addDictionary(column))
                case nil: try setValues([column.entries], of: number, column.kind)
                }
            } catch {
                throw error.within(column: column.path)
            }
        }
    }

    private mutating func addDictionary(_ column: ShreddedColumn) throws(SegmentError) -> ColumnEntryPool.Place {
        try dictionaries.append([column.entries], column.kind)
    }

    /// Bytes of memory, dictionaries not counted.
    var byteCount: Int {
        narrowCodes.capacity * MemoryLayout<UInt16>.stride + wideCodes.capacity * MemoryLayout<UInt32>.stride
            + values.byteCount
    }

    /// Forgets all values and keeps the memory.
    mutating func removeAll() {
        for column in columns.indices { columns[column] = Column() }
        narrowCodes.removeAll(keepingCapacity: true)
        wideCodes.removeAll(keepingCapacity: true)
        values.removeAll()
    }

    /// Gives a column values that have no dictionary, in parts that follow each other.
    mutating func setValues(_ parts: [ColumnEntries], of column: Int, _ kind: ColumnKind) throws(SegmentError) {
        let entries = try values.append(parts, kind)
        columns[column] = Column(valueCount: entries.count, entries: entries)
    }

    /// Gives a column codes, in parts that follow each other.
    mutating func setCodes(
        _ parts: [[UInt32]],
        of column: Int,
        _ entries: ColumnEntryPool.Place
    ) throws(SegmentError) {
        if entries.count <= 1 << 16 {
            // Half the memory, of which pages that are kept take the most.
            var narrow: [UInt16] = []
            for codes in parts {
                guard Self.greatest(codes) < entries.count else { throw Self.noEntry }
                narrow.append(contentsOf: codes.lazy.map { UInt16(truncatingIfNeeded: $0) })
            }
            return try setNarrowCodes(narrow, of: column, entries)
        }
        let first = wideCodes.count
        for codes in parts {
            guard Self.greatest(codes) < entries.count else { throw Self.noEntry }
            wideCodes.append(contentsOf: codes)
        }
        columns[column] = Column(
            coding: .wide,
            firstCode: first,
            valueCount: wideCodes.count - first,
            entries: entries
        )
    }

    private mutating func setNarrowCodes(
        _ codes: [UInt16],
        of column: Int,
        _ entries: ColumnEntryPool.Place
    ) throws(SegmentError) {
        guard Self.greatest(codes) < entries.count else { throw Self.noEntry }
        columns[column] = Column(
            coding: .narrow,
            firstCode: narrowCodes.count,
            valueCount: codes.count,
            entries: entries
        )
        narrowCodes.append(contentsOf: codes)
    }

    private static var noEntry: SegmentError { SegmentError(.inconsistent, "a code has no entry") }

    /// The greatest code, or -1; a loop that the compiler turns into vector instructions.
    private static func greatest<Code: FixedWidthInteger & UnsignedInteger>(_ codes: [Code]) -> Int {
        guard !codes.isEmpty else { return -1 }
        var greatest: Code = 0
        for code in codes { greatest = max(greatest, code) }
        return Int(greatest)
    }
}
