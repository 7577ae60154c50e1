// SPDX-License-Identifier: Apache-2.0

/// Copies an answer while it walks, with other endpoints.
struct EndpointWalk {
    let table: MessageTable
    var reader: KafkaReader
    private(set) var writer = KafkaWriter()
    private(set) var nodes: [NodeEndpoint] = []
    private(set) var unmapped: [NodeEndpoint] = []
    /// What was read before here is written; what comes from here on is still to be copied.
    private var copied = 0
    /// The endpoints below are controllers', whom the mapping does not know.
    private var namesControllers = false

    typealias Mapping = (NodeEndpoint) -> NodeEndpoint?

    /// DescribeCluster's `endpointType` of controllers; 1 is of brokers.
    private static let controllers: Int8 = 2

    init(table: MessageTable, reader: KafkaReader) {
        self.table = table
        self.reader = reader
    }

    /// Copies the bytes that were walked over.
    mutating func copy(upTo end: Int, _ bytes: RawSpan) {
        writer.add(copied..<end, of: bytes)
        copied = end
    }

    /// An endpoint whose parts are being found.
    private struct Parts {
        var nodeID: Int32 = -1
        var host: String = ""
        /// With its length.
        var hostRange = 0..<0
        var isCompact = false
    }

    /// Walks up to the message's last endpoint, and no further.
    mutating func message(at root: Int, _ bytes: RawSpan, _ mapping: Mapping) throws(KafkaFormatError) {
        let node = table.nodes[root]
        let tagged = (root + 1 + Int(node.untaggedCount))..<(root + 1 + Int(node.innerCount))
        let untagged = (root + 1)..<tagged.lowerBound
        let hasTaggedEndpoint = tagged.contains { table.nodes[$0].marks.contains(.holdsEndpoint) }
        guard let last = untagged.last(where: { table.nodes[$0].marks.contains(.holdsEndpoint) }) else {
            guard hasTaggedEndpoint else { return }
            _ = try fields(at: root, upTo: tagged.lowerBound, bytes, mapping)
            return try tags(of: root, bytes, mapping)
        }
        _ = try fields(at: root, upTo: hasTaggedEndpoint ? tagged.lowerBound : last + 1, bytes, mapping)
        if hasTaggedEndpoint { try tags(of: root, bytes, mapping) }
    }

    /// Returns whether the structure's own endpoint, if it has one, is one that clients may know.
    private mutating func structure(
        at index: Int,
        _ bytes: RawSpan,
        _ mapping: Mapping
    ) throws(KafkaFormatError) -> Bool {
        let node = table.nodes[index]
        let isMapped = try fields(at: index, upTo: index + 1 + Int(node.untaggedCount), bytes, mapping)
        if node.isCompact { try tags(of: index, bytes, mapping) }
        return isMapped
    }

    private mutating func fields(
        at index: Int,
        upTo end: Int,
        _ bytes: RawSpan,
        _ mapping: Mapping
    ) throws(KafkaFormatError) -> Bool {
        var parts = Parts()
        var isMapped = true
        var inner = index + 1
        while inner < end {
            let node = table.nodes[inner]
            if node.marks.contains(.isNode) {
                parts.nodeID = try reader.integer(from: bytes)
            } else if node.marks.contains(.isHost) {
                try host(node, &parts, bytes)
            } else if node.marks.contains(.isPort) {
                isMapped = try replace(parts, bytes, mapping)
            } else if node.marks.contains(.isEndpointKind) {
                namesControllers = try reader.integer(Int8.self, from: bytes) == Self.controllers
            } else if node.marks.contains(.holdsEndpoint) {
                try inside(inner, node, bytes, mapping)
            } else {
                try table.skip(inner, &reader, bytes)
            }
            inner += 1 + Int(node.innerCount)
        }
        return isMapped
    }

    private mutating func host(
        _ node: LayoutNode,
        _ parts: inout Parts,
        _ bytes: RawSpan
    ) throws(KafkaFormatError) {
        let start = reader.byteOffset
        guard let range = try reader.stringRange(isCompact: node.isCompact, from: bytes) else {
            throw KafkaFormatError(.unexpectedNull, at: start)
        }
        parts.host = bytes.text(in: range)
        parts.hostRange = start..<reader.byteOffset
        parts.isCompact = node.isCompact
    }

    /// Reads the port and writes the endpoint that clients may know; returns whether there is one.
    private mutating func replace(
        _ parts: Parts,
        _ bytes: RawSpan,
        _ mapping: Mapping
    ) throws(KafkaFormatError) -> Bool {
        let portStart = reader.byteOffset
        let port = try reader.integer(Int32.self, from: bytes)
        // No coordinator or no leader: host "" and port -1.
        guard !parts.host.isEmpty else { return true }
        let found = NodeEndpoint(nodeID: parts.nodeID, host: parts.host, port: port)
        if !namesControllers { nodes.append(found) }
        let mapped = namesControllers ? nil : mapping(found)
        if mapped == nil { unmapped.append(found) }
        copy(upTo: parts.hostRange.lowerBound, bytes)
        try writer.add(mapped?.host ?? "", isCompact: parts.isCompact)
        copied = parts.hostRange.upperBound
        copy(upTo: portStart, bytes)
        writer.add(mapped?.port ?? -1)
        copied = reader.byteOffset
        return mapped != nil
    }

    /// A structure or an array of structures.
    private mutating func inside(
        _ index: Int,
        _ node: LayoutNode,
        _ bytes: RawSpan,
        _ mapping: Mapping
    ) throws(KafkaFormatError) {
        let start = reader.byteOffset
        guard node.isArray else {
            if node.isNullable, node.tag < 0, try reader.integer(Int8.self, from: bytes) < 0 { return }
            _ = try structure(at: index, bytes, mapping)
            return
        }
        let minimum = Int(node.minimumByteCount)
        guard let count = try reader.arrayCount(isCompact: node.isCompact, minimum: minimum, from: bytes) else {
            guard node.isNullable else { throw KafkaFormatError(.unexpectedNull, at: start) }
            return
        }
        guard node.marks.contains(.isDroppedUnmapped) else {
            for _ in 0..<count { _ = try structure(at: index, bytes, mapping) }
            return
        }
        // How many there are is known only when all have been seen, and stands before them.
        copy(upTo: start, bytes)
        copied = reader.byteOffset
        let before = writer
        writer = KafkaWriter()
        var keptCount = 0
        for _ in 0..<count {
            let elementStart = writer.bytes.count
            let isMapped = try structure(at: index, bytes, mapping)
            copy(upTo: reader.byteOffset, bytes)
            if isMapped { keptCount += 1 } else { writer.bytes.removeLast(writer.bytes.count - elementStart) }
        }
        let elements = writer.bytes
        writer = before
        try writer.addLength(keptCount, isCompact: node.isCompact)
        writer.bytes += elements
    }

    private mutating func tags(of index: Int, _ bytes: RawSpan, _ mapping: Mapping) throws(KafkaFormatError) {
        var count = try reader.unsignedVarint(from: bytes)
        while count > 0 {
            count -= 1
            let tag = try reader.unsignedVarint(from: bytes)
            let sizeStart = reader.byteOffset
            let size = try reader.unsignedVarint(from: bytes)
            let range = try reader.take(Int(size), from: bytes)
            guard let inner = table.tagged(tag, of: index), table.nodes[inner].marks.contains(.holdsEndpoint) else {
                continue
            }
            copy(upTo: sizeStart, bytes)
            copied = range.lowerBound
            reader = KafkaReader(at: range.lowerBound)
            let before = writer
            writer = KafkaWriter()
            try inside(inner, table.nodes[inner], bytes, mapping)
            guard reader.byteOffset == range.upperBound else {
                throw KafkaFormatError(.tagSizeMismatch, at: range.lowerBound)
            }
            copy(upTo: range.upperBound, bytes)
            let content = writer.bytes
            writer = before
            guard let newSize = UInt32(exactly: content.count) else {
                throw KafkaFormatError(.unencodable, at: range.lowerBound)
            }
            writer.addVarint(newSize)
            writer.bytes += content
        }
    }
}
