// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage

/// What was gathered of the events found so far, for a table.
///
/// Belongs to one task at a time; those of several are merged.
struct Tally: Sendable {
    let plan: TablePlan
    /// One for each grouping of the plan.
    var groups: [GroupTable]
    var list: EventList

    init(_ plan: TablePlan) {
        self.plan = plan
        groups = plan.groupings.map { GroupTable(fieldCount: $0.count) }
        list = EventList(fieldCount: plan.listed.count)
    }

    /// Bytes of memory, about.
    var byteCount: Int { groups.reduce(list.byteCount) { $0 + $1.byteCount } }

    /// Whether it takes more than a query may have.
    var isFull: Bool { byteCount > QueryEngineLimits.maximumTableByteCount }

    mutating func merge(_ other: Tally) {
        for place in groups.indices { groups[place].merge(other.groups[place]) }
        list.merge(other.list)
    }

    // MARK: - Events one by one

    /// Takes an event, given the values of its fields.
    mutating func add(time: Int64, index: UInt64, _ values: (FieldReference) -> [String]) {
        for place in groups.indices {
            let fields = plan.groupings[place]
            let step = plan.step.map { groups[place].number(ofStep: GroupTable.start(ofStep: $0, time)) } ?? 0
            var numbers: [[UInt32]] = []
            for (field, reference) in fields.enumerated() {
                numbers.append(
                    Self.counted(values(reference), reference).map { groups[place].number(of: $0, field: field) }
                )
            }
            Self.eachCombination(numbers) { combination in
                let group = groups[place].group(step: step, combination)
                groups[place].add(count: 1, first: time, last: time, to: group)
            }
        }
        guard !plan.listed.isEmpty else { return }
        let numbers = plan.listed.enumerated().map { list.number(of: values($1).first, field: $0) }
        list.append(time: time, index: index, numbers)
    }

    /// The values of a field under which an event is counted: of a field of the model the one that is shown, of a path each.
    static func counted(_ values: [String], _ field: FieldReference) -> [String?] {
        guard let first = values.first else { return [nil] }
        guard case .path = field, values.count > 1 else { return [first] }
        var seen: Set<ExactText> = []
        return values.filter { seen.insert(ExactText($0)).inserted }
    }

    /// Calls `body` with one number of each list, in all ways.
    static func eachCombination(_ lists: [[UInt32]], _ body: ([UInt32]) -> Void) {
        var places = [Int](repeating: 0, count: lists.count)
        while true {
            body(places.indices.map { lists[$0][places[$0]] })
            var digit = 0
            while digit < lists.count {
                places[digit] += 1
                if places[digit] < lists[digit].count { break }
                places[digit] = 0
                digit += 1
            }
            guard digit < lists.count else { return }
        }
    }
}
