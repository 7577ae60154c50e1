// SPDX-License-Identifier: Apache-2.0

/// How many rows have a value, and which are the first and the last of them.
package struct ValueStatistics: BitwiseCopyable, Equatable, Sendable {
    package var count: Int
    /// Of no meaning when no row has the value.
    package var firstRow: Int
    package var lastRow: Int

    package init(count: Int, firstRow: Int, lastRow: Int) {
        self.count = count
        self.firstRow = firstRow
        self.lastRow = lastRow
    }
}

/// What is counted for an entry.
struct ValueRecord: BitwiseCopyable, Equatable {
    var count: UInt32 = 0
    var first: UInt32 = 0
    /// In no block as long as there is no row.
    var last: UInt32 = .max
    /// Blocks that hold it.
    var blockCount: UInt32 = 0
}

/// How the records of a column are written.
struct RecordCoding: Equatable {
    /// Orders of the codes.
    var countOrder = 0
    var firstOrder = 0
    var spanOrder = 0
    /// No record has a count below: 0 or 1.
    var minimumCount: UInt32 = 0
    /// Each record's first row is above that of the one before.
    var isAscending = false

    /// The order of the codes of the blocks between the first and the last of an entry.
    ///
    /// As the blocks would be when the rows lay evenly; `inner` is the number of blocks between.
    static func gapOrder(count: UInt32, inner: UInt32) -> Int {
        let expected = (inner + 1) / (min(count - 2, inner) + 1)
        return max(0, 31 - expected.leadingZeroBitCount)
    }

    /// Of all rows that have a value, whatever it is.
    static let presence = RecordCoding(countOrder: 12, firstOrder: 4, spanOrder: 12)
}

/// Maps differences of 32 bits as `zigZag` maps those of 64.
@inline(__always)
func zigZag(_ value: Int32) -> UInt32 {
    UInt32(bitPattern: value &<< 1 ^ value &>> 31)
}

/// The difference that `zigZag` made this of.
@inline(__always)
func unZigZag(_ value: UInt32) -> Int32 {
    Int32(bitPattern: value &>> 1) ^ -Int32(bitPattern: value & 1)
}
