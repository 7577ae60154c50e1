// SPDX-License-Identifier: Apache-2.0

/// Makes values of a message's bytes, guided by the descriptions in Tools/kafka-messages.
///
/// Fields come in the order of the wire, tagged fields last. A tagged field that is not there is not in the result; tagged fields
/// that are not described are walked over. Whatever is a secret is `.withheld` and nowhere else.
package struct MessageDecoder: Sendable {
    package enum Keeping: Sendable {
        /// Fields that are marked `quiet` in the description are walked and not kept.
        case audited
        /// All but secrets; for refusals, which repeat what was asked for, and for tests.
        case everything
    }

    package let maximumValueCount: Int

    package init(maximumValueCount: Int = DecodingLimits.valueCount) {
        self.maximumValueCount = maximumValueCount
    }

    /// Decodes one message.
    ///
    /// The body begins behind the header. What follows the message is ignored: brokers do so, and clients send it.
    ///
    /// - Throws: `unknownLayout` for what is not described; the offsets of others count from the body's first byte.
    package func decode(
        _ body: RawSpan,
        _ api: APIKey,
        version: Int16,
        _ direction: MessageDirection,
        keeping: Keeping = .audited
    ) throws(KafkaFormatError) -> KafkaFields {
        let table = MessageTable.shared
        guard let root = table.root(api, version: version, direction) else {
            throw KafkaFormatError(.unknownLayout, at: 0)
        }
        var walk = ValueWalk(table: table, keepsQuiet: keeping == .everything, valuesLeft: maximumValueCount)
        return try walk.fields(at: root, body)
    }
}

/// Keeps values while it walks.
private struct ValueWalk {
    let table: MessageTable
    let keepsQuiet: Bool
    var valuesLeft: Int
    var reader = KafkaReader()

    init(table: MessageTable, keepsQuiet: Bool, valuesLeft: Int) {
        self.table = table
        self.keepsQuiet = keepsQuiet
        self.valuesLeft = valuesLeft
    }

    /// What a structure's secrecy by name depends on.
    private struct Secrecy {
        /// Until the name is known all is.
        var isSensitive = true
        /// Where among the fields kept those stand that `makesSecret` is about.
        var guarded: [Int] = []
    }

    /// The fields of the structure at a node.
    mutating func fields(at index: Int, _ bytes: RawSpan) throws(KafkaFormatError) -> KafkaFields {
        var kept: [KafkaFields.Field] = []
        var secrecy = Secrecy()
        let node = table.nodes[index]
        var inner = index + 1
        let end = inner + Int(node.untaggedCount)
        while inner < end {
            if let value = try keptValue(at: inner, kept.count, &secrecy, bytes) {
                add(value, at: inner, to: &kept, secrecy)
            }
            inner += 1 + Int(table.nodes[inner].innerCount)
        }
        if node.isCompact { try tags(of: index, bytes, &kept, &secrecy) }
        return KafkaFields(kept)
    }

    private mutating func add(
        _ value: KafkaValue,
        at index: Int,
        to kept: inout [KafkaFields.Field],
        _ secrecy: Secrecy
    ) {
        let node = table.nodes[index]
        if node.marks.contains(.makesSecret), value == .bool(true) {
            for place in secrecy.guarded where kept[place].value != .null {
                kept[place] = KafkaFields.Field(name: kept[place].name, value: .withheld)
            }
        }
        kept.append(KafkaFields.Field(name: table.names[Int(node.name)], value: value))
    }

    /// A section of tagged fields; the described ones are kept.
    private mutating func tags(
        of index: Int,
        _ bytes: RawSpan,
        _ kept: inout [KafkaFields.Field],
        _ secrecy: inout Secrecy
    ) throws(KafkaFormatError) {
        var count = try reader.unsignedVarint(from: bytes)
        while count > 0 {
            count -= 1
            let tag = try reader.unsignedVarint(from: bytes)
            let size = try reader.unsignedVarint(from: bytes)
            let range = try reader.take(Int(size), from: bytes)
            guard let inner = table.tagged(tag, of: index) else { continue }
            reader = KafkaReader(at: range.lowerBound)
            let value = try keptValue(at: inner, kept.count, &secrecy, bytes)
            guard reader.byteOffset == range.upperBound else {
                throw KafkaFormatError(.tagSizeMismatch, at: range.lowerBound)
            }
            guard let value else { continue }
            // Of a tag that is sent twice brokers take the last, so its value is what took effect.
            let name = table.names[Int(table.nodes[inner].name)]
            kept.removeAll { $0.name == name }
            add(value, at: inner, to: &kept, secrecy)
        }
    }

    /// The value of the field at a node; nil where it is not kept.
    @inline(__always)
    private mutating func keptValue(
        at index: Int,
        _ place: Int,
        _ secrecy: inout Secrecy,
        _ bytes: RawSpan
    ) throws(KafkaFormatError) -> KafkaValue? {
        let marks = table.nodes[index].marks
        if marks.contains(.isQuiet), !keepsQuiet {
            try table.skip(index, &reader, bytes)
            return nil
        }
        guard !marks.isDisjoint(with: .aboutSecrets) else { return try value(at: index, bytes) }
        if marks.contains(.isSecret) || marks.contains(.isSecretByName) && secrecy.isSensitive {
            return try withheld(at: index, bytes)
        }
        let value = try value(at: index, bytes)
        if marks.contains(.isSecretByName) { secrecy.guarded.append(place) }
        if marks.contains(.decidesSecrecy) { secrecy.isSensitive = SensitiveNames.contains(value.string) }
        return value
    }

    /// That there was a secret; that there was none is no secret.
    private mutating func withheld(at index: Int, _ bytes: RawSpan) throws(KafkaFormatError) -> KafkaValue {
        let wasNull = try table.skip(index, &reader, bytes)
        return wasNull ? .null : .withheld
    }

    private mutating func value(at index: Int, _ bytes: RawSpan) throws(KafkaFormatError) -> KafkaValue {
        let node = table.nodes[index]
        guard node.isArray else { return try element(at: index, node, isNullable: node.isNullable, bytes) }
        let start = reader.byteOffset
        guard
            let count = try reader.arrayCount(
                isCompact: node.isCompact,
                minimum: Int(node.minimumByteCount),
                from: bytes
            )
        else {
            guard node.isNullable else { throw KafkaFormatError(.unexpectedNull, at: start) }
            return .null
        }
        // Each element is counted when it is read; before that there has to be room for all.
        guard count <= valuesLeft else { throw KafkaFormatError(.tooManyValues, at: start) }
        var values: [KafkaValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try element(at: index, node, isNullable: false, bytes)) }
        return .array(values)
    }

    /// A value that is no array, or an array's element.
    private mutating func element(
        at index: Int,
        _ node: LayoutNode,
        isNullable: Bool,
        _ bytes: RawSpan
    ) throws(KafkaFormatError) -> KafkaValue {
        try countValue()
        switch node.kind {
        case .bool: return .bool(try reader.integer(UInt8.self, from: bytes) != 0)
        case .int8: return .integer(Int64(try reader.integer(Int8.self, from: bytes)))
        case .int16: return .integer(Int64(try reader.integer(Int16.self, from: bytes)))
        case .uint16: return .integer(Int64(try reader.integer(UInt16.self, from: bytes)))
        case .int32: return .integer(Int64(try reader.integer(Int32.self, from: bytes)))
        case .int64: return .integer(try reader.integer(Int64.self, from: bytes))
        case .float64: return .float(Double(bitPattern: try reader.integer(UInt64.self, from: bytes)))
        case .uuid: return .uuid(try reader.uuid(from: bytes))
        case .string:
            let start = reader.byteOffset
            let range = try reader.stringRange(isCompact: node.isCompact, from: bytes)
            return try orNull(range, isNullable, start) { .string(bytes.text(in: $0)) }
        case .bytes:
            let start = reader.byteOffset
            let range = try reader.bytesRange(isCompact: node.isCompact, from: bytes)
            return try orNull(range, isNullable, start) { .byteCount($0.count) }
        case .structure:
            // A structure that may be null says in a byte whether it is (KIP-893); a tag is simply not there instead.
            if isNullable, node.tag < 0, try reader.integer(Int8.self, from: bytes) < 0 { return .null }
            return .fields(try fields(at: index, bytes))
        }
    }

    @inline(__always)
    private func orNull(
        _ range: Range<Int>?,
        _ isNullable: Bool,
        _ start: Int,
        _ make: (Range<Int>) -> KafkaValue
    ) throws(KafkaFormatError) -> KafkaValue {
        guard let range else {
            guard isNullable else { throw KafkaFormatError(.unexpectedNull, at: start) }
            return .null
        }
        return make(range)
    }

    private mutating func countValue() throws(KafkaFormatError) {
        guard valuesLeft > 0 else { throw KafkaFormatError(.tooManyValues, at: reader.byteOffset) }
        valuesLeft -= 1
    }
}
