// SPDX-License-Identifier: Apache-2.0

// MARK: - Walking over what is not kept

extension MessageTable {
    /// The node of a structure's tagged field.
    func tagged(_ tag: UInt32, of structure: Int) -> Int? {
        let node = nodes[structure]
        var inner = structure + 1 + Int(node.untaggedCount)
        let end = structure + 1 + Int(node.innerCount)
        while inner < end {
            if nodes[inner].tag == tag { return inner }
            inner += 1 + Int(nodes[inner].innerCount)
        }
        return nil
    }

    /// Walks over a field, allocates nothing, and returns whether it was null.
    @discardableResult
    func skip(_ index: Int, _ reader: inout KafkaReader, _ bytes: RawSpan) throws(KafkaFormatError) -> Bool {
        try nodes.span.skip(index, &reader, bytes)
    }
}

/// The row of nodes, without an owner that would be counted at every step.
extension Span<LayoutNode> {
    fileprivate func skip(
        _ index: Int,
        _ reader: inout KafkaReader,
        _ bytes: RawSpan
    ) throws(KafkaFormatError) -> Bool {
        let node = self[index]
        guard node.isArray else {
            return try skipElement(index, node, isNullable: node.isNullable, &reader, bytes)
        }
        let start = reader.byteOffset
        let minimum = Int(node.minimumByteCount)
        guard let count = try reader.arrayCount(isCompact: node.isCompact, minimum: minimum, from: bytes) else {
            guard node.isNullable else { throw KafkaFormatError(.unexpectedNull, at: start) }
            return true
        }
        if let size = node.kind.fixedByteCount {
            // No overflow: the count was compared with the bytes left.
            _ = try reader.take(count * size, from: bytes)
            return false
        }
        for _ in 0..<count { _ = try skipElement(index, node, isNullable: false, &reader, bytes) }
        return false
    }

    private func skipElement(
        _ index: Int,
        _ node: LayoutNode,
        isNullable: Bool,
        _ reader: inout KafkaReader,
        _ bytes: RawSpan
    ) throws(KafkaFormatError) -> Bool {
        if let size = node.kind.fixedByteCount {
            _ = try reader.take(size, from: bytes)
            return false
        }
        let start = reader.byteOffset
        if node.kind == .structure {
            if isNullable, node.tag < 0, try reader.integer(Int8.self, from: bytes) < 0 { return true }
            try skipFields(index, node, &reader, bytes)
            return false
        }
        let range =
            node.kind == .string
            ? try reader.stringRange(isCompact: node.isCompact, from: bytes)
            : try reader.bytesRange(isCompact: node.isCompact, from: bytes)
        guard range != nil || isNullable else { throw KafkaFormatError(.unexpectedNull, at: start) }
        return range == nil
    }

    private func skipFields(
        _ index: Int,
        _ node: LayoutNode,
        _ reader: inout KafkaReader,
        _ bytes: RawSpan
    ) throws(KafkaFormatError) {
        var inner = index + 1
        let end = inner + Int(node.untaggedCount)
        while inner < end {
            let field = self[inner]
            guard field.fixedCount == 0 else {
                _ = try reader.take(Int(field.fixedByteCount), from: bytes)
                inner += Int(field.fixedCount)
                continue
            }
            _ = try skip(inner, &reader, bytes)
            inner += 1 + Int(field.innerCount)
        }
        // What a tag holds is not looked into: its size says where it ends.
        if node.isCompact { try reader.skipTags(in: bytes) }
    }
}
