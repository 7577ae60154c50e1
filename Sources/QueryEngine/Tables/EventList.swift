// SPDX-License-Identifier: Apache-2.0

/// Events as the few values that a table looks at, for tables that look at events beside each other.
///
/// Texts are numbers here, so that a million events take some 40 MB. Belongs to one task at a time; the lists of several are
/// merged.
struct EventList: Sendable {
    let fieldCount: Int
    private(set) var texts: [TextNumbers]
    /// Nanoseconds since 1970, for each event.
    private(set) var times: [Int64] = []
    private(set) var indices: [UInt64] = []
    /// For each event the number of its value in each field.
    private var values: [UInt32] = []

    init(fieldCount: Int) {
        self.fieldCount = fieldCount
        texts = Array(repeating: TextNumbers(), count: fieldCount)
    }

    var count: Int { times.count }

    /// Bytes of memory, about.
    var byteCount: Int {
        texts.reduce(0) { $0 + $1.byteCount } + times.count * (16 + 4 * fieldCount)
    }

    mutating func number(of text: String?, field: Int) -> UInt32 { texts[field].number(of: text) }

    mutating func append(time: Int64, index: UInt64, _ numbers: some Sequence<UInt32>) {
        times.append(time)
        indices.append(index)
        values.append(contentsOf: numbers)
    }

    mutating func merge(_ other: EventList) {
        let numbers = (0..<fieldCount).map { texts[$0].numbers(of: other.texts[$0]) }
        for place in 0..<other.count {
            let values = (0..<fieldCount).map { numbers[$0][Int(other.number(place, $0))] }
            append(time: other.times[place], index: other.indices[place], values)
        }
    }

    /// The number of a value; 0 when the event has none.
    func number(_ place: Int, _ field: Int) -> UInt32 { values[place * fieldCount + field] }

    func text(_ place: Int, _ field: Int) -> String? { texts[field].text(number(place, field)) }

    /// Places in the order of time, and of the log where times are equal.
    var placesByTime: [Int] {
        times.indices.sorted { (times[$0], indices[$0]) < (times[$1], indices[$1]) }
    }
}
