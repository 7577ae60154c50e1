// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

/// Walks over requests that lie whole in memory, for as long as they tell nothing new.
///
/// The reader stands behind the client id. What is not understood is an error, or nil, and left to others. Layouts:
/// `ProduceRequestSkimmer`, `FetchRequestTopics`.
enum RepeatedMessages {
    private static let produceVersions = MessageLayouts.versions(of: .produce) ?? 0...0
    private static let fetchVersions = MessageLayouts.versions(of: .fetch) ?? 0...0

    /// The acknowledgements that a Produce request asks for; nil when it names a topic that is not remembered.
    @inline(__always)
    static func acks(
        _ frame: RawSpan,
        _ reader: inout KafkaReader,
        _ version: Int16,
        _ topics: inout TopicMemory,
        isWanted: Bool
    ) throws(KafkaFormatError) -> Int16? {
        guard produceVersions.contains(version) else { return nil }
        let isFlexible = version >= 9
        if isFlexible { try reader.skipTags(in: frame) }
        if version >= 3 { _ = try reader.stringRange(isCompact: isFlexible, from: frame) }
        let acks = try reader.integer(Int16.self, from: frame)
        _ = try reader.take(4, from: frame)
        for _ in 0..<(try reader.streamedCount(isCompact: isFlexible, from: frame)) {
            let name =
                version >= 13
                ? try reader.take(16, from: frame) : try reader.stringRange(isCompact: isFlexible, from: frame)
            guard let name, topics.holds(frame.extracting(name)) || !isWanted else { return nil }
            for _ in 0..<(try reader.streamedCount(isCompact: isFlexible, from: frame)) {
                _ = try reader.take(4, from: frame)
                _ = try reader.take(try reader.streamedCount(isCompact: isFlexible, from: frame), from: frame)
                if isFlexible { try reader.skipTags(in: frame) }
            }
            if isFlexible { try reader.skipTags(in: frame) }
        }
        return acks
    }

    /// Whether a Fetch request names remembered topics only.
    @inline(__always)
    static func fetch(
        _ frame: RawSpan,
        _ reader: inout KafkaReader,
        _ version: Int16,
        _ topics: inout TopicMemory,
        isWanted: Bool
    ) throws(KafkaFormatError) -> Bool {
        guard fetchVersions.contains(version) else { return false }
        guard isWanted else { return true }
        if version >= 12 { try reader.skipTags(in: frame) }
        return try FetchRequestTopics.walk(frame, &reader, version: version) { topics.holds($0) }
    }
}
