// SPDX-License-Identifier: Apache-2.0

import SegmentFormat

/// Some rows of a segment.
enum RowSet {
    case none
    case all
    /// One bit for each row; bits behind the last are zeros.
    case some([UInt64])

    init(_ bitmap: Bitmap) {
        self.init(words: bitmap.words, rowCount: bitmap.count)
    }

    /// - Parameters:
    ///   - words: one bit for each row, zeros behind the last.
    ///   - rowCount: rows of the segment.
    init(words: [UInt64], rowCount: Int) {
        let count = words.reduce(0) { $0 + $1.nonzeroBitCount }
        self = count == 0 ? .none : count == rowCount ? .all : .some(words)
    }

    /// The rows of a list.
    init(rows: some Sequence<Int>, rowCount: Int) {
        var words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
        for row in rows { words[row / 64] |= 1 << UInt64(row % 64) }
        self.init(words: words, rowCount: rowCount)
    }

    var isEmpty: Bool {
        if case .none = self { true } else { false }
    }

    func count(of rowCount: Int) -> Int {
        switch self {
        case .none: 0
        case .all: rowCount
        case .some(let words): words.reduce(0) { $0 + $1.nonzeroBitCount }
        }
    }

    // MARK: - Sets

    func intersection(_ other: RowSet, rowCount: Int) -> RowSet {
        switch (self, other) {
        case (.none, _), (_, .none): .none
        case (.all, let rest), (let rest, .all): rest
        case (.some(let left), .some(let right)):
            RowSet(words: left.indices.map { left[$0] & right[$0] }, rowCount: rowCount)
        }
    }

    func union(_ other: RowSet, rowCount: Int) -> RowSet {
        switch (self, other) {
        case (.all, _), (_, .all): .all
        case (.none, let rest), (let rest, .none): rest
        case (.some(let left), .some(let right)):
            RowSet(words: left.indices.map { left[$0] | right[$0] }, rowCount: rowCount)
        }
    }

    func subtracting(_ other: RowSet, rowCount: Int) -> RowSet {
        switch (self, other) {
        case (.none, _), (_, .all): return .none
        case (_, .none): return self
        case (.some(let left), .some(let right)):
            return RowSet(words: left.indices.map { left[$0] & ~right[$0] }, rowCount: rowCount)
        case (.all, .some(let right)):
            var words = right.map { ~$0 }
            if rowCount % 64 != 0 { words[words.count - 1] &= 1 << UInt64(rowCount % 64) - 1 }
            return RowSet(words: words, rowCount: rowCount)
        }
    }

    // MARK: - Rows

    /// The rows in order.
    func rows(of rowCount: Int) -> [Int] {
        switch self {
        case .none: return []
        case .all: return Array(0..<rowCount)
        case .some(let words):
            var rows: [Int] = []
            for (place, word) in words.enumerated() where word != 0 {
                var rest = word
                while rest != 0 {
                    rows.append(place &* 64 &+ rest.trailingZeroBitCount)
                    rest &= rest &- 1
                }
            }
            return rows
        }
    }

    func contains(_ row: Int) -> Bool {
        switch self {
        case .none: false
        case .all: true
        case .some(let words): words[row / 64] & 1 << UInt64(row % 64) != 0
        }
    }
}
