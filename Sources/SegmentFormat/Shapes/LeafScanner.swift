// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Where a value stands in an event: the text between the quotes of a string, else the whole text.
struct ValueRange: BitwiseCopyable, Sendable {
    var start: UInt32 = 0
    var end: UInt32 = 0

    init() {}

    init(_ start: Int, _ end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
    }

    @inline(__always) var range: Range<Int> { Int(start)..<Int(end) }
    @inline(__always) var count: Int { Int(end &- start) }
}

/// What stands at a leaf, and so how its end is found when the next event comes.
enum LeafForm: UInt8, Sendable {
    case string = 0
    case number = 1
    /// An object or array below a payload path.
    case payload = 2
    /// An array with more elements than become columns.
    case longArray = 3

    var column: LeafForms {
        switch self {
        case .string: .string
        case .number: .number
        case .payload, .longArray: .json
        }
    }
}

/// Takes an event apart into leaves, for an event whose shape is not known yet.
///
/// A leaf is a string, a number, or an object or array that is kept whole; `true`, `false`, `null` and empty containers
/// belong to the text around the leaves. Which values are leaves depends on the event alone, never on what was seen
/// before: so two events of one skeleton always have the same columns.
///
/// Not a validator: it follows text that was validated, and gives up on any other.
struct LeafScanner: ~Copyable, Sendable {
    /// A key or an element on the way from the event to a value.
    struct Step: BitwiseCopyable, Sendable {
        /// The step before; `noParent` for the keys of the event itself.
        let parent: Int32
        /// Text of the key without quotes; of an element, its index in both.
        let key: ValueRange
        let isElement: Bool
    }

    struct Leaf: BitwiseCopyable, Sendable {
        let step: Int32
        let value: ValueRange
        let form: LeafForm
    }

    static let noParent: Int32 = -1

    private struct Container: BitwiseCopyable {
        let step: Int32
        let start: Int
        let isArray: Bool
        /// What there was before it, for an array that turns out to be long.
        let leafCount: Int
        let stepCount: Int
        var elementCount = 0
    }

    private let limits: SegmentLimits
    private let payloadPaths: [[[UInt8]]]
    private var open: [Container] = []

    private(set) var steps: [Step] = []
    private(set) var leaves: [Leaf] = []

    init(_ limits: SegmentLimits) {
        self.limits = limits
        payloadPaths = limits.payloadPaths.map { $0.split(separator: ".").map { Array($0.utf8) } }
    }

    /// Finds the leaves of `bytes[range]`; false when it has too many, is too deep, or is no object.
    mutating func scan(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        steps.removeAll(keepingCapacity: true)
        leaves.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        let end = range.upperBound
        var index = Self.skipWhitespace(bytes, from: range.lowerBound, end: end)
        guard index < end, bytes.byte(at: index) == UInt8(ascii: "{") else { return false }
        open.append(Container(step: Self.noParent, start: index, isArray: false, leafCount: 0, stepCount: 0))
        index += 1
        // One turn for each member, element or closing bracket. Text that breaks the grammar is given up or not, as it
        // comes: see `JSONValueEnd`.
        while let container = open.last {
            index = Self.skipWhitespace(bytes, from: index, end: end)
            guard index < end else { return false }
            let byte = bytes.byte(at: index)
            if byte == UInt8(ascii: container.isArray ? "]" : "}") {
                index += 1
                close(container, at: index)
            } else if byte == UInt8(ascii: ",") {
                index += 1
            } else {
                guard let step = step(bytes, in: container, at: &index, end: end) else { return false }
                guard let next = value(bytes, of: step, at: index, end: end) else { return false }
                index = next
            }
        }
        guard Self.skipWhitespace(bytes, from: index, end: end) == end else { return false }
        return leaves.count <= limits.maximumLeafCount
    }

    /// Goes past the key, if the container has keys, to the value.
    private mutating func step(
        _ bytes: RawSpan,
        in container: Container,
        at index: inout Int,
        end: Int
    ) -> Int32? {
        let place = Int32(truncatingIfNeeded: steps.count)
        if container.isArray {
            let element = container.elementCount
            open[open.count - 1].elementCount += 1
            steps.append(Step(parent: container.step, key: ValueRange(element, element), isElement: true))
            return place
        }
        guard bytes.byte(at: index) == UInt8(ascii: "\"") else { return nil }
        let close = JSONValueEnd.string(bytes, from: index + 1, end: end)
        guard close != JSONValueEnd.notFound else { return nil }
        steps.append(Step(parent: container.step, key: ValueRange(index + 1, close), isElement: false))
        index = Self.skipWhitespace(bytes, from: close + 1, end: end)
        guard index < end, bytes.byte(at: index) == UInt8(ascii: ":") else { return nil }
        index = Self.skipWhitespace(bytes, from: index + 1, end: end)
        return index < end ? place : nil
    }

    /// Takes the value at `index`, or opens it, and returns where to go on; nil when there is none.
    private mutating func value(_ bytes: RawSpan, of step: Int32, at index: Int, end: Int) -> Int? {
        let byte = bytes.byte(at: index)
        switch byte {
        case UInt8(ascii: "\""):
            let close = JSONValueEnd.string(bytes, from: index + 1, end: end)
            guard close != JSONValueEnd.notFound else { return nil }
            leaves.append(Leaf(step: step, value: ValueRange(index + 1, close), form: .string))
            return close + 1
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if isPayload(bytes, step) {
                let close = JSONValueEnd.container(bytes, from: index, end: end).end
                guard close != JSONValueEnd.notFound else { return nil }
                leaves.append(Leaf(step: step, value: ValueRange(index, close), form: .payload))
                return close
            }
            guard open.count < limits.maximumDepth else { return nil }
            open.append(
                Container(
                    step: step,
                    start: index,
                    isArray: byte == UInt8(ascii: "["),
                    leafCount: leaves.count,
                    stepCount: steps.count
                )
            )
            return index + 1
        case UInt8(ascii: "t"), UInt8(ascii: "n"): return index + 4 <= end ? index + 4 : nil
        case UInt8(ascii: "f"): return index + 5 <= end ? index + 5 : nil
        default:
            guard JSONValueEnd.startsNumber(byte) else { return nil }
            let close = JSONValueEnd.number(bytes, from: index, end: end)
            leaves.append(Leaf(step: step, value: ValueRange(index, close), form: .number))
            return close
        }
    }

    private mutating func close(_ container: Container, at end: Int) {
        open.removeLast()
        guard container.isArray, container.elementCount > limits.maximumElementCount else { return }
        leaves.removeLast(leaves.count - container.leafCount)
        steps.removeLast(steps.count - container.stepCount)
        leaves.append(Leaf(step: container.step, value: ValueRange(container.start, end), form: .longArray))
    }

    private func isPayload(_ bytes: RawSpan, _ step: Int32) -> Bool {
        for path in payloadPaths where path.count == open.count {
            var current = step
            var isSame = true
            for key in path.reversed() {
                // The steps are as many as the keys, because so many containers are open.
                let step = steps[Int(current)]
                isSame = isSame && !step.isElement && Self.isKey(bytes, step.key.range, key)
                current = step.parent
            }
            if isSame { return true }
        }
        return false
    }

    /// Whether the text of a key means `key`; escapes are resolved only when there are some.
    private static func isKey(_ bytes: RawSpan, _ range: Range<Int>, _ key: [UInt8]) -> Bool {
        if range.count == key.count, unsafe bytes.extracting(range).equals(key.span.bytes) { return true }
        return range.contains { bytes.byte(at: $0) == UInt8(ascii: "\\") } && Self.key(bytes, range) == key
    }

    /// A key with its escapes resolved.
    static func key(_ bytes: RawSpan, _ range: Range<Int>) -> [UInt8] {
        let text = range.map { bytes.byte(at: $0) }
        guard text.contains(UInt8(ascii: "\\")) else { return text }
        return Array(JSONString.decode(text.span).utf8)
    }

    private static func skipWhitespace(_ bytes: RawSpan, from start: Int, end: Int) -> Int {
        var index = start
        while index < end {
            switch bytes.byte(at: index) {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return index
            }
        }
        return index
    }
}
