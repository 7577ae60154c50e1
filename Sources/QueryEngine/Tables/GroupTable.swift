// SPDX-License-Identifier: Apache-2.0

import SegmentFormat

/// Counts events by the values of some fields and by steps of time.
///
/// A group is numbered by what its values' numbers are, one pair after the other, so that counting an event is a few
/// look-ups of numbers and never of text. Belongs to one task at a time; the tables of several are merged.
struct GroupTable: Sendable {
    /// A group of events.
    struct Group: Sendable {
        var count = 0
        /// Nanoseconds since 1970.
        var first = Int64.max
        var last = Int64.min

        /// Takes some more events.
        mutating func add(count: Int, first: Int64, last: Int64) {
            self.count += count
            self.first = min(self.first, first)
            self.last = max(self.last, last)
        }
    }

    let fieldCount: Int

    /// Of each field.
    private(set) var texts: [TextNumbers]
    private var stepNumbers: [Int64: UInt32] = [:]
    private var steps: [Int64] = []
    private var pairs: [CodePairs]

    private(set) var groups: [Group] = []
    /// For each group the number of its step, and of the value of each field.
    private var keys: [UInt32] = []

    init(fieldCount: Int) {
        self.fieldCount = fieldCount
        texts = Array(repeating: TextNumbers(), count: fieldCount)
        pairs = Array(repeating: CodePairs(), count: fieldCount)
    }

    /// Bytes of memory, about.
    var byteCount: Int {
        texts.reduce(0) { $0 + $1.byteCount } + groups.count * (24 + (fieldCount + 1) * 4 + fieldCount * 24)
    }

    // MARK: - Counting

    /// The number of a field's value.
    mutating func number(of text: String?, field: Int) -> UInt32 { texts[field].number(of: text) }

    /// The number of a step of time, which begins so many nanoseconds after 1970.
    mutating func number(ofStep start: Int64) -> UInt32 {
        if let known = stepNumbers[start] { return known }
        let number = UInt32(truncatingIfNeeded: steps.count)
        stepNumbers[start] = number
        steps.append(start)
        return number
    }

    /// The group of some values; a new one if need be.
    mutating func group(step: UInt32, _ values: some Sequence<UInt32>) -> Int {
        var group = Int(step)
        var field = 0
        for value in values {
            group = pairs[field].number(of: UInt32(truncatingIfNeeded: group), value)
            field += 1
        }
        while group >= groups.count {
            groups.append(Group())
            keys.append(contentsOf: repeatElement(0, count: fieldCount + 1))
        }
        if groups[group].count == 0 {
            let start = group * (fieldCount + 1)
            keys[start] = step
            for (place, value) in values.enumerated() { keys[start + 1 + place] = value }
        }
        return group
    }

    /// Takes some events of a group.
    mutating func add(count: Int, first: Int64, last: Int64, to group: Int) {
        groups[group].add(count: count, first: first, last: last)
    }

    /// Takes everything that another table has counted by the same fields.
    mutating func merge(_ other: GroupTable) {
        let numbers = (0..<fieldCount).map { texts[$0].numbers(of: other.texts[$0]) }
        for (place, group) in other.groups.enumerated() where group.count > 0 {
            let step = other.step(of: place).map { number(ofStep: $0) } ?? 0
            let values = (0..<fieldCount).map { numbers[$0][Int(other.value(of: place, field: $0))] }
            add(count: group.count, first: group.first, last: group.last, to: self.group(step: step, values))
        }
    }

    // MARK: - Reading

    private func step(of group: Int) -> Int64? {
        steps.isEmpty ? nil : steps[Int(keys[group * (fieldCount + 1)])]
    }

    private func value(of group: Int, field: Int) -> UInt32 { keys[group * (fieldCount + 1) + 1 + field] }

    /// The groups that have events: where each step begins, the values of the fields, and what was counted.
    var all: some Sequence<(step: Int64?, values: [String?], group: Group)> {
        groups.indices.lazy.filter { groups[$0].count > 0 }.map { place in
            let values = (0..<fieldCount).map { texts[$0].text(value(of: place, field: $0)) }
            return (step(of: place), values, groups[place])
        }
    }
}

extension GroupTable {
    /// Where the step begins that a time is in.
    ///
    /// Steps begin at 1970-01-01T00:00:00Z and at its multiples before and behind; steps of whole weeks begin on Mondays.
    static func start(ofStep step: Int64, _ time: Int64) -> Int64 {
        let week: Int64 = 7 * 86_400 * 1_000_000_000
        // 1970 began on a Thursday.
        let offset: Int64 = step.isMultiple(of: week) ? 4 * 86_400 * 1_000_000_000 : 0
        let (shifted, overflow) = time.subtractingReportingOverflow(offset)
        guard !overflow else { return .min }
        let rest = shifted % step
        let (start, isBelow) = shifted.subtractingReportingOverflow(rest < 0 ? rest + step : rest)
        return isBelow ? .min : start &+ offset
    }
}
