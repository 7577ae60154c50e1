// SPDX-License-Identifier: Apache-2.0

/// Gives every row of a segment a code for one field, finding it out once for each different combination of values.
///
/// What a row's values are in a column is known by its shape and by how many rows before it had one. The codes of these
/// values together are the key under which a result is kept: in a table with a place for each key where that is small,
/// else under the number of the key.
struct RowCodes {
    /// No result was found out yet; never handed out.
    private static let open = UInt32.max
    /// The result of a row whose field has no value.
    static let none = UInt32.max - 1

    /// A recipe, ready for the loop.
    private struct Memo {
        /// Places in `currents` of the columns of the key.
        var columns: [Int] = []
        /// First place in `results`, of a table with a place for each key; -1 without such a table.
        var firstResult = -1
        /// Entries of the second column of the key, when there are two.
        var secondCount = 1
        /// Keys of recipes without a table; the last gives the place in `keyResults`.
        var pairs: [CodePairs] = []
        var keyResults: [UInt32] = []
    }

    private let plan: ReadingPlan
    private let rowShapes: [UInt16]

    /// Codes of the plan's columns, one column behind the other, and where those of each begin; -1 without codes.
    private var codes: [UInt32] = []
    private var firstCodes: [Int] = []
    /// For each shape which of the plan's columns have a value in its rows.
    private var advances: [Int] = []
    private var advanceOffsets = [0]

    private var memos: [Memo] = []
    private var results: [UInt32] = []

    /// Bytes of a code table may be this many times the rows' own.
    private static let roomPerRow = 8
    private static let leastRoom = 1 << 16

    init(_ plan: ReadingPlan, _ segment: ShreddedSegment, stored: [[UInt16]]) {
        self.plan = plan
        rowShapes = segment.rowShapes
        for column in plan.columns { appendCodes(of: segment.columns[Int(column)]) }
        for shape in stored.indices {
            for (place, column) in plan.columns.enumerated() where stored[shape].contains(column) {
                advances.append(place)
            }
            advanceOffsets.append(advances.count)
        }
        for recipe in plan.recipes { appendMemo(of: recipe, segment) }
    }

    private mutating func appendCodes(of column: ShreddedColumn) {
        switch column.codes {
        case nil: firstCodes.append(-1)
        case .narrow(let narrow):
            firstCodes.append(codes.count)
            codes.append(contentsOf: narrow.lazy.map(UInt32.init))
        case .wide(let wide):
            firstCodes.append(codes.count)
            codes.append(contentsOf: wide)
        }
    }

    private mutating func appendMemo(of recipe: ReadingPlan.Recipe, _ segment: ShreddedSegment) {
        var memo = Memo()
        memo.columns = recipe.columns.compactMap { plan.columns.firstIndex(of: $0) }
        let counts = recipe.columns.map { segment.columns[Int($0)].entries.count }
        let room = Self.leastRoom + Self.roomPerRow * rowShapes.count - results.count
        let (keyCount, overflow) = counts.reduce((1, false)) { partial, count in
            let (product, overflow) = partial.0.multipliedReportingOverflow(by: count)
            return (product, partial.1 || overflow)
        }
        if counts.count <= 2, !overflow, keyCount <= room, counts.count < 2 || keyCount <= Self.leastRoom {
            memo.firstResult = results.count
            memo.secondCount = counts.count == 2 ? counts[1] : 1
            results.append(contentsOf: repeatElement(Self.open, count: keyCount))
        } else {
            memo.pairs = Array(repeating: CodePairs(), count: max(1, counts.count - 1))
        }
        memos.append(memo)
    }

    // MARK: - The rows

    /// Reads all rows, once.
    ///
    /// - Parameters:
    ///   - unplanned: finds the code of the next row that no recipe is for, given how many of these were before.
    ///   - find: finds the code for a recipe and the entries of its columns.
    /// - Returns: the code of each row.
    mutating func all(
        unplanned: (_ place: Int) -> UInt32,
        find: (_ recipe: ReadingPlan.Recipe, _ entries: [Int]) -> UInt32
    ) -> [UInt32] {
        var found: [UInt32] = []
        found.reserveCapacity(rowShapes.count)
        var places = [Int](repeating: 0, count: plan.columns.count)
        var currents = [UInt32](repeating: 0, count: plan.columns.count)
        var unplannedCount = 0
        for rowShape in rowShapes {
            let shape = Int(rowShape)
            for number in advanceOffsets[shape]..<advanceOffsets[shape + 1] {
                let column = advances[number]
                let place = places[column]
                places[column] = place &+ 1
                let first = firstCodes[column]
                currents[column] = first < 0 ? UInt32(truncatingIfNeeded: place) : codes[first &+ place]
            }
            let recipe = plan.recipeOfShape[shape]
            if recipe == ReadingPlan.unplanned {
                found.append(unplanned(unplannedCount))
                unplannedCount += 1
                continue
            }
            found.append(result(Int(recipe), currents, find))
        }
        return found
    }

    @inline(__always)
    private mutating func result(
        _ recipe: Int,
        _ currents: [UInt32],
        _ find: (ReadingPlan.Recipe, [Int]) -> UInt32
    ) -> UInt32 {
        let first = memos[recipe].firstResult
        guard first >= 0 else { return resultByKey(recipe, currents, find) }
        var place = first
        switch memos[recipe].columns.count {
        case 0: break
        case 1: place &+= Int(currents[memos[recipe].columns[0]])
        default:
            place &+= Int(currents[memos[recipe].columns[0]]) &* memos[recipe].secondCount
            place &+= Int(currents[memos[recipe].columns[1]])
        }
        let known = results[place]
        guard known == Self.open else { return known }
        let result = findOut(recipe, currents, find)
        results[place] = result
        return result
    }

    private mutating func resultByKey(
        _ recipe: Int,
        _ currents: [UInt32],
        _ find: (ReadingPlan.Recipe, [Int]) -> UInt32
    ) -> UInt32 {
        let columns = memos[recipe].columns
        var key = Int(currents[columns[0]])
        for stage in memos[recipe].pairs.indices {
            let next = stage + 1 < columns.count ? currents[columns[stage + 1]] : 0
            key = memos[recipe].pairs[stage].number(of: UInt32(truncatingIfNeeded: key), next)
        }
        if key < memos[recipe].keyResults.count { return memos[recipe].keyResults[key] }
        let result = findOut(recipe, currents, find)
        // Keys are numbered as they come, so that a new one is the next.
        memos[recipe].keyResults.append(result)
        return result
    }

    @inline(never)
    private func findOut(
        _ recipe: Int,
        _ currents: [UInt32],
        _ find: (ReadingPlan.Recipe, [Int]) -> UInt32
    ) -> UInt32 {
        find(plan.recipes[recipe], memos[recipe].columns.map { Int(currents[$0]) })
    }
}
