// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Validates one JSON object and locates chosen values in it, in one pass, without building anything.
///
/// Valid means RFC 8259 without its leniencies: UTF-8, no byte order mark, one object, no key twice in an object at any
/// level (compared after unescaping), no lone surrogate, and the limits of `ScanLimits`. Values are found by the slots
/// of a `PathTable`; their text stays where it is.
///
/// A scanner is reused from event to event and allocates nothing once its buffers have grown. It belongs to one task at
/// a time; make one for each.
///
/// Speed: 1.2 KB events at about 2 GB/s a core; see docs/performance.md before changing a loop.
package struct ObjectScanner: ~Copyable, Sendable {
    private let paths: PathTable
    private let limits: ScanLimits
    private let wantsEveryScalar: Bool

    /// What the last scan found, in the order of the text; nothing when it failed.
    package private(set) var hits: [Hit] = []

    /// For each slot one more than the place of its first hit, 0 for none.
    private var firstHits: [Int32]

    /// Room for the keys of the objects that are open at a time; empty between scans.
    private var openKeys: [OpenKey] = []

    /// Objects and arrays open now.
    private var depth = 0

    /// Values seen so far in this event.
    private var valueCount = 0

    /// End of the text being scanned.
    ///
    /// The bytes may go on behind it, and whole words may be loaded from there, but nothing there counts as text.
    private var end = 0

    /// A key that a new one of the same object is compared with.
    private struct OpenKey: BitwiseCopyable {
        /// The lower half of the key's hash.
        let hash: UInt32
        /// Range of the key's text, without quotes.
        let start: UInt32
        let count: UInt32
        let isEscaped: Bool
    }

    /// - Parameters:
    ///   - paths: what to look for.
    ///   - limits: what an event may cost.
    ///   - wantsEveryScalar: report every other scalar too, in `PathTable.anySlot`; for free-text search.
    package init(_ paths: PathTable, limits: ScanLimits = ScanLimits(), wantsEveryScalar: Bool = false) {
        self.paths = paths
        self.limits = limits
        self.wantsEveryScalar = wantsEveryScalar
        firstHits = Array(repeating: 0, count: paths.slotCount)
    }

    /// The first value found in a slot.
    package func first(_ slot: UInt16) -> Hit? {
        let place = firstHits[Int(slot)]
        return place == 0 ? nil : hits[Int(place) - 1]
    }

    /// Scans the whole of `range`, which must hold one event and at most white space around it.
    ///
    /// - Returns: the range of the object, from its brace to its brace: these bytes are the event.
    /// - Throws: `ScanError`, with an offset in `bytes`. What was found before is discarded.
    @discardableResult
    package mutating func scan(_ bytes: RawSpan, in range: Range<Int>) throws(ScanError) -> Range<Int> {
        let object = try scanFirst(bytes, in: range)
        let rest = JSONLexer.skipWhitespace(bytes, from: object.upperBound, end: range.upperBound)
        guard rest >= range.upperBound else {
            reset()
            throw ScanError(.trailingBytes, at: rest)
        }
        return object
    }

    /// Scans the object at the start of `range` and leaves alone what follows it.
    ///
    /// - Returns: the range of the object, from its brace to its brace.
    /// - Throws: `ScanError`, with an offset in `bytes`. What was found before is discarded.
    package mutating func scanFirst(_ bytes: RawSpan, in range: Range<Int>) throws(ScanError) -> Range<Int> {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.byteCount, "the range is not of these bytes")
        precondition(range.upperBound <= UInt32.max, "a hit has 32 bits for its offset")
        reset()
        end = range.upperBound
        let start = JSONLexer.skipWhitespace(bytes, from: range.lowerBound, end: end)
        guard start < end else { throw ScanError(.empty, at: range.lowerBound) }
        guard bytes.byte(at: start) == UInt8(ascii: "{") else { throw notAnObject(bytes, at: start) }
        let isCut = end - start > limits.maximumByteCount
        if isCut { end = start + limits.maximumByteCount }
        do {
            return start..<(try scanTopLevel(bytes, at: start))
        } catch  where isCut && error.byteOffset >= end {
            throw ScanError(.tooLong, at: end)
        }
    }

    private mutating func reset() {
        var found: [Hit] = []
        swap(&found, &hits)
        var places = firstHits.mutableSpan
        for hit in found where hit.slot != PathTable.anySlot { places[Int(hit.slot)] = 0 }
        found.removeAll(keepingCapacity: true)
        swap(&found, &hits)
        depth = 0
        valueCount = 0
    }

    private func notAnObject(_ bytes: RawSpan, at start: Int) -> ScanError {
        let byte = bytes.byte(at: start)
        // 0xEF begins a UTF-8 mark, 0xFE and 0xFF those of UTF-16 and UTF-32; a zero beside a letter is UTF-16 without one.
        let isOtherEncoding = byte == 0xEF || byte >= 0xFE || byte == 0
        return ScanError(isOtherEncoding ? .notUTF8Encoded : .notAnObject, at: start)
    }

    /// Makes room for whatever the scan can find, scans, and files the hits by slot.
    ///
    /// The buffers leave the scanner meanwhile and are written through spans: appending to a stored array would ask
    /// each time whether it is shared and large enough, which is a tenth of the whole scan. A value takes at least one
    /// byte and counts before its hit is written; of the open keys all but the last have their value: so neither
    /// outgrows its room.
    private mutating func scanTopLevel(_ bytes: RawSpan, at start: Int) throws(ScanError) -> Int {
        let room = min(end - start, limits.maximumValueCount) + 1
        var found: [Hit] = []
        var keys: [OpenKey] = []
        swap(&found, &hits)
        swap(&keys, &openKeys)
        defer { swap(&keys, &openKeys) }
        var close = start
        do {
            try found.append(addingCapacity: room) { (hits: inout OutputSpan<Hit>) throws(ScanError) in
                try keys.append(addingCapacity: room) { (keys: inout OutputSpan<OpenKey>) throws(ScanError) in
                    close = try scanObject(bytes, at: start, node: 0, &hits, &keys)
                }
            }
        } catch {
            keys.removeAll(keepingCapacity: true)
            found.removeAll(keepingCapacity: true)
            swap(&found, &hits)
            throw error
        }
        var places = firstHits.mutableSpan
        for place in found.indices.reversed() where found[place].slot != PathTable.anySlot {
            places[Int(found[place].slot)] = Int32(truncatingIfNeeded: place + 1)
        }
        swap(&found, &hits)
        return close
    }

    // MARK: - Values

    /// Scans the value at `start` and returns the offset behind it.
    ///
    /// `node` is where the path to it led in the table, or `PathTable.noNode`.
    @inline(__always)
    private mutating func scanValue(
        _ bytes: RawSpan,
        at start: Int,
        node: Int32,
        _ hits: inout OutputSpan<Hit>,
        _ keys: inout OutputSpan<OpenKey>
    ) throws(ScanError) -> Int {
        valueCount += 1
        guard valueCount <= limits.maximumValueCount else { throw ScanError(.tooManyValues, at: start) }
        guard JSONLexer.peek(bytes, at: start, end: end) == UInt8(ascii: "\"") else {
            return try scanOtherValue(bytes, at: start, node: node, &hits, &keys)
        }
        let string = try JSONLexer.scanString(bytes, at: start, end: end)
        record(string.kind, start + 1..<string.end - 1, at: node, &hits)
        return string.end
    }

    /// Scans a value that is not a string.
    private mutating func scanOtherValue(
        _ bytes: RawSpan,
        at start: Int,
        node: Int32,
        _ hits: inout OutputSpan<Hit>,
        _ keys: inout OutputSpan<OpenKey>
    ) throws(ScanError) -> Int {
        let kind: JSONKind
        let next: Int
        switch JSONLexer.peek(bytes, at: start, end: end) {
        case UInt8(ascii: "{"):
            return try scanContainer(.object, bytes, at: start, node: node, &hits, &keys)
        case UInt8(ascii: "["):
            return try scanContainer(.array, bytes, at: start, node: node, &hits, &keys)
        case UInt8(ascii: "t"):
            (kind, next) = (.true, try JSONLexer.scanLiteral("true", bytes, at: start, end: end))
        case UInt8(ascii: "f"):
            (kind, next) = (.false, try JSONLexer.scanLiteral("false", bytes, at: start, end: end))
        case UInt8(ascii: "n"):
            (kind, next) = (.null, try JSONLexer.scanLiteral("null", bytes, at: start, end: end))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            (kind, next) = (.number, try JSONLexer.scanNumber(bytes, at: start, end: end))
        default:
            throw notAValue(bytes, at: start)
        }
        record(kind, start..<next, at: node, &hits)
        return next
    }

    private func notAValue(_ bytes: RawSpan, at start: Int) -> ScanError {
        guard start < end else { return ScanError(.truncated, at: end) }
        switch bytes.byte(at: start) {
        case UInt8(ascii: "+"), UInt8(ascii: "."): return ScanError(.invalidNumber, at: start)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            return ScanError(.invalidLiteral, at: start)
        default: return ScanError(.unexpectedByte, at: start)
        }
    }

    /// Scans an object or array; its hit is put before those of its members.
    @inline(__always)
    private mutating func scanContainer(
        _ kind: JSONKind,
        _ bytes: RawSpan,
        at start: Int,
        node: Int32,
        _ hits: inout OutputSpan<Hit>,
        _ keys: inout OutputSpan<OpenKey>
    ) throws(ScanError) -> Int {
        let place = hits.count
        let isWanted = node != PathTable.noNode && paths.nodes[Int(node)].slot != PathTable.noSlot
        if isWanted { record(kind, start..<start, at: node, &hits) }
        let next =
            if case .object = kind {
                try scanObject(bytes, at: start, node: node, &hits, &keys)
            } else {
                try scanArray(bytes, at: start, node: node, &hits, &keys)
            }
        if isWanted { hits[place].byteCount = UInt32(truncatingIfNeeded: next - start) }
        return next
    }

    @inline(never)
    private mutating func scanArray(
        _ bytes: RawSpan,
        at start: Int,
        node: Int32,
        _ hits: inout OutputSpan<Hit>,
        _ keys: inout OutputSpan<OpenKey>
    ) throws(ScanError) -> Int {
        guard depth < limits.maximumDepth else { throw ScanError(.tooDeep, at: start) }
        depth += 1
        let end = end
        let elements = node == PathTable.noNode ? PathTable.noNode : paths.nodes[Int(node)].elements
        var index = JSONLexer.skipWhitespace(bytes, from: start + 1, end: end)
        if JSONLexer.peek(bytes, at: index, end: end) == UInt8(ascii: "]") {
            depth -= 1
            return index + 1
        }
        while true {
            index = try scanValue(bytes, at: index, node: elements, &hits, &keys)
            index = JSONLexer.skipWhitespace(bytes, from: index, end: end)
            switch JSONLexer.peek(bytes, at: index, end: end) {
            case UInt8(ascii: ","):
                index = JSONLexer.skipWhitespace(bytes, from: index + 1, end: end)
                guard JSONLexer.peek(bytes, at: index, end: end) != UInt8(ascii: "]") else {
                    throw ScanError(.trailingComma, at: index)
                }
            case UInt8(ascii: "]"):
                depth -= 1
                return index + 1
            default:
                throw unexpected(at: index)
            }
        }
    }

    @inline(never)
    private mutating func scanObject(
        _ bytes: RawSpan,
        at start: Int,
        node: Int32,
        _ hits: inout OutputSpan<Hit>,
        _ keys: inout OutputSpan<OpenKey>
    ) throws(ScanError) -> Int {
        guard depth < limits.maximumDepth else { throw ScanError(.tooDeep, at: start) }
        depth += 1
        let end = end
        var object = OpenObject(node: node, firstKey: keys.count)
        var index = JSONLexer.skipWhitespace(bytes, from: start + 1, end: end)
        if JSONLexer.peek(bytes, at: index, end: end) == UInt8(ascii: "}") {
            depth -= 1
            return index + 1
        }
        while true {
            guard JSONLexer.peek(bytes, at: index, end: end) == UInt8(ascii: "\"") else {
                throw notAKey(bytes, at: index)
            }
            let key = try JSONLexer.scanString(bytes, at: index, end: end)
            let child = try enter(key.kind, index + 1..<key.end - 1, of: bytes, into: &object, &keys)
            index = JSONLexer.skipWhitespace(bytes, from: key.end, end: end)
            guard JSONLexer.peek(bytes, at: index, end: end) == UInt8(ascii: ":") else { throw unexpected(at: index) }
            index = JSONLexer.skipWhitespace(bytes, from: index + 1, end: end)
            index = try scanValue(bytes, at: index, node: child, &hits, &keys)
            index = JSONLexer.skipWhitespace(bytes, from: index, end: end)
            switch JSONLexer.peek(bytes, at: index, end: end) {
            case UInt8(ascii: ","):
                index = JSONLexer.skipWhitespace(bytes, from: index + 1, end: end)
            case UInt8(ascii: "}"):
                keys.removeLast(keys.count - object.firstKey)
                depth -= 1
                return index + 1
            default:
                throw unexpected(at: index)
            }
        }
    }

    private func notAKey(_ bytes: RawSpan, at index: Int) -> ScanError {
        guard index < end else { return ScanError(.truncated, at: end) }
        switch bytes.byte(at: index) {
        case UInt8(ascii: "}"): return ScanError(.trailingComma, at: index)
        // A brace and a zero: UTF-16 or UTF-32, low byte first.
        case 0: return ScanError(.notUTF8Encoded, at: index)
        default: return ScanError(.unexpectedByte, at: index)
        }
    }

    private func unexpected(at index: Int) -> ScanError {
        index < end ? ScanError(.unexpectedByte, at: index) : ScanError(.truncated, at: end)
    }

    // MARK: - Keys

    // Methods on the way of every key and value are `mutating` although they only read: to call one that is not, the
    // compiler copies the scanner.

    /// An object while its members are scanned.
    private struct OpenObject {
        /// Where the path to it led.
        let node: Int32
        /// The place of its first key among the open ones.
        let firstKey: Int
        /// One bit for each of 64 classes of hashes.
        ///
        /// A key that is the first of its class has no equal before it, which spares nearly all keys of real events
        /// the search.
        private var classes: UInt64 = 0

        init(node: Int32, firstKey: Int) {
            self.node = node
            self.firstKey = firstKey
        }

        /// Whether a key of the same class came before; from now on one has.
        @inline(__always)
        mutating func insertClass(of hash: UInt64) -> Bool {
            let bit: UInt64 = 1 &<< (hash &>> 58)
            defer { classes |= bit }
            return classes & bit != 0
        }
    }

    /// Takes note of a key, after finding that its object does not have it yet, and returns the node it leads to.
    @inline(__always)
    private mutating func enter(
        _ kind: JSONKind,
        _ key: Range<Int>,
        of bytes: RawSpan,
        into object: inout OpenObject,
        _ keys: inout OutputSpan<OpenKey>
    ) throws(ScanError) -> Int32 {
        guard key.count <= limits.maximumKeyByteCount else { throw ScanError(.keyTooLong, at: key.lowerBound) }
        guard keys.count - object.firstKey < limits.maximumKeyCount else {
            throw ScanError(.tooManyKeys, at: key.lowerBound)
        }
        guard case .string = kind else { return try enterEscaped(key, of: bytes, into: &object, &keys) }
        let head = KeyHead(bytes, key)
        let hash = paths.keyHash.hash(bytes, key, head: head)
        if object.insertClass(of: hash) {
            try refuseDuplicate(
                of: key,
                in: bytes,
                at: key.lowerBound,
                hash: hash,
                keys.span,
                from: object.firstKey,
                bytes
            )
        }
        keys.append(
            OpenKey(
                hash: UInt32(truncatingIfNeeded: hash),
                start: UInt32(truncatingIfNeeded: key.lowerBound),
                count: UInt32(truncatingIfNeeded: key.count),
                isEscaped: false
            )
        )
        return paths.child(of: object.node, key: key, in: bytes, head: head, hash: hash)
    }

    /// The same for a key with escapes: rare, so it may allocate.
    @inline(never)
    private mutating func enterEscaped(
        _ key: Range<Int>,
        of bytes: RawSpan,
        into object: inout OpenObject,
        _ keys: inout OutputSpan<OpenKey>
    ) throws(ScanError) -> Int32 {
        let unescaped = Self.unescaped(key, of: bytes)
        let value = unsafe unescaped.span.bytes
        let range = 0..<unescaped.count
        let head = KeyHead(value, range)
        let hash = paths.keyHash.hash(value, range, head: head)
        if object.insertClass(of: hash) {
            try refuseDuplicate(
                of: range,
                in: value,
                at: key.lowerBound,
                hash: hash,
                keys.span,
                from: object.firstKey,
                bytes
            )
        }
        keys.append(
            OpenKey(
                hash: UInt32(truncatingIfNeeded: hash),
                start: UInt32(truncatingIfNeeded: key.lowerBound),
                count: UInt32(truncatingIfNeeded: key.count),
                isEscaped: true
            )
        )
        return paths.child(of: object.node, key: range, in: value, head: head, hash: hash)
    }

    /// Throws when one of the open keys from `firstKey` on, whose text is in `bytes`, is `value[range]`.
    @inline(never)
    private mutating func refuseDuplicate(
        of range: Range<Int>,
        in value: RawSpan,
        at byteOffset: Int,
        hash: UInt64,
        _ keys: Span<OpenKey>,
        from firstKey: Int,
        _ bytes: RawSpan
    ) throws(ScanError) {
        let low = UInt32(truncatingIfNeeded: hash)
        for place in firstKey..<keys.count where keys[place].hash == low {
            guard !Self.isSameKey(keys[place], value.extracting(range), in: bytes) else {
                throw ScanError(.duplicateKey, at: byteOffset)
            }
        }
    }

    private static func isSameKey(_ open: OpenKey, _ value: RawSpan, in bytes: RawSpan) -> Bool {
        let range = Int(open.start)..<Int(open.start) + Int(open.count)
        guard open.isEscaped else { return bytes.extracting(range).equals(value) }
        return unsafe unescaped(range, of: bytes).span.bytes.equals(value)
    }

    private static func unescaped(_ key: Range<Int>, of bytes: RawSpan) -> [UInt8] {
        var text: [UInt8] = []
        for offset in key { text.append(bytes.byte(at: offset)) }
        var value: [UInt8] = []
        JSONString.decode(text.span, into: &value)
        return value
    }

    // MARK: - Hits

    @inline(__always)
    private mutating func record(_ kind: JSONKind, _ range: Range<Int>, at node: Int32, _ hits: inout OutputSpan<Hit>) {
        var slot = PathTable.noSlot
        if node != PathTable.noNode { slot = paths.nodes[Int(node)].slot }
        if slot == PathTable.noSlot {
            guard wantsEveryScalar else { return }
            slot = Int32(PathTable.anySlot)
        }
        hits.append(
            Hit(
                slot: UInt16(truncatingIfNeeded: slot),
                kind: kind,
                byteOffset: UInt32(truncatingIfNeeded: range.lowerBound),
                byteCount: UInt32(truncatingIfNeeded: range.count)
            )
        )
    }
}
