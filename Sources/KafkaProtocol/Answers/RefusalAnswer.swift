// SPDX-License-Identifier: Apache-2.0

/// Answers in a broker's place to requests that must not reach it.
///
/// An answer is put together from its layout: every error code is the one given, arrays marked `mirrors` have an element for
/// each of the request's, with the fields marked `key` repeated, and all else says nothing: null, empty, 0 or the default.
package enum RefusalAnswer {
    /// A whole answer, without the length before it.
    ///
    /// The request is to be decoded with `.everything`, for what the answer repeats may be marked `quiet`. Without it an answer
    /// can be made only where the message as a whole has an error code.
    ///
    /// - Returns: Nil where the answer would have no error code anywhere: the API or version is not described, the answer has
    ///   none, or the request asked for nothing that could have one. The connection has to be closed then.
    package static func make(_ header: RequestHeader, _ request: KafkaFields?, errorCode: Int16) -> [UInt8]? {
        let table = MessageTable.shared
        let (api, version) = (header.apiKey, header.apiVersion)
        guard let root = table.root(api, version: version, .answer) else { return nil }
        var refusal = RefusalWriter(table: table, errorCode: errorCode)
        refusal.writer.add(header.correlationID)
        if MessageLayouts.hasTaggedAnswerHeader(api, version: version) { refusal.writer.addVarint(0) }
        do throws(KafkaFormatError) {
            try refusal.addFields(of: root, asked: request.map { .fields($0) })
        } catch {
            return nil
        }
        return refusal.hasErrorCode ? refusal.writer.bytes : nil
    }
}

private struct RefusalWriter {
    let table: MessageTable
    let errorCode: Int16
    var writer = KafkaWriter()
    var hasErrorCode = false

    init(table: MessageTable, errorCode: Int16) {
        self.table = table
        self.errorCode = errorCode
    }

    /// Writes a structure; `asked` is the request, or its element that the structure answers.
    mutating func addFields(of index: Int, asked: KafkaValue?) throws(KafkaFormatError) {
        let node = table.nodes[index]
        var inner = index + 1
        let end = inner + Int(node.untaggedCount)
        while inner < end {
            try add(inner, asked: asked)
            inner += 1 + Int(table.nodes[inner].innerCount)
        }
        if node.isCompact { writer.addVarint(0) }
    }

    private mutating func add(_ index: Int, asked: KafkaValue?) throws(KafkaFormatError) {
        let node = table.nodes[index]
        let hint = node.hint >= 0 ? table.hints[Int(node.hint)] : nil
        if node.isArray { return try addArray(index, node, mirrors: hint?.mirrors ?? [], asked: asked) }
        if node.marks.contains(.isErrorCode) {
            hasErrorCode = true
            return writer.add(errorCode)
        }
        let repeated = hint?.key.flatMap { Self.part(of: asked, named: $0) }
        switch node.kind {
        case .bool, .int8: writer.add(number(repeated, hint, Int8.self))
        case .int16, .uint16: writer.add(number(repeated, hint, Int16.self))
        case .int32: writer.add(number(repeated, hint, Int32.self))
        case .int64, .float64: writer.add(number(repeated, hint, Int64.self))
        case .uuid:
            writer.add(repeated?.uuid?.high ?? 0)
            writer.add(repeated?.uuid?.low ?? 0)
        case .string:
            if let text = repeated?.string ?? (node.isNullable ? nil : "") {
                try writer.add(text, isCompact: node.isCompact)
            } else {
                try writer.addStringLength(nil, isCompact: node.isCompact)
            }
        // Empty even where null is allowed: librdkafka takes a Fetch answer with records of length -1 for a broken one.
        case .bytes: try writer.addLength(0, isCompact: node.isCompact)
        case .structure:
            guard !node.isNullable else { return writer.add(Int8(-1)) }
            try addFields(of: index, asked: nil)
        }
    }

    private mutating func addArray(
        _ index: Int,
        _ node: LayoutNode,
        mirrors: [[Substring]],
        asked: KafkaValue?
    ) throws(KafkaFormatError) {
        let elements = mirrors.flatMap { Self.elements(of: asked, at: $0) }
        let isNull = elements.isEmpty && node.isNullable
        try writer.addLength(isNull ? nil : elements.count, isCompact: node.isCompact)
        for element in elements { try addFields(of: index, asked: element) }
    }

    private func number<Integer: FixedWidthInteger>(
        _ repeated: KafkaValue?,
        _ hint: LayoutHint?,
        _ type: Integer.Type
    ) -> Integer {
        Integer(truncatingIfNeeded: repeated?.integer ?? hint?.standard ?? 0)
    }

    /// A field of the request's element, or the element itself where it is no structure.
    private static func part(of asked: KafkaValue?, named name: String) -> KafkaValue? {
        asked?.fields.map { $0[name] } ?? asked
    }

    /// The elements of an array of the request's; where a path leads through arrays, those of all of them.
    private static func elements(of asked: KafkaValue?, at path: [Substring]) -> [KafkaValue] {
        var found: [KafkaValue] = asked.map { [$0] } ?? []
        for name in path { found = found.flatMap { $0.fields?[String(name)]?.elements ?? [] } }
        return found
    }
}
