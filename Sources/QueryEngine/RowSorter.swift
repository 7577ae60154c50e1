// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage

/// Orders listed events by their fields.
struct RowSorter {
    private let events: EventList
    private let fields: [FieldReference]
    private var places: [Int]

    /// - Parameters:
    ///   - events: with these fields.
    ///   - fields: what was listed of each event.
    init(_ events: EventList, _ fields: [FieldReference]) {
        self.events = events
        self.fields = fields
        places = Array(events.times.indices)
    }

    /// The indices of the events as they are ordered now.
    var indices: [UInt64] { places.map { events.indices[$0] } }

    /// Brings the events into one of the engine's orders and keeps the first.
    mutating func order(by order: QueryRequest.Order, limit: Int) {
        func key(_ place: Int) -> (Int64, UInt64) { (events.times[place], events.indices[place]) }
        switch order {
        case .newest: places.sort { key($0) > key($1) }
        case .oldest: places.sort { key($0) < key($1) }
        case .log: places.sort { events.indices[$0] < events.indices[$1] }
        }
        places = Array(places.prefix(limit))
    }

    /// Sorts by keys, leaves what they do not tell apart as it is, and keeps the first.
    mutating func sort(by keys: [SortKey], limit: Int) {
        let known: [(ranks: [UInt32], field: Int, isDescending: Bool)] = keys.compactMap { key in
            guard let field = fields.firstIndex(where: { $0.description == key.column }) else { return nil }
            return (ranks(of: field), field, key.isDescending)
        }
        places = places.enumerated().sorted { left, right in
            for (ranks, field, isDescending) in known {
                let own = ranks[Int(events.number(left.element, field))]
                let other = ranks[Int(events.number(right.element, field))]
                if own != other { return (own < other) != isDescending }
            }
            return left.offset < right.offset
        }.prefix(limit).map(\.element)
    }

    /// For each number of a field the place of its text in the order of texts: numbers as numbers, others byte by byte,
    /// events without a value first.
    private func ranks(of field: Int) -> [UInt32] {
        let texts = events.texts[field].texts
        let isTime = fields[field] == .audit(.time) || fields[field] == .audit(.received)
        let keys = texts.map { SortText($0, isTime: isTime) }
        let order = texts.indices.dropFirst().sorted { keys[$0] < keys[$1] }
        var ranks = [UInt32](repeating: 0, count: texts.count)
        for (rank, number) in order.enumerated() { ranks[number] = UInt32(truncatingIfNeeded: rank + 1) }
        return ranks
    }
}

/// A text as it is sorted.
private struct SortText: Comparable {
    private let number: Double?
    private let time: Timestamp?
    private let text: String

    /// - Parameters:
    ///   - text: a value.
    ///   - isTime: whether it is a point in time, of which a text does not tell the order: `30Z` is before `30.5Z`.
    init(_ text: String, isTime: Bool) {
        self.text = text
        time = isTime ? Timestamp(text) : nil
        let first = text.utf8.first.map {
            $0 == UInt8(ascii: "-") || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")
        }
        number = first == true ? Double(text).flatMap { $0.isFinite ? $0 : nil } : nil
    }

    static func < (left: SortText, right: SortText) -> Bool {
        if let own = left.time, let other = right.time { return own < other }
        return switch (left.number, right.number) {
        case (let own?, let other?) where own != other: own < other
        case (.some, nil): true
        case (nil, .some): false
        default: left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
        }
    }

    static func == (left: SortText, right: SortText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }
}
