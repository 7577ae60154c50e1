// SPDX-License-Identifier: Apache-2.0

/// Makes the section of columns and their statistics.
struct IndexedColumnsBuilder {
    private let rowCount: Int
    private var counter: EntryCounter
    private var columns: [Column] = []

    private struct Column {
        let name: String
        let hasDictionary: Bool
        let entryCount: Int
        let coding: RecordCoding
        let bits: [UInt8]
        /// The bytes of its texts; nil when its type does not tell.
        let byteSet: ByteSet?
        /// The column before it whose statistics are the same.
        let twin: Int?
    }

    init(rowCount: Int) {
        self.rowCount = rowCount
        counter = EntryCounter(rowCount: rowCount)
    }

    /// Counts a column; returns its number.
    ///
    /// - Throws: `inconsistent` when the codes are not those of the dictionary or the rows.
    mutating func add(_ column: ParquetColumn, _ data: ParquetColumnData) throws(SegmentError) -> Int {
        var writer = RecordWriter()
        var coding = RecordCoding()
        let present = PresenceCounter(data.presence, rowCount: rowCount)
        writer.append([present.record], blocks: present.blocks, .presence)
        let entryCount = data.codes == nil ? 0 : data.values.count
        if let codes = data.codes {
            if entryCount == 1, codes.count == present.record.count, codes.allSatisfy({ $0 == 0 }) {
                coding = RecordCoding(for: [present.record])
                writer.append([present.record], blocks: present.blocks, coding)
            } else {
                try counter.count(codes: codes, presence: data.presence, entryCount: entryCount)
                coding = RecordCoding(for: counter.records)
                writer.append(counter.records, blocks: counter.blocks, coding)
            }
        }
        let bits = writer.bits.bytes()
        let twin = columns.firstIndex { $0.entryCount == entryCount && $0.coding == coding && $0.bits == bits }
        columns.append(
            Column(
                name: column.name,
                hasDictionary: data.codes != nil,
                entryCount: entryCount,
                coding: coding,
                bits: twin == nil ? bits : [],
                byteSet: Self.byteSet(column, data.values),
                twin: twin
            )
        )
        return columns.count - 1
    }

    /// The bytes that the column's values print; nil when its type does not tell.
    private static func byteSet(_ column: ParquetColumn, _ values: ParquetValues) -> ByteSet? {
        switch (values, column.logicalType) {
        case (.byteArrays(let texts), .string), (.byteArrays(let texts), .json): ByteSet(texts.bytes.span)
        case (.fixed, .uuid): ByteSet(Array("0123456789abcdef-".utf8).span)
        case (.fixed, nil), (.byteArrays, nil): ByteSet(Array("0123456789abcdef".utf8).span)
        case (.int64, .integer): ByteSet(Array("0123456789-".utf8).span)
        default: nil
        }
    }

    /// The section's bytes.
    func finish() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendVarint(UInt64(columns.count))
        for column in columns { append(column, to: &bytes) }
        for column in columns { bytes += column.bits }
        return bytes
    }

    private func append(_ column: Column, to bytes: inout [UInt8]) {
        let name = Array(column.name.utf8)
        bytes.appendVarint(UInt64(name.count))
        bytes += name
        var flags: IndexedColumnFlags = []
        if column.hasDictionary { flags.insert(.hasDictionary) }
        if column.coding.isAscending { flags.insert(.isAscending) }
        if column.coding.minimumCount > 0 { flags.insert(.isAlwaysUsed) }
        if column.twin != nil { flags.insert(.isShared) }
        if column.byteSet != nil { flags.insert(.hasByteSet) }
        bytes.append(flags.rawValue)
        bytes.appendVarint(UInt64(column.entryCount))
        if let twin = column.twin {
            bytes.appendVarint(UInt64(twin))
        } else {
            bytes += [column.coding.countOrder, column.coding.firstOrder, column.coding.spanOrder].map(UInt8.init)
            bytes.appendVarint(UInt64(column.bits.count))
        }
        if let byteSet = column.byteSet { bytes += byteSet.encoded }
    }
}
