// SPDX-License-Identifier: Apache-2.0

/// Finds minima and maxima page by page and makes the chunk's statistics and column index of them.
struct BoundsOfPages {
    private let column: ParquetColumn
    private let data: ParquetColumnData
    private var pages: [ValueBounds?] = []
    private var nullCounts: [Int64] = []

    /// For dictionaries in order, codes compare as their values do.
    private let isSorted: Bool

    /// For other dictionaries: the last page, counted from 1, that each entry was looked at for.
    private var seen: [UInt32]

    init(_ column: ParquetColumn, _ data: ParquetColumnData) {
        self.column = column
        self.data = data
        let isUnsigned = column.isUnsigned
        isSorted =
            data.codes != nil
            && (1..<max(1, data.values.count)).allSatisfy {
                data.values.compare($0 - 1, $0, isUnsigned: isUnsigned) <= 0
            }
        seen = data.codes == nil || isSorted ? [] : [UInt32](repeating: 0, count: data.values.count)
    }

    /// Takes the values of the next page.
    mutating func append(_ values: Range<Int>, rowCount: Int) {
        nullCounts.append(Int64(rowCount - values.count))
        guard let codes = data.codes else {
            pages.append(ValueBounds(data.values, values, isUnsigned: column.isUnsigned))
            return
        }
        pages.append(
            isSorted ? boundsBySortedCodes(codes.span.extracting(values)) : bounds(codes.span.extracting(values))
        )
    }

    private func boundsBySortedCodes(_ codes: Span<UInt32>) -> ValueBounds? {
        guard !codes.isEmpty else { return nil }
        var (low, high) = (UInt32.max, UInt32.min)
        for index in codes.indices {
            low = min(low, codes[index])
            high = max(high, codes[index])
        }
        var bounds = ValueBounds(only: Int(low))
        bounds.largest = Int(high)
        return bounds
    }

    /// Compares each entry that a page uses once, however often it is used.
    private mutating func bounds(_ codes: Span<UInt32>) -> ValueBounds? {
        guard !codes.isEmpty else { return nil }
        let page = UInt32(truncatingIfNeeded: pages.count + 1)
        let isUnsigned = column.isUnsigned
        var bounds = ValueBounds(only: Int(codes[0]))
        for index in codes.indices {
            let code = Int(codes[index])
            guard seen[code] != page else { continue }
            seen[code] = page
            bounds.take(code, of: data.values, isUnsigned: isUnsigned)
        }
        return bounds
    }

    private var isText: Bool {
        column.logicalType == .string || column.logicalType == .json
    }

    func statistics() -> ColumnStatistics {
        var statistics = ColumnStatistics(nullCount: nullCounts.reduce(0, +))
        var all: ValueBounds?
        for page in pages {
            guard let page else { continue }
            if var merged = all {
                merged.merge(page, of: data.values, isUnsigned: column.isUnsigned)
                all = merged
            } else {
                all = page
            }
        }
        guard let all else { return statistics }
        let minimum = StoredBound.minimum(data.values.plainBytes(all.smallest), isText: isText)
        (statistics.minimum, statistics.isMinimumExact) = (minimum.bytes, minimum.isExact)
        if let maximum = StoredBound.maximum(data.values.plainBytes(all.largest), isText: isText) {
            (statistics.maximum, statistics.isMaximumExact) = (maximum.bytes, maximum.isExact)
        }
        return statistics
    }

    /// Nil when a page has a maximum for which there is no short bound: Parquet wants one for every page or no index.
    func columnIndex() -> ColumnIndex? {
        var index = ColumnIndex(
            isNullPage: [],
            minima: [],
            maxima: [],
            boundaryOrder: boundaryOrder(),
            nullCounts: nullCounts
        )
        for page in pages {
            index.isNullPage.append(page == nil)
            guard let page else {
                index.minima.append([])
                index.maxima.append([])
                continue
            }
            let maximum = StoredBound.maximum(data.values.plainBytes(page.largest), isText: isText)
            guard let maximum else { return nil }
            index.minima.append(StoredBound.minimum(data.values.plainBytes(page.smallest), isText: isText).bytes)
            index.maxima.append(maximum.bytes)
        }
        return index
    }

    /// Of the pages with values.
    ///
    /// Shortening keeps the order: of two bounds in order, the shortened ones are in order or equal.
    private func boundaryOrder() -> ColumnIndex.BoundaryOrder {
        let present = pages.compactMap { $0 }
        var isAscending = true
        var isDescending = true
        for (left, right) in zip(present, present.dropFirst()) {
            let smallest = data.values.compare(left.smallest, right.smallest, isUnsigned: column.isUnsigned)
            let largest = data.values.compare(left.largest, right.largest, isUnsigned: column.isUnsigned)
            if smallest > 0 || largest > 0 { isAscending = false }
            if smallest < 0 || largest < 0 { isDescending = false }
        }
        return isAscending ? .ascending : isDescending ? .descending : .unordered
    }
}
