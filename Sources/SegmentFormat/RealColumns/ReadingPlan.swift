// SPDX-License-Identifier: Apache-2.0

import AuditModel

/// How a field is read from the rows of each shape.
///
/// Shapes in whose events the field depends on the same values in the same way share a *recipe*, so that what was found
/// out for one is known for all.
struct ReadingPlan {
    struct Recipe: Hashable {
        let hits: [PlacedHit]
        /// The columns that the hits are in, each once.
        let columns: [UInt16]
        /// One of the shapes that share it.
        let example: UInt16
    }

    /// For each shape its recipe, or `unplanned` when only the event can tell.
    private(set) var recipeOfShape: [Int32] = []
    private(set) var recipes: [Recipe] = []

    /// The columns that any recipe needs.
    private(set) var columns: [UInt16] = []

    static let unplanned: Int32 = -1

    /// How a real column is read.
    init(_ field: RealColumn, _ readings: [ModelReading], _ segment: ShreddedSegment) {
        let slots = Set(field.paths.map(\.rawValue))
        self.init(
            readings.map { reading in
                reading.hits.map { hits in
                    Self.needed(hits.filter { slots.contains($0.slot) && $0.canSay }, field, segment)
                }
            }
        )
    }

    /// - Parameter hitsOfShapes: for each shape what the field depends on; nil when only the event can tell.
    init(_ hitsOfShapes: [[PlacedHit]?]) {
        var numbers: [[PlacedHit]: Int32] = [:]
        for (shape, hits) in hitsOfShapes.enumerated() {
            guard let hits else {
                recipeOfShape.append(Self.unplanned)
                continue
            }
            let number = numbers[hits] ?? Int32(truncatingIfNeeded: recipes.count)
            if numbers.updateValue(number, forKey: hits) == nil {
                let example = UInt16(truncatingIfNeeded: shape)
                recipes.append(Recipe(hits: hits, columns: Self.columns(of: hits), example: example))
            }
            recipeOfShape.append(number)
        }
        columns = Array(Set(recipes.flatMap(\.columns))).sorted()
    }

    /// The hits without those that a naming value which is never empty makes meaningless.
    private static func needed(_ hits: [PlacedHit], _ field: RealColumn, _ segment: ShreddedSegment) -> [PlacedHit] {
        for path in field.namingPaths {
            guard let first = hits.first(where: { $0.slot == path.rawValue }) else { continue }
            guard first.column != PlacedHit.noColumn else { return [first] }
            let isNeverEmpty = first.transform == .whole && !segment.columns[Int(first.column)].entries.hasEmptyText
            return isNeverEmpty ? [first] : hits
        }
        return hits
    }

    private static func columns(of hits: [PlacedHit]) -> [UInt16] {
        var columns: [UInt16] = []
        for hit in hits where hit.column != PlacedHit.noColumn && !columns.contains(hit.column) {
            columns.append(hit.column)
        }
        return columns
    }
}

extension ColumnEntries {
    /// Whether a value is the empty text.
    var hasEmptyText: Bool {
        guard case .variable(let offsets, _) = self else { return false }
        return zip(offsets, offsets.dropFirst()).contains { $0 == $1 }
    }
}
