// SPDX-License-Identifier: Apache-2.0

/// Writes the records of a column, one behind the other, as bits.
///
/// Of each record: the count above the least; the first row, counted from the one before; then, of two rows or more,
/// how much later the last is than it has to be; then, of three or more, the blocks between the first and the last.
struct RecordWriter {
    private(set) var bits = BitWriter()

    mutating func append(_ records: [ValueRecord], blocks: [UInt32], _ coding: RecordCoding) {
        var next: UInt32 = 0
        var start = 0
        let blocks = blocks.span
        for record in records {
            let end = start + Int(record.blockCount)
            append(record, blocks.extracting(start..<end), coding, next: &next)
            start = end
        }
    }

    private mutating func append(
        _ record: ValueRecord,
        _ blocks: Span<UInt32>,
        _ coding: RecordCoding,
        next: inout UInt32
    ) {
        bits.append(record.count - coding.minimumCount, order: coding.countOrder)
        guard record.count > 0 else { return }
        bits.append(Self.firstCode(of: record, coding, next: next), order: coding.firstOrder)
        next = record.first + 1
        guard record.count > 1 else { return }
        bits.append(record.last - record.first - (record.count - 1), order: coding.spanOrder)
        guard record.count > 2, let last = blocks.indices.last, blocks[last] - blocks[0] > 1 else { return }
        let order = RecordCoding.gapOrder(count: record.count, inner: blocks[last] - blocks[0] - 1)
        for place in 0..<last { bits.append(blocks[place + 1] - blocks[place] - 1, order: order) }
    }

    static func firstCode(of record: ValueRecord, _ coding: RecordCoding, next: UInt32) -> UInt32 {
        coding.isAscending ? record.first - next : zigZag(Int32(bitPattern: record.first &- next))
    }
}

extension RecordCoding {
    /// The coding that is shortest for these records.
    init(for records: [ValueRecord]) {
        var next: UInt32 = 0
        isAscending = true
        minimumCount = 1
        for record in records {
            guard record.count > 0 else {
                minimumCount = 0
                continue
            }
            if record.first < next { isAscending = false }
            next = record.first + 1
        }
        var (counts, firsts, spans) = (NumberSizes(), NumberSizes(), NumberSizes())
        next = 0
        for record in records {
            counts.add(record.count - minimumCount)
            guard record.count > 0 else { continue }
            firsts.add(RecordWriter.firstCode(of: record, self, next: next))
            next = record.first + 1
            if record.count > 1 { spans.add(record.last - record.first - (record.count - 1)) }
        }
        (countOrder, firstOrder, spanOrder) = (counts.best.order, firsts.best.order, spans.best.order)
    }
}
