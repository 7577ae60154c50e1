// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Counts the entries of one column after the other, with the blocks in which each is.
///
/// One pass over the codes: an entry's record says in which block it was last, so that the first row of each further
/// block is noticed and kept as a visit. Visits are then brought together by entry.
struct EntryCounter {
    private let rowCount: Int
    private(set) var records: [ValueRecord] = []
    /// For each visit the entry and, in the lower half, the block; in the order of rows.
    private var visits: [UInt64] = []
    private var visitCount = 0
    /// Blocks, entry by entry, rising in each.
    private(set) var blocks: [UInt32] = []

    init(rowCount: Int) {
        self.rowCount = rowCount
    }

    /// Counts the codes of the rows that have one; all have when there is no presence.
    ///
    /// - Throws: `inconsistent` when a code names no entry, or there are more or fewer codes than rows.
    mutating func count(codes: [UInt32], presence: Bitmap?, entryCount: Int) throws(SegmentError) {
        guard codes.count == presence?.setCount(0..<rowCount) ?? rowCount else {
            throw SegmentError(.inconsistent, "\(codes.count) codes for other rows")
        }
        records = Array(repeating: ValueRecord(), count: entryCount)
        if visits.count < codes.count { visits = Array(repeating: 0, count: max(codes.count, rowCount)) }
        guard Self.maximum(codes.span) < entryCount || codes.isEmpty else {
            throw SegmentError(.inconsistent, "a code of no entry, of \(entryCount)")
        }
        visitCount =
            if let presence {
                Self.count(codes.span, presence.words.span, &records, &visits)
            } else {
                Self.count(codes.span, &records, &visits)
            }
        groupVisits()
    }

    private static func maximum(_ codes: Span<UInt32>) -> Int {
        var maximum: UInt32 = 0
        for place in codes.indices { maximum = max(maximum, codes[place]) }
        return Int(maximum)
    }

    /// Counts the codes of all rows; returns the number of visits.
    private static func count(_ codes: Span<UInt32>, _ records: inout [ValueRecord], _ visits: inout [UInt64]) -> Int {
        var records = records.mutableSpan
        var visits = visits.mutableSpan
        var visitCount = 0
        for row in codes.indices {
            count(codes[row], UInt32(truncatingIfNeeded: row), &records, &visits, &visitCount)
        }
        return visitCount
    }

    /// The same for the rows whose bits are set.
    private static func count(
        _ codes: Span<UInt32>,
        _ rows: Span<UInt64>,
        _ records: inout [ValueRecord],
        _ visits: inout [UInt64]
    ) -> Int {
        var records = records.mutableSpan
        var visits = visits.mutableSpan
        var visitCount = 0
        var place = 0
        for number in rows.indices {
            var word = rows[number]
            let base = UInt32(truncatingIfNeeded: number &<< 6)
            while word != 0 {
                let row = base &+ UInt32(truncatingIfNeeded: word.trailingZeroBitCount)
                count(codes[place], row, &records, &visits, &visitCount)
                place &+= 1
                word &= word &- 1
            }
        }
        return visitCount
    }

    @inline(__always)
    private static func count(
        _ code: UInt32,
        _ row: UInt32,
        _ records: inout MutableSpan<ValueRecord>,
        _ visits: inout MutableSpan<UInt64>,
        _ visitCount: inout Int
    ) {
        let entry = Int(code)
        // SAFETY: all codes were compared with the number of records.
        var record = unsafe records[unchecked: entry]
        let block = row &>> UInt32(IndexLimits.blockRowBits)
        if record.last &>> UInt32(IndexLimits.blockRowBits) != block {
            if record.count == 0 { record.first = row }
            record.blockCount &+= 1
            visits[visitCount] = UInt64(code) &<< 32 | UInt64(block)
            visitCount &+= 1
        }
        record.count &+= 1
        record.last = row
        // SAFETY: as above.
        unsafe records[unchecked: entry] = record
    }

    /// Sorts the visits by entry, by counting; they stay in order within one.
    private mutating func groupVisits() {
        var starts = [UInt32](repeating: 0, count: records.count)
        var total: UInt32 = 0
        for entry in records.indices {
            starts[entry] = total
            total += records[entry].blockCount
        }
        if blocks.count < visitCount { blocks = Array(repeating: 0, count: visitCount) }
        let visits = visits
        Self.group(visits.span.extracting(first: visitCount), &starts, into: &blocks)
    }

    private static func group(_ visits: Span<UInt64>, _ starts: inout [UInt32], into blocks: inout [UInt32]) {
        var grouped = blocks.mutableSpan
        var next = starts.mutableSpan
        for place in visits.indices {
            let visit = visits[place]
            let entry = Int(visit &>> 32)
            grouped[Int(next[entry])] = UInt32(truncatingIfNeeded: visit)
            next[entry] &+= 1
        }
    }
}

/// Counts the rows that have any value.
struct PresenceCounter {
    private(set) var record = ValueRecord()
    private(set) var blocks: [UInt32] = []

    init(_ presence: Bitmap?, rowCount: Int) {
        let blockRowCount = 1 << IndexLimits.blockRowBits
        for start in stride(from: 0, to: rowCount, by: blockRowCount) {
            let rows = start..<min(rowCount, start + blockRowCount)
            let count = presence?.setCount(rows) ?? rows.count
            guard count > 0 else { continue }
            if record.count == 0 { record.first = UInt32(Self.firstRow(of: presence, in: rows)) }
            record.last = UInt32(Self.lastRow(of: presence, in: rows))
            record.count += UInt32(count)
            blocks.append(UInt32(start >> IndexLimits.blockRowBits))
        }
        record.blockCount = UInt32(blocks.count)
    }

    private static func firstRow(of presence: Bitmap?, in rows: Range<Int>) -> Int {
        guard let presence else { return rows.lowerBound }
        return rows.first { presence[$0] } ?? rows.lowerBound
    }

    private static func lastRow(of presence: Bitmap?, in rows: Range<Int>) -> Int {
        guard let presence else { return rows.upperBound - 1 }
        return rows.last { presence[$0] } ?? rows.upperBound - 1
    }
}
