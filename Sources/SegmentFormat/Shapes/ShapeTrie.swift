// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The skeletons of the events seen so far, as a radix tree over their text, in which a value is one symbol.
///
/// Matching an event is comparing it with literal text, eight bytes at a time, and finding the ends of its values; where
/// skeletons part, the next byte says which way. A match covers every byte of the event: literal, value, literal, …, to
/// the end. So an event that matched *is* the literals with its values between them, whatever it means.
///
/// Two ways can both fit only by a long array next to a short one. Everywhere else the text so far says whether a key or
/// a value is next, because skeletons are made of whole values, and the text of all of them up to here is the same.
struct ShapeTrie: Sendable {
    static let noSkeleton = -1

    /// What follows the literal text of a node.
    enum Action: UInt8 {
        case string = 0
        case number = 1
        case payload = 2
        case longArray = 3
        /// The way parts: `next` is the first edge.
        case branch = 4
        /// The event ends: `next` is the skeleton.
        case end = 5
    }

    private struct Node: BitwiseCopyable {
        var literalStart: Int32
        var literalCount: Int32
        var action: Action
        /// The node behind the value, the first edge, or the skeleton.
        var next: Int32
    }

    private struct Edge: BitwiseCopyable {
        /// The first byte of the node's literal, or 0x100 and its action when the literal is empty.
        let symbol: UInt16
        let node: Int32
        var sibling: Int32
    }

    private static let none: Int32 = -1
    /// Zeros behind the literals, so that the last of them can be loaded as whole words.
    private static let padding = 8

    private let maximumElementCount: Int
    private var nodes: [Node] = []
    private var edges: [Edge] = []
    private var literals = [UInt8](repeating: 0, count: ShapeTrie.padding)

    init(maximumElementCount: Int) {
        self.maximumElementCount = maximumElementCount
    }

    // MARK: - Matching

    /// Finds the skeleton of `bytes[range]` and the places of its values.
    ///
    /// - Parameters:
    ///   - bytes: the event and what stands around it, which may be loaded but never counts.
    ///   - range: the event.
    ///   - isStrict: whether it was not validated: then strings of plain ASCII and numbers by the standard match, and
    ///     nothing else, so that what matches is valid if every event that was learned is.
    ///   - values: room for the values of the largest skeleton.
    /// - Returns: the skeleton, or `noSkeleton`.
    @inline(__always)
    func match(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        isStrict: Bool = false,
        into values: inout [ValueRange]
    ) -> Int {
        let end = range.upperBound
        var index = range.lowerBound
        var valueCount = 0
        var place: Int32 = nodes.isEmpty ? Self.none : 0
        while place != Self.none {
            let node = nodes[Int(place)]
            guard isLiteral(of: node, at: index, of: bytes, end: end) else { return Self.noSkeleton }
            index += Int(node.literalCount)
            let valueEnd: Int
            switch node.action {
            case .string:
                valueEnd =
                    isStrict
                    ? JSONValueEnd.plainString(bytes, from: index, end: end)
                    : JSONValueEnd.string(bytes, from: index, end: end)
            case .branch:
                place = follow(node.next, bytes, at: index, end: end)
                continue
            case .number:
                guard index < end, JSONValueEnd.startsNumber(bytes.byte(at: index)) else { return Self.noSkeleton }
                valueEnd =
                    isStrict
                    ? JSONValueEnd.strictNumber(bytes, from: index, end: end)
                    : JSONValueEnd.number(bytes, from: index, end: end)
            case .payload, .longArray:
                guard !isStrict else { return Self.noSkeleton }
                valueEnd = containerEnd(bytes, at: index, end: end, isLongArray: node.action == .longArray)
            case .end:
                return index == end ? Int(node.next) : Self.noSkeleton
            }
            guard valueEnd != JSONValueEnd.notFound, valueCount < values.count else { return Self.noSkeleton }
            values[valueCount] = ValueRange(index, valueEnd)
            valueCount += 1
            index = valueEnd
            place = node.next
        }
        return Self.noSkeleton
    }

    @inline(__always)
    private func isLiteral(of node: Node, at index: Int, of bytes: RawSpan, end: Int) -> Bool {
        let count = Int(node.literalCount)
        guard count <= end - index else { return false }
        return unsafe TextComparison.isSame(literals.span.bytes, Int(node.literalStart), bytes, index, count: count)
    }

    /// The node behind the edge that the byte at `index` names.
    private func follow(_ first: Int32, _ bytes: RawSpan, at index: Int, end: Int) -> Int32 {
        let byte: UInt16 = index < end ? UInt16(bytes.byte(at: index)) : 0x200
        var place = first
        while place != Self.none {
            let edge = edges[Int(place)]
            if edge.symbol == byte { return edge.node }
            if edge.symbol > 0xFF {
                let isHere =
                    switch Action(rawValue: UInt8(truncatingIfNeeded: edge.symbol)) {
                    case .number: index < end && JSONValueEnd.startsNumber(bytes.byte(at: index))
                    case .payload: containerEnd(bytes, at: index, end: end, isLongArray: false) >= 0
                    case .longArray: containerEnd(bytes, at: index, end: end, isLongArray: true) >= 0
                    case .end: index == end
                    default: true
                    }
                if isHere { return edge.node }
            }
            place = edge.sibling
        }
        return Self.none
    }

    private func containerEnd(_ bytes: RawSpan, at index: Int, end: Int, isLongArray: Bool) -> Int {
        guard index < end else { return JSONValueEnd.notFound }
        let byte = bytes.byte(at: index)
        guard byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") && !isLongArray else {
            return JSONValueEnd.notFound
        }
        let (close, count) = JSONValueEnd.container(bytes, from: index, end: end)
        return isLongArray && count <= maximumElementCount ? JSONValueEnd.notFound : close
    }

    // MARK: - Learning

    /// Bytes of literal text.
    var literalByteCount: Int { literals.count - Self.padding }

    /// Adds a skeleton.
    ///
    /// - Parameters:
    ///   - bytes: the event it is learned from.
    ///   - range: the event.
    ///   - leaves: its leaves in order.
    ///   - skeleton: the number of the new skeleton.
    /// - Returns: the number of the skeleton that was there already; nil when it is new.
    mutating func insert(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        leaves: [LeafScanner.Leaf],
        skeleton: Int
    ) -> Int? {
        var place: Int32?
        var previous: Int32?
        var start = range.lowerBound
        for index in 0...leaves.count {
            let isLast = index == leaves.count
            let literal = start..<(isLast ? range.upperBound : Int(leaves[index].value.start))
            let action: Action = isLast ? .end : Action(rawValue: leaves[index].form.rawValue) ?? .string
            if !isLast { start = Int(leaves[index].value.end) }
            if place == nil, previous == nil, !nodes.isEmpty { place = 0 }
            let found: Int32
            if let place {
                found = add(bytes, literal, action, at: place)
            } else {
                found = appendNode(bytes, literal, action)
                if let previous { nodes[Int(previous)].next = found }
            }
            previous = found
            let next = nodes[Int(found)].next
            place = next == Self.none ? nil : next
        }
        guard let last = previous else { return nil }
        guard nodes[Int(last)].next == Self.none else { return Int(nodes[Int(last)].next) }
        nodes[Int(last)].next = Int32(truncatingIfNeeded: skeleton)
        return nil
    }

    /// Finds or makes the way for a literal and what follows it from a node on, and returns its last node.
    private mutating func add(_ bytes: RawSpan, _ literal: Range<Int>, _ action: Action, at first: Int32) -> Int32 {
        var place = first
        var rest = literal
        while true {
            let node = nodes[Int(place)]
            let common = commonPrefix(node, bytes, rest)
            rest = rest.lowerBound + common..<rest.upperBound
            if common < Int(node.literalCount) {
                split(place, at: common)
            } else if rest.isEmpty, node.action == action {
                return place
            } else if node.action != .branch {
                split(place, at: common)
            }
            let symbol = rest.isEmpty ? Self.symbol(of: action) : UInt16(bytes.byte(at: rest.lowerBound))
            guard let next = target(of: symbol, from: nodes[Int(place)].next) else {
                let node = appendNode(bytes, rest, action)
                addEdge(to: node, symbol, from: place)
                return node
            }
            place = next
        }
    }

    private static func symbol(of action: Action) -> UInt16 { 0x100 | UInt16(action.rawValue) }

    private func target(of symbol: UInt16, from first: Int32) -> Int32? {
        var place = first
        while place != Self.none {
            if edges[Int(place)].symbol == symbol { return edges[Int(place)].node }
            place = edges[Int(place)].sibling
        }
        return nil
    }

    /// Adds an edge before all others of its node if it stands for a long array, which must be tried before a bracket,
    /// else behind the first.
    private mutating func addEdge(to node: Int32, _ symbol: UInt16, from place: Int32) {
        let edge = Int32(truncatingIfNeeded: edges.count)
        let first = nodes[Int(place)].next
        if first == Self.none || symbol == Self.symbol(of: .longArray) {
            edges.append(Edge(symbol: symbol, node: node, sibling: first))
            nodes[Int(place)].next = edge
        } else {
            edges.append(Edge(symbol: symbol, node: node, sibling: edges[Int(first)].sibling))
            edges[Int(first)].sibling = edge
        }
    }

    /// Makes a branch of a node, with what it had from `count` bytes on behind the only edge.
    private mutating func split(_ place: Int32, at count: Int) {
        let node = nodes[Int(place)]
        var tail = node
        tail.literalStart += Int32(truncatingIfNeeded: count)
        tail.literalCount -= Int32(truncatingIfNeeded: count)
        let tailPlace = Int32(truncatingIfNeeded: nodes.count)
        nodes.append(tail)
        nodes[Int(place)].literalCount = Int32(truncatingIfNeeded: count)
        nodes[Int(place)].action = .branch
        nodes[Int(place)].next = Self.none
        let symbol =
            tail.literalCount == 0 ? Self.symbol(of: tail.action) : UInt16(literals[Int(tail.literalStart)])
        addEdge(to: tailPlace, symbol, from: place)
    }

    private mutating func appendNode(_ bytes: RawSpan, _ literal: Range<Int>, _ action: Action) -> Int32 {
        let start = literalByteCount
        literals.removeLast(Self.padding)
        for offset in literal { literals.append(bytes.byte(at: offset)) }
        literals.append(contentsOf: repeatElement(0, count: Self.padding))
        nodes.append(
            Node(
                literalStart: Int32(truncatingIfNeeded: start),
                literalCount: Int32(truncatingIfNeeded: literal.count),
                action: action,
                next: Self.none
            )
        )
        return Int32(truncatingIfNeeded: nodes.count - 1)
    }

    private func commonPrefix(_ node: Node, _ bytes: RawSpan, _ range: Range<Int>) -> Int {
        let limit = min(Int(node.literalCount), range.count)
        var count = 0
        while count < limit, literals[Int(node.literalStart) + count] == bytes.byte(at: range.lowerBound + count) {
            count += 1
        }
        return count
    }
}
