// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Finds the rows that may have an id, by a hash of its text.
///
/// The top bits of the hash choose a bucket of some sixteen rows. They stand there in rising order, as the gaps between
/// them, each with the bits of the hash that follow. Other ids can look the same, so rows are candidates; the row that
/// has the id is always among them.
package struct IndexedIDs: Sendable {
    static let headerByteCount = 24

    private let seed: UInt64
    private let coding: IDCoding
    private let entryCount: Int
    private let rowCount: Int
    /// The bit at which each group of buckets begins.
    private let groups: [UInt32]
    private let bits: [UInt8]

    /// Rows whose id is not known here, which are candidates for every id; in rising order.
    package let rowsWithoutID: [Int]

    /// Bytes of memory.
    package var byteCount: Int { bits.count + groups.count * 4 + rowsWithoutID.count * 8 }

    /// The candidates for an id, its text decoded, in rising order.
    ///
    /// - Throws: `truncated`, `inconsistent` when a bucket or row is out of bounds.
    package func rows(withID id: some StringProtocol) throws(SegmentError) -> [Int] {
        let text = Array(id.utf8)
        let hash = unsafe XXHash64.hash(text.span.bytes, seed: seed)
        let bucket = coding.bucket(of: hash)
        let fingerprint = coding.fingerprint(of: hash)
        let group = bucket >> IndexLimits.bucketGroupBits
        var reader = BitReader(atBit: Int(groups[group]))
        for _ in group << IndexLimits.bucketGroupBits..<bucket {
            try readBucket(&reader) { _, _ in }
        }
        var rows: [Int] = []
        try readBucket(&reader) { row, found in if found == fingerprint { rows.append(row) } }
        guard !rowsWithoutID.isEmpty else { return rows }
        return (rows + rowsWithoutID).sorted()
    }

    @inline(__always)
    private func readBucket(_ reader: inout BitReader, _ body: (Int, UInt32) -> Void) throws(SegmentError) {
        let raw = unsafe bits.span.bytes
        let count = try reader.next(raw, order: IDCoding.countOrder)
        guard count <= entryCount else {
            throw SegmentError(.inconsistent, "\(count) ids in a bucket of \(entryCount)")
        }
        var row = 0
        for _ in 0..<count {
            row += Int(try reader.next(raw, order: coding.gapOrder))
            let fingerprint = try reader.next(raw, count: coding.fingerprintBits)
            guard row < rowCount else { throw SegmentError(.inconsistent, "row \(row) of \(rowCount)") }
            body(row, fingerprint)
        }
    }

    // MARK: - Reading

    /// - Throws: `truncated`, `inconsistent`.
    init(_ bytes: [UInt8], rowCount: Int) throws(SegmentError) {
        guard bytes.count >= Self.headerByteCount else {
            throw SegmentError(.truncated, "\(bytes.count) bytes of ids")
        }
        let raw = unsafe bytes.span.bytes
        seed = raw.word(at: 0)
        coding = IDCoding(
            bucketBits: Int(bytes[8]),
            fingerprintBits: Int(bytes[9]),
            gapOrder: Int(bytes[10])
        )
        let groupWidth = Int(bytes[11])
        entryCount = Int(raw.halfWord(at: 12))
        let otherCount = Int(raw.halfWord(at: 16))
        guard coding.bucketBits <= 24, coding.fingerprintBits <= 16, coding.gapOrder < BitWriter.maximumNumberBits,
            groupWidth <= 32, entryCount <= 2 * IndexLimits.maximumRowCount, otherCount <= rowCount
        else { throw SegmentError(.inconsistent, "\(entryCount) ids in 2^\(coding.bucketBits) buckets") }
        let rowWidth = BitPacking.width(of: UInt32(rowCount - 1))
        let others = Self.headerByteCount + BitPacking.byteCount(of: coding.groupCount, width: groupWidth)
        let start = others + BitPacking.byteCount(of: otherCount, width: rowWidth)
        guard start <= bytes.count else { throw SegmentError(.truncated, "\(bytes.count) bytes of ids") }
        let groupBytes = raw.extracting(Self.headerByteCount..<others)
        groups = Self.unpack(groupBytes, count: coding.groupCount, width: groupWidth)
        rowsWithoutID = Self.unpack(raw.extracting(others..<start), count: otherCount, width: rowWidth).map(Int.init)
        guard rowsWithoutID.allSatisfy({ $0 < rowCount }) else {
            throw SegmentError(.inconsistent, "a row beyond all \(rowCount)")
        }
        bits = Array(bytes[start...])
        self.rowCount = rowCount
    }

    private static func unpack(_ bytes: RawSpan, count: Int, width: Int) -> [UInt32] {
        var numbers = [UInt32](repeating: 0, count: count)
        var target = numbers.mutableSpan
        BitPacking.unpack(bytes, width: width, into: &target, 0..<count)
        return numbers
    }
}

/// How ids are written: the parts of their hashes, and the code of the gaps between rows.
struct IDCoding: Sendable {
    static let countOrder = 4

    var bucketBits: Int
    var fingerprintBits: Int
    var gapOrder: Int

    var groupCount: Int { 1 << max(0, bucketBits - IndexLimits.bucketGroupBits) }

    /// The topmost bits.
    @inline(__always)
    func bucket(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> UInt64(64 - bucketBits))
    }

    /// The bits below those of the bucket.
    @inline(__always)
    func fingerprint(of hash: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (hash << UInt64(bucketBits)) >> UInt64(64 - fingerprintBits))
    }
}
