// SPDX-License-Identifier: Apache-2.0

/// A set of Unicode scalars, as ranges in order that neither touch nor overlap.
struct ScalarSet: Hashable, Sendable {
    private(set) var ranges: [ClosedRange<UInt32>]

    static let last: UInt32 = 0x10FFFF
    static let all = ScalarSet([0...last])

    /// Of ranges in any order, which may overlap.
    init(_ ranges: [ClosedRange<UInt32>]) {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let end = merged.last, range.lowerBound <= end.upperBound + 1 {
                merged[merged.count - 1] = end.lowerBound...max(end.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    init(_ scalar: Unicode.Scalar) {
        ranges = [scalar.value...scalar.value]
    }

    var inverted: ScalarSet {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.last { gaps.append(next...Self.last) }
        return ScalarSet(gaps)
    }

    /// With the other case of each ASCII letter.
    var ignoringCase: ScalarSet {
        let (upper, lower): (ClosedRange<UInt32>, ClosedRange<UInt32>) = (0x41...0x5A, 0x61...0x7A)
        let others = ranges.flatMap { range -> [ClosedRange<UInt32>] in
            var found: [ClosedRange<UInt32>] = []
            if range.overlaps(upper) {
                let part = range.clamped(to: upper)
                found.append(part.lowerBound + 32...part.upperBound + 32)
            }
            if range.overlaps(lower) {
                let part = range.clamped(to: lower)
                found.append(part.lowerBound - 32...part.upperBound - 32)
            }
            return found
        }
        return others.isEmpty ? self : ScalarSet(ranges + others)
    }

    // MARK: - Classes with a letter

    /// The ranges that `\d`, `\w`, `\s` and their opposites stand for; nil for other letters.
    static func named(_ letter: Unicode.Scalar) -> ScalarSet? {
        switch letter {
        case "d": digits
        case "w": wordCharacters
        case "s": spaces
        case "D": digits.inverted
        case "W": wordCharacters.inverted
        case "S": spaces.inverted
        default: nil
        }
    }

    private static let digits = ScalarSet([0x30...0x39])
    private static let wordCharacters = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    private static let spaces = ScalarSet([0x09...0x0D, 0x20...0x20])
}
