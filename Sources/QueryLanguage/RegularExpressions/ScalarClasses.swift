// SPDX-License-Identifier: Apache-2.0

/// Scalars that an expression does not tell apart, as classes numbered from 0.
struct ScalarClasses: Sendable {
    /// Of every scalar of ASCII.
    private let ofASCII: [UInt16]

    /// Where a run of scalars of one class begins, in order, from 0.
    private let starts: [UInt32]
    private let classes: [UInt16]

    let count: Int

    /// The fewest classes of which the sets consist, and the sets that each class lies in.
    static func dividing(_ sets: [ScalarSet]) -> (classes: ScalarClasses, members: [[Int]]) {
        // At every place where a set begins or ends another run begins.
        var changes: [UInt32: [(set: Int, begins: Bool)]] = [0: []]
        for (set, ranges) in sets.enumerated() {
            for range in ranges.ranges {
                changes[range.lowerBound, default: []].append((set, true))
                changes[range.upperBound + 1, default: []].append((set, false))
            }
        }
        var starts: [UInt32] = []
        var classes: [UInt16] = []
        var members: [[Int]] = []
        var numbers: [[Int]: Int] = [:]
        var current: Set<Int> = []
        for (start, change) in changes.sorted(by: { $0.key < $1.key }) where start <= ScalarSet.last {
            for (set, begins) in change {
                if begins { current.insert(set) } else { current.remove(set) }
            }
            let key = current.sorted()
            let number = numbers[key, default: members.count]
            if number == members.count {
                numbers[key] = number
                members.append(key)
            }
            starts.append(start)
            // Fewer than the bytes of a query, which fit.
            classes.append(UInt16(truncatingIfNeeded: number))
        }
        return (ScalarClasses(starts: starts, classes: classes, count: members.count), members)
    }

    private init(starts: [UInt32], classes: [UInt16], count: Int) {
        self.starts = starts
        self.classes = classes
        self.count = count
        ofASCII = (0..<0x80).map { Self.find($0, starts, classes) }
    }

    private static func find(_ scalar: UInt32, _ starts: [UInt32], _ classes: [UInt16]) -> UInt16 {
        var (lower, upper) = (0, starts.count)
        while upper - lower > 1 {
            let middle = (lower + upper) / 2
            if starts[middle] <= scalar { lower = middle } else { upper = middle }
        }
        return classes[lower]
    }

    /// The class of the scalar at a place in UTF-8, which then moves behind it.
    ///
    /// A byte that belongs to no scalar counts as one, U+FFFD.
    func next(in text: Span<UInt8>, at index: inout Int) -> Int {
        let byte = text[index]
        index += 1
        if byte < 0x80 { return Int(ofASCII[Int(byte)]) }
        let length = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0
        guard length > 0, index + length <= text.count else { return Int(Self.find(0xFFFD, starts, classes)) }
        var scalar = UInt32(byte) & (0x3F >> UInt32(length))
        for offset in 0..<length { scalar = scalar << 6 | UInt32(text[index + offset] & 0x3F) }
        index += length
        return Int(Self.find(scalar, starts, classes))
    }
}
