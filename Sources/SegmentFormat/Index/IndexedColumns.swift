// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The columns of a segment and what is counted of each.
package struct IndexedColumns: Sendable {
    /// A column, by its name in the file.
    package struct Column: Sendable {
        package let name: String
        /// Whether there are statistics of each entry of its dictionary, or of all its values only.
        package let hasDictionary: Bool
        package let entryCount: Int

        let coding: RecordCoding
        /// Of the section.
        var bits: Range<Int>
        let byteSet: ByteSet?

        /// Whether a value of the column, or an entry of its dictionary, could have this text in it, ASCII letters in
        /// either case.
        ///
        /// Always true of columns whose type does not tell what they print, such as times.
        package func mayContain(_ text: some Sequence<UInt8>) -> Bool {
            byteSet?.containsAll(of: text) ?? true
        }
    }

    /// In the order of the file.
    package let columns: [Column]

    private let bytes: [UInt8]
    private let rowCount: Int

    /// Bytes of memory, about.
    package var byteCount: Int { bytes.count + columns.count * 160 }

    /// The place of a column in `columns`; nil when the segment has no such column.
    package func index(of name: String) -> Int? {
        columns.firstIndex { $0.name == name }
    }

    /// Decodes the statistics of a column; its place must be one of `columns`.
    ///
    /// Takes about 20 ns an entry, so the caller keeps them.
    ///
    /// - Throws: `truncated`, `inconsistent`.
    package func statistics(ofColumn number: Int) throws(SegmentError) -> EntryStatistics {
        let column = columns[number]
        do throws(SegmentError) {
            return try EntryStatistics(
                Array(bytes[column.bits]),
                column.coding,
                entryCount: column.entryCount,
                rowCount: rowCount
            )
        } catch {
            throw error.within(column: column.name, startingAt: column.bits.lowerBound)
        }
    }

    // MARK: - Reading

    /// Reads the list of columns; what is counted stays as it is.
    ///
    /// - Throws: `truncated`, `inconsistent`.
    init(_ bytes: [UInt8], rowCount: Int) throws(SegmentError) {
        self.bytes = bytes
        self.rowCount = rowCount
        let raw = unsafe bytes.span.bytes
        var offset = 0
        let count = try raw.count(at: &offset, upTo: min(bytes.count, ParquetLimits.maximumColumnCount), "columns")
        var columns: [Column] = []
        var end = 0
        for _ in 0..<count { columns.append(try Self.column(raw, at: &offset, columns, bitsEnd: &end)) }
        guard end == bytes.count - offset else {
            throw SegmentError(.inconsistent, "\(end) bytes of statistics in \(bytes.count - offset)")
        }
        for number in columns.indices {
            let bits = columns[number].bits
            columns[number].bits = bits.lowerBound + offset..<bits.upperBound + offset
        }
        self.columns = columns
    }

    private static func column(
        _ bytes: RawSpan,
        at offset: inout Int,
        _ earlier: [Column],
        bitsEnd: inout Int
    ) throws(SegmentError) -> Column {
        let nameCount = try bytes.count(at: &offset, upTo: bytes.byteCount, "bytes of a name")
        guard offset + nameCount + 1 <= bytes.byteCount else { throw truncated(offset) }
        let name = unsafe bytes.extracting(offset..<offset + nameCount).withUnsafeBytes {
            // SAFETY: copied inside the closure.
            unsafe String(decoding: $0, as: UTF8.self)
        }
        offset += nameCount
        let flags = IndexedColumnFlags(rawValue: bytes.byte(at: offset))
        offset += 1
        let entryCount = try bytes.count(at: &offset, upTo: .max / 8, "entries")
        let (coding, bits): (RecordCoding, Range<Int>)
        if flags.contains(.isShared) {
            let number = try bytes.count(at: &offset, upTo: earlier.count - 1, "as the number of an earlier column")
            guard entryCount == earlier[number].entryCount else {
                throw SegmentError(.inconsistent, "\(entryCount) entries", .init(byteOffset: offset, column: name))
            }
            (coding, bits) = (earlier[number].coding, earlier[number].bits)
        } else {
            coding = try readCoding(bytes, at: &offset, flags)
            let bitsCount = try bytes.count(at: &offset, upTo: bytes.byteCount - bitsEnd, "bytes of statistics")
            // An entry has a bit or more.
            guard entryCount <= bitsCount * 8 else {
                throw SegmentError(.inconsistent, "\(entryCount) entries in \(bitsCount) bytes", .init(column: name))
            }
            bits = bitsEnd..<bitsEnd + bitsCount
            bitsEnd += bitsCount
        }
        return Column(
            name: name,
            hasDictionary: flags.contains(.hasDictionary),
            entryCount: entryCount,
            coding: coding,
            bits: bits,
            byteSet: flags.contains(.hasByteSet) ? try readByteSet(bytes, at: &offset) : nil
        )
    }

    private static func readByteSet(_ bytes: RawSpan, at offset: inout Int) throws(SegmentError) -> ByteSet {
        guard offset + ByteSet.byteCount <= bytes.byteCount else { throw truncated(offset) }
        offset += ByteSet.byteCount
        return ByteSet(bytes, at: offset - ByteSet.byteCount)
    }

    private static func readCoding(
        _ bytes: RawSpan,
        at offset: inout Int,
        _ flags: IndexedColumnFlags
    ) throws(SegmentError) -> RecordCoding {
        guard offset + 3 <= bytes.byteCount else { throw truncated(offset) }
        let coding = RecordCoding(
            countOrder: Int(bytes.byte(at: offset)),
            firstOrder: Int(bytes.byte(at: offset + 1)),
            spanOrder: Int(bytes.byte(at: offset + 2)),
            minimumCount: flags.contains(.isAlwaysUsed) ? 1 : 0,
            isAscending: flags.contains(.isAscending)
        )
        guard max(coding.countOrder, coding.firstOrder, coding.spanOrder) < BitWriter.maximumNumberBits else {
            throw SegmentError(.inconsistent, "a code of an impossible order", .init(byteOffset: offset))
        }
        offset += 3
        return coding
    }

    private static func truncated(_ offset: Int) -> SegmentError {
        SegmentError(.truncated, "the list of columns is cut off", .init(byteOffset: offset))
    }
}

/// The byte behind a column's name.
struct IndexedColumnFlags: OptionSet {
    let rawValue: UInt8

    static let hasDictionary = Self(rawValue: 1)
    static let isAscending = Self(rawValue: 2)
    /// Every entry has a row.
    static let isAlwaysUsed = Self(rawValue: 4)
    /// The statistics are those of an earlier column.
    static let isShared = Self(rawValue: 8)
    static let hasByteSet = Self(rawValue: 16)
}
