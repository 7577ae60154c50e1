// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

/// Walks over the topics of a Fetch request, versions 0 to 18, that lies whole in memory.
enum FetchRequestTopics {
    /// Notes the topics; returns whether one of them was not there.
    static func note(
        _ body: RawSpan,
        version: Int16,
        in memory: inout TopicMemory
    ) throws(KafkaFormatError) -> Bool {
        var reader = KafkaReader()
        var isNew = false
        _ = try walk(body, &reader, version: version) { topic in
            if memory.insert(topic) { isNew = true }
            return true
        }
        return isNew
    }

    /// Hands each topic's name or id to a function that says whether to go on; returns whether it did so to the end.
    @inline(__always)
    static func walk(
        _ body: RawSpan,
        _ reader: inout KafkaReader,
        version: Int16,
        _ take: (RawSpan) -> Bool
    ) throws(KafkaFormatError) -> Bool {
        let isFlexible = version >= 12
        // replicaId, maxWaitMs, minBytes, maxBytes, isolationLevel, sessionId and sessionEpoch.
        let fixed =
            (version <= 14 ? 4 : 0) + 8 + (version >= 3 ? 4 : 0) + (version >= 4 ? 1 : 0) + (version >= 7 ? 8 : 0)
        _ = try reader.take(fixed, from: body)
        // partition, currentLeaderEpoch, fetchOffset, lastFetchedEpoch, logStartOffset, partitionMaxBytes.
        let partition = 16 + (version >= 9 ? 4 : 0) + (version >= 12 ? 4 : 0) + (version >= 5 ? 8 : 0)
        let count = try reader.arrayCount(isCompact: isFlexible, minimum: 2, from: body) ?? 0
        for _ in 0..<count {
            let start = reader.byteOffset
            let name =
                version >= 13
                ? try reader.take(16, from: body) : try reader.stringRange(isCompact: isFlexible, from: body)
            guard let name else { throw KafkaFormatError(.unexpectedNull, at: start) }
            guard take(body.extracting(name)) else { return false }
            let partitions = try reader.arrayCount(isCompact: isFlexible, minimum: partition, from: body) ?? 0
            if isFlexible {
                for _ in 0..<partitions {
                    _ = try reader.take(partition, from: body)
                    try reader.skipTags(in: body)
                }
                try reader.skipTags(in: body)
            } else {
                _ = try reader.take(partition * partitions, from: body)
            }
        }
        return true
    }
}

/// Whether an answer that lies whole in memory tells of an error, and whether of brokers' addresses.
struct AnswerGlance: Equatable {
    var hasError = false
    /// The tagged field of KIP-951 is there.
    var hasEndpoints = false

    /// A Produce answer, versions 0 to 13, behind its correlation id.
    static func produce(_ body: RawSpan, version: Int16) throws(KafkaFormatError) -> AnswerGlance {
        let isFlexible = version >= 9
        var glance = AnswerGlance()
        var reader = KafkaReader()
        if isFlexible { try reader.skipTags(in: body) }
        let count = try reader.arrayCount(isCompact: isFlexible, minimum: 2, from: body) ?? 0
        for _ in 0..<count {
            if version >= 13 {
                _ = try reader.take(16, from: body)
            } else {
                _ = try reader.stringRange(isCompact: isFlexible, from: body)
            }
            let partitions = try reader.arrayCount(isCompact: isFlexible, minimum: 14, from: body) ?? 0
            for _ in 0..<partitions { try glance.producedPartition(body, version: version, &reader) }
            if isFlexible { try reader.skipTags(in: body) }
        }
        if version >= 1 { _ = try reader.take(4, from: body) }
        if version >= 10 { glance.hasEndpoints = try hasFirstTag(body, &reader) }
        return glance
    }

    private mutating func producedPartition(
        _ body: RawSpan,
        version: Int16,
        _ reader: inout KafkaReader
    ) throws(KafkaFormatError) {
        let isFlexible = version >= 9
        _ = try reader.take(4, from: body)
        if try reader.integer(Int16.self, from: body) != 0 { hasError = true }
        // baseOffset, logAppendTimeMs, logStartOffset.
        _ = try reader.take(8 + (version >= 2 ? 8 : 0) + (version >= 5 ? 8 : 0), from: body)
        if version >= 8 {
            let errors = try reader.arrayCount(isCompact: isFlexible, minimum: 5, from: body) ?? 0
            for _ in 0..<errors {
                _ = try reader.take(4, from: body)
                _ = try reader.stringRange(isCompact: isFlexible, from: body)
                if isFlexible { try reader.skipTags(in: body) }
            }
            _ = try reader.stringRange(isCompact: isFlexible, from: body)
        }
        if isFlexible { try reader.skipTags(in: body) }
    }

    /// A Fetch answer, versions 0 to 18, behind its correlation id.
    static func fetch(_ body: RawSpan, version: Int16) throws(KafkaFormatError) -> AnswerGlance {
        let isFlexible = version >= 12
        var glance = AnswerGlance()
        var reader = KafkaReader()
        if isFlexible { try reader.skipTags(in: body) }
        if version >= 1 { _ = try reader.take(4, from: body) }
        if version >= 7 {
            if try reader.integer(Int16.self, from: body) != 0 { glance.hasError = true }
            _ = try reader.take(4, from: body)
        }
        for _ in 0..<(try reader.streamedCount(isCompact: isFlexible, from: body)) {
            let start = reader.byteOffset
            let topic =
                version >= 13
                ? try reader.take(16, from: body) : try reader.stringRange(isCompact: isFlexible, from: body)
            guard topic != nil else { throw KafkaFormatError(.unexpectedNull, at: start) }
            for _ in 0..<(try reader.streamedCount(isCompact: isFlexible, from: body)) {
                try glance.fetchedPartition(body, version: version, &reader)
            }
            if isFlexible { try reader.skipTags(in: body) }
        }
        if version >= 16 { glance.hasEndpoints = try hasFirstTag(body, &reader) }
        return glance
    }

    @inline(__always)
    private mutating func fetchedPartition(
        _ body: RawSpan,
        version: Int16,
        _ reader: inout KafkaReader
    ) throws(KafkaFormatError) {
        let isFlexible = version >= 12
        _ = try reader.take(4, from: body)
        if try reader.integer(Int16.self, from: body) != 0 { hasError = true }
        // highWatermark, lastStableOffset, logStartOffset.
        _ = try reader.take(version >= 5 ? 24 : version >= 4 ? 16 : 8, from: body)
        if version >= 4 {
            for _ in 0..<(try reader.streamedCount(isCompact: isFlexible, from: body)) {
                _ = try reader.take(16, from: body)
                if isFlexible { try reader.skipTags(in: body) }
            }
        }
        // preferredReadReplica.
        if version >= 11 { _ = try reader.take(4, from: body) }
        _ = try reader.take(try reader.streamedCount(isCompact: isFlexible, from: body), from: body)
        if isFlexible { try reader.skipTags(in: body) }
    }

    /// Whether tag 0 is among the tagged fields that begin here.
    static func hasFirstTag(_ bytes: RawSpan, _ reader: inout KafkaReader) throws(KafkaFormatError) -> Bool {
        var count = try reader.unsignedVarint(from: bytes)
        var isThere = false
        while count > 0 {
            if try reader.unsignedVarint(from: bytes) == 0 { isThere = true }
            _ = try reader.take(Int(try reader.unsignedVarint(from: bytes)), from: bytes)
            count -= 1
        }
        return isThere
    }
}

/// The tagged fields at the end of a Fetch answer whose length has been sent already.
enum FetchTail {
    /// No version has a field of this tag, so clients walk over it.
    private static let unknownTag: UInt8 = 0x7f

    /// Makes addresses of brokers (KIP-951) a field that nobody knows, and blanks them; the length stays.
    ///
    /// Returns: The addresses that stood there.
    static func hideEndpoints(_ tail: inout [UInt8]) throws(KafkaFormatError) -> [NodeEndpoint] {
        // SAFETY: the span is used before the array is changed, and every byte of an array of bytes is initialised.
        let found = try unsafe endpoints(tail.span.bytes)
        for tag in found.tags { tail[tag] |= unknownTag }
        for range in found.blanked { for index in range { tail[index] = UInt8(ascii: " ") } }
        return found.nodes
    }

    private struct Found {
        var tags: [Int] = []
        var blanked: [Range<Int>] = []
        var nodes: [NodeEndpoint] = []
    }

    private static func endpoints(_ tail: RawSpan) throws(KafkaFormatError) -> Found {
        var found = Found()
        var reader = KafkaReader()
        var count = try reader.unsignedVarint(from: tail)
        while count > 0 {
            count -= 1
            let start = reader.byteOffset
            let tag = try reader.unsignedVarint(from: tail)
            let field = try reader.take(Int(try reader.unsignedVarint(from: tail)), from: tail)
            guard tag == 0 else { continue }
            found.tags.append(start)
            var inner = KafkaReader(at: field.lowerBound)
            let nodes = try inner.arrayCount(isCompact: true, minimum: 11, from: tail) ?? 0
            for _ in 0..<nodes {
                let nodeID = try inner.integer(Int32.self, from: tail)
                let host = try inner.stringRange(isCompact: true, from: tail) ?? 0..<0
                let port = try inner.integer(Int32.self, from: tail)
                _ = try inner.stringRange(isCompact: true, from: tail)
                try inner.skipTags(in: tail)
                found.blanked.append(host)
                found.nodes.append(NodeEndpoint(nodeID: nodeID, host: tail.text(in: host), port: port))
            }
        }
        return found
    }
}
