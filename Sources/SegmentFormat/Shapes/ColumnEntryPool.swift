// SPDX-License-Identifier: Apache-2.0

/// Entries of several columns laid out as a few flat arrays, so that a loop over rows touches no array of arrays.
///
/// Columns are only ever added: where the entries of one stand never changes.
struct ColumnEntryPool: Sendable {
    /// How entries become text.
    enum Printing: UInt8, BitwiseCopyable {
        case text
        case uuid
        case hexadecimal
        case time
        case integer
    }

    /// Where the entries of a column stand.
    struct Place: BitwiseCopyable {
        var printing = Printing.text
        var fractionDigits: UInt8 = 0
        /// The first in `integers` or `offsets`.
        var firstEntry = 0
        /// The first byte of all in `bytes`.
        var firstByte = 0
        /// Bytes of each if all have one length, else 0.
        var width = 0
        var count = 0
        /// Bytes of the longest text of one.
        var maximumTextByteCount = 0
    }

    /// Bytes behind each column's that a fixed-size copy may touch.
    static let slack = 64

    private(set) var offsets: [UInt32] = []
    private(set) var integers: [Int64] = []
    private(set) var bytes: [UInt8] = []

    /// Bytes of memory.
    var byteCount: Int {
        offsets.capacity * MemoryLayout<UInt32>.stride + integers.capacity * MemoryLayout<Int64>.stride + bytes.capacity
    }

    /// Forgets all and keeps the memory.
    mutating func removeAll() {
        offsets.removeAll(keepingCapacity: true)
        integers.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    /// Adds a column's entries, given in parts that follow each other.
    ///
    /// - Throws: `inconsistent` when they contradict themselves or the kind, `tooLarge` past 4 GiB; nothing is added then.
    mutating func append(_ parts: [ColumnEntries], _ kind: ColumnKind) throws(SegmentError) -> Place {
        var place = try Self.checked(parts, kind)
        place.firstByte = bytes.count
        switch place.printing {
        case .time, .integer: place.firstEntry = integers.count
        case .text, .hexadecimal, .uuid: place.firstEntry = offsets.count
        }
        if place.width == 0, place.printing == .text || place.printing == .hexadecimal { offsets.append(0) }
        for part in parts { add(part, behind: place) }
        bytes.append(contentsOf: repeatElement(0, count: Self.slack))
        return place
    }

    private mutating func add(_ part: ColumnEntries, behind place: Place) {
        switch part {
        case .integers(let values): integers.append(contentsOf: values)
        case .fixed(_, let stored): bytes.append(contentsOf: stored)
        case .variable(let ends, let stored):
            let base = UInt32(truncatingIfNeeded: bytes.count - place.firstByte)
            if base == 0 {
                offsets.append(contentsOf: ends.dropFirst())
            } else {
                // The sum is checked: all parts together have less than 4 GiB.
                offsets.append(contentsOf: ends.dropFirst().lazy.map { $0 &+ base })
            }
            bytes.append(contentsOf: stored)
        }
    }

    // MARK: - Checks

    /// What the entries have in common; where they stand is not known yet.
    private static func checked(_ parts: [ColumnEntries], _ kind: ColumnKind) throws(SegmentError) -> Place {
        var place = Place()
        place.printing = printing(of: kind)
        if case .time(let digits) = kind { place.fractionDigits = digits }
        var longest = 0
        var total = 0
        for (number, part) in parts.enumerated() {
            switch (part, kind) {
            case (.integers, .time), (.integers, .integer): break
            case (.fixed(let width, let stored), .uuid), (.fixed(let width, let stored), .hexadecimal):
                guard width > 0, stored.count.isMultiple(of: width), number == 0 || width == place.width else {
                    throw contradiction("values of \(width) bytes in \(stored.count)")
                }
                guard kind != .uuid || width == UUIDText.valueByteCount else {
                    throw contradiction("a UUID of \(width) bytes")
                }
                place.width = width
                longest = width
            case (.variable(let ends, let stored), .hexadecimal), (.variable(let ends, let stored), .text),
                (.variable(let ends, let stored), .json):
                guard place.width == 0 else { throw contradiction("values of one length and of several") }
                longest = max(longest, try longestEntry(ends, stored.count))
                total += stored.count
            default: throw contradiction("its values cannot be of its kind")
            }
            place.count += part.count
        }
        guard total <= UInt32.max else { throw SegmentError(.tooLarge, "a column of \(total) bytes") }
        place.maximumTextByteCount =
            switch place.printing {
            case .text: longest
            case .hexadecimal: 2 * longest
            case .uuid, .time, .integer: ShortText.count
            }
        return place
    }

    private static func printing(of kind: ColumnKind) -> Printing {
        switch kind {
        case .text, .json: .text
        case .uuid: .uuid
        case .hexadecimal: .hexadecimal
        case .time: .time
        case .integer: .integer
        }
    }

    /// Bytes of the longest entry; the offsets must begin with 0, rise and stay inside.
    private static func longestEntry(_ ends: [UInt32], _ byteCount: Int) throws(SegmentError) -> Int {
        var longest: UInt32 = 0
        var last: UInt32 = 0
        guard ends.first ?? 0 == 0 else { throw contradiction("offsets that do not begin with 0") }
        for end in ends {
            guard end >= last else { throw contradiction("offsets go back") }
            longest = max(longest, end - last)
            last = end
        }
        guard last <= byteCount else { throw contradiction("offsets past \(byteCount) bytes") }
        return Int(longest)
    }

    private static func contradiction(_ what: String) -> SegmentError {
        SegmentError(.inconsistent, what)
    }
}
