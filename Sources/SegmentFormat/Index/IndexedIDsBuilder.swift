// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Makes the section that finds rows by their id.
struct IndexedIDsBuilder {
    private let rowCount: Int
    let seed: UInt64
    private var hashes: [UInt64] = []
    private var rows: [UInt32] = []
    private var hasID: [Bool]

    init(rowCount: Int, seed: UInt64) {
        self.rowCount = rowCount
        self.seed = seed
        hasID = Array(repeating: false, count: rowCount)
    }

    /// Takes the id of a row: the hash of its decoded text.
    mutating func add(_ hash: UInt64, row: Int) {
        hashes.append(hash)
        rows.append(UInt32(row))
        hasID[row] = true
    }

    /// Takes the ids of all rows that have one.
    ///
    /// A column whose text is not known from its type is passed over; its rows are then candidates for every id.
    mutating func add(_ column: ParquetColumn, _ data: ParquetColumnData) {
        let hashes = ValueHashes(seed: seed).hashes(column, data.values)
        guard let hashes, data.valueCount <= rowCount else { return }
        self.hashes.reserveCapacity(data.valueCount)
        rows.reserveCapacity(data.valueCount)
        var place = 0
        for row in 0..<rowCount where data.presence?[row] ?? true {
            let entry = data.codes.map { Int($0[place]) } ?? place
            add(hashes[entry], row: row)
            place += 1
        }
    }

    // MARK: - Bytes

    /// The section's bytes.
    mutating func finish() -> [UInt8] {
        sortByRow()
        let entryBits = BitPacking.width(of: UInt32(hashes.count))
        var coding = IDCoding(
            bucketBits: max(0, entryBits - 1 - IndexLimits.bucketEntryBits),
            fingerprintBits: IndexLimits.fingerprintBits,
            gapOrder: 0
        )
        let (ends, entries) = buckets(coding)
        coding.gapOrder = Self.gapOrder(ends, entries)
        let (groups, bits) = Self.encoded(ends, entries, coding)
        let others = hasID.indices.filter { !hasID[$0] }.map(UInt32.init)
        let groupWidth = BitPacking.width(of: groups.last ?? 0)
        var writer = ByteWriter(capacity: IndexedIDs.headerByteCount)
        writer.append(seed)
        writer.append([coding.bucketBits, coding.fingerprintBits, coding.gapOrder, groupWidth].map(UInt8.init))
        writer.append(UInt32(hashes.count))
        writer.append(UInt32(others.count))
        writer.append(UInt32(0))
        var bytes = writer.bytes
        BitPacking.pack(groups.span, width: groupWidth, into: &bytes)
        BitPacking.pack(others.span, width: BitPacking.width(of: UInt32(rowCount - 1)), into: &bytes)
        return bytes + bits
    }

    /// Ids of raw events came by themselves, before or after the others.
    private mutating func sortByRow() {
        guard zip(rows, rows.dropFirst()).contains(where: { $0 > $1 }) else { return }
        let order = rows.indices.sorted { (rows[$0], $0) < (rows[$1], $1) }
        hashes = order.map { hashes[$0] }
        rows = order.map { rows[$0] }
    }

    /// A row of a bucket and the part of the hash that is kept with it.
    private struct Entry: BitwiseCopyable {
        var row: UInt32 = 0
        var fingerprint: UInt32 = 0
    }

    /// Sorts the ids into buckets by counting; within one, rows rise.
    private func buckets(_ coding: IDCoding) -> (ends: [UInt32], entries: [Entry]) {
        let hashes = hashes.span
        let rows = rows.span
        var ends = [UInt32](repeating: 0, count: 1 << coding.bucketBits)
        var next = ends.mutableSpan
        for place in hashes.indices { next[coding.bucket(of: hashes[place])] += 1 }
        var start: UInt32 = 0
        for bucket in next.indices {
            let count = next[bucket]
            next[bucket] = start
            start += count
        }
        var entries = [Entry](repeating: Entry(), count: hashes.count)
        var sorted = entries.mutableSpan
        for place in hashes.indices {
            let bucket = coding.bucket(of: hashes[place])
            sorted[Int(next[bucket])] = Entry(row: rows[place], fingerprint: coding.fingerprint(of: hashes[place]))
            next[bucket] += 1
        }
        return (ends, entries)
    }

    private static func gapOrder(_ ends: [UInt32], _ entries: [Entry]) -> Int {
        var gaps = NumberSizes()
        var start = 0
        for end in ends {
            var row: UInt32 = 0
            for entry in entries[start..<Int(end)] {
                gaps.add(entry.row - row)
                row = entry.row
            }
            start = Int(end)
        }
        return gaps.best.order
    }

    /// All buckets as bits, and where each group of them begins.
    private static func encoded(
        _ ends: [UInt32],
        _ entries: [Entry],
        _ coding: IDCoding
    ) -> (groups: [UInt32], bits: [UInt8]) {
        var groups: [UInt32] = []
        var writer = BitWriter()
        var start = 0
        for (bucket, end) in ends.enumerated() {
            if bucket & (1 << IndexLimits.bucketGroupBits - 1) == 0 { groups.append(UInt32(writer.bitCount)) }
            writer.append(end - UInt32(start), order: IDCoding.countOrder)
            var row: UInt32 = 0
            for entry in entries[start..<Int(end)] {
                writer.append(entry.row - row, order: coding.gapOrder)
                writer.append(UInt64(entry.fingerprint), count: coding.fingerprintBits)
                row = entry.row
            }
            start = Int(end)
        }
        return (groups, writer.bytes())
    }
}
