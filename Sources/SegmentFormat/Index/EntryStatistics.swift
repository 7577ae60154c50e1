// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// What is counted of a column: of all its values, and of each entry of its dictionary.
///
/// Checked as a whole when it is made, so that asking cannot fail. The count, first and last row are at hand; blocks
/// are decoded when asked for.
package struct EntryStatistics: Sendable {
    /// Rows with any value.
    package let presence: ValueStatistics

    private let presenceRecord: Record
    private let records: [Record]
    private let bits: [UInt8]

    private struct Record: BitwiseCopyable, Sendable {
        var count: UInt32 = 0
        var first: UInt32 = 0
        var last: UInt32 = 0
        /// Bit of the code of the first gap between blocks.
        var gaps: UInt32 = 0
    }

    package var entryCount: Int { records.count }

    /// The statistics of an entry; the index must be below `entryCount`.
    package subscript(entry: Int) -> ValueStatistics {
        Self.statistics(of: records[entry])
    }

    private static func statistics(of record: Record) -> ValueStatistics {
        ValueStatistics(count: Int(record.count), firstRow: Int(record.first), lastRow: Int(record.last))
    }

    // MARK: - Blocks

    /// The blocks that hold an entry, in rising order.
    package func blocks(of entry: Int) -> [Int] {
        blocks(of: records[entry])
    }

    /// The blocks in which any row has a value, in rising order.
    package var presenceBlocks: [Int] {
        blocks(of: presenceRecord)
    }

    private func blocks(of record: Record) -> [Int] {
        guard record.count > 0 else { return [] }
        let first = record.first >> UInt32(IndexLimits.blockRowBits)
        let last = record.last >> UInt32(IndexLimits.blockRowBits)
        guard first < last else { return [Int(first)] }
        guard record.count > 2, last - first > 1 else { return [Int(first), Int(last)] }
        let order = RecordCoding.gapOrder(count: record.count, inner: last - first - 1)
        var reader = BitReader(atBit: Int(record.gaps))
        var blocks = [Int(first)]
        var block = first
        while block < last {
            // All gaps were read once, so the fallback is never used; it would name more blocks, not fewer.
            block += ((try? unsafe reader.next(bits.span.bytes, order: order)) ?? 0) + 1
            blocks.append(Int(block))
        }
        return blocks
    }

    // MARK: - Reading

    /// Reads the records of a column of so many entries and rows.
    ///
    /// - Throws: `truncated`, `inconsistent`.
    init(_ bits: [UInt8], _ coding: RecordCoding, entryCount: Int, rowCount: Int) throws(SegmentError) {
        guard entryCount <= bits.count * 8 else {
            throw SegmentError(.inconsistent, "\(entryCount) entries in \(bits.count) bytes")
        }
        var reader = BitReader()
        var next: UInt32 = 0
        let raw = unsafe bits.span.bytes
        presenceRecord = try Self.record(raw, &reader, .presence, rowCount: rowCount, next: &next)
        presence = Self.statistics(of: presenceRecord)
        var records: [Record] = []
        records.reserveCapacity(entryCount)
        next = 0
        for _ in 0..<entryCount {
            records.append(try Self.record(raw, &reader, coding, rowCount: rowCount, next: &next))
        }
        guard (reader.bitOffset + 7) / 8 == bits.count else {
            throw SegmentError(.inconsistent, "\(bits.count) bytes, of which \((reader.bitOffset + 7) / 8) are used")
        }
        self.records = records
        self.bits = bits
    }

    private static func record(
        _ bits: RawSpan,
        _ reader: inout BitReader,
        _ coding: RecordCoding,
        rowCount: Int,
        next: inout UInt32
    ) throws(SegmentError) -> Record {
        var record = Record()
        record.count = try reader.next(bits, order: coding.countOrder) + coding.minimumCount
        guard record.count > 0 else { return record }
        let code = try reader.next(bits, order: coding.firstOrder)
        record.first = next &+ (coding.isAscending ? code : UInt32(bitPattern: unZigZag(code)))
        next = record.first &+ 1
        record.last = record.first
        if record.count > 1 {
            record.last = record.first &+ (record.count - 1) &+ (try reader.next(bits, order: coding.spanOrder))
        }
        // None of the terms has more than 28 bits, so that a sum that ran over is beyond all rows.
        guard record.first <= record.last, Int(record.last) < rowCount, Int(record.count) <= rowCount else {
            throw SegmentError(.inconsistent, "rows \(record.first) to \(record.last) of \(rowCount)")
        }
        record.gaps = UInt32(truncatingIfNeeded: reader.bitOffset)
        try skipGaps(bits, &reader, record)
        return record
    }

    private static func skipGaps(
        _ bits: RawSpan,
        _ reader: inout BitReader,
        _ record: Record
    ) throws(SegmentError) {
        var block = record.first &>> UInt32(IndexLimits.blockRowBits)
        let last = record.last &>> UInt32(IndexLimits.blockRowBits)
        guard record.count > 2, last - block > 1 else { return }
        let order = RecordCoding.gapOrder(count: record.count, inner: last - block - 1)
        while block < last { block += try reader.next(bits, order: order) + 1 }
        guard block == last else { throw SegmentError(.inconsistent, "a value in block \(block), its last is \(last)") }
    }
}
