// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// Reads of a Produce request, versions 0 to 13, what is not records.
///
/// | field | type | versions |
/// |---|---|---|
/// | transactionalId | nullable string | 3+ |
/// | acks | `int16` | |
/// | timeoutMs | `int32` | |
/// | topicData | array: name (to 12) or id (13+), array of partitions: index `int32`, records | |
///
/// From version 9 on lengths are compact, and a section of tagged fields follows each structure.
struct ProduceRequestSkimmer: Skimmer {
    let version: Int16
    var skip = 0
    private(set) var acks: Int16?
    /// Those that the connection had not named before, with their partitions.
    private var newTopics: [KafkaValue] = []
    private var stage = Stage.head
    private var transactionalID: String?
    private var timeout: Int32 = 0
    private var topicsLeft = 0
    private var partitionsLeft = 0
    private var tagsLeft = 0
    /// The topic at hand, when it is new.
    private var topic: KafkaFields.Field?
    private var partitions: [KafkaValue] = []
    private var partitionCount = 0

    private enum Stage { case head, topic, partition, partitionTags, partitionTag, topicTags, topicTag, done }

    init(version: Int16) {
        self.version = version
    }

    private var isFlexible: Bool { version >= 9 }
    var isDone: Bool { stage == .done }

    /// The request as far as it is new; nil when nothing was.
    func fields() -> KafkaFields? {
        guard !newTopics.isEmpty else { return nil }
        var all: [KafkaFields.Field] = []
        if version >= 3 {
            all.append(.init(name: "transactionalId", value: transactionalID.map { .string($0) } ?? .null))
        }
        all.append(.init(name: "acks", value: .integer(Int64(acks ?? 0))))
        all.append(.init(name: "timeoutMs", value: .integer(Int64(timeout))))
        all.append(.init(name: "topicData", value: .array(newTopics)))
        return KafkaFields(all)
    }

    mutating func step(
        _ bytes: RawSpan,
        _ reader: inout KafkaReader,
        _ topics: inout TopicMemory
    ) throws(KafkaFormatError) {
        switch stage {
        case .head: try head(bytes, &reader)
        case .topic: try nextTopic(bytes, &reader, &topics)
        case .partition: try nextPartition(bytes, &reader)
        case .partitionTags: try tags(bytes, &reader, .partitionTag, then: .partition)
        case .partitionTag: try tag(bytes, &reader, then: .partition)
        case .topicTags: try tags(bytes, &reader, .topicTag, then: .topic)
        case .topicTag: try tag(bytes, &reader, then: .topic)
        case .done: break
        }
    }

    private mutating func head(_ bytes: RawSpan, _ reader: inout KafkaReader) throws(KafkaFormatError) {
        var text: Range<Int>?
        if version >= 3 { text = try reader.stringRange(isCompact: isFlexible, from: bytes) }
        let acks = try reader.integer(Int16.self, from: bytes)
        timeout = try reader.integer(from: bytes)
        topicsLeft = try reader.streamedCount(isCompact: isFlexible, from: bytes)
        self.acks = acks
        // At most 15 bytes, as most ids are, cost no allocation.
        transactionalID = text.map { bytes.text(in: $0) }
        stage = .topic
    }

    private mutating func nextTopic(
        _ bytes: RawSpan,
        _ reader: inout KafkaReader,
        _ topics: inout TopicMemory
    ) throws(KafkaFormatError) {
        // The tagged fields of the body are of no interest.
        guard topicsLeft > 0 else { return stage = .done }
        let start = reader.byteOffset
        let range: Range<Int>
        if version >= 13 {
            range = try reader.take(16, from: bytes)
        } else {
            guard let name = try reader.stringRange(isCompact: isFlexible, from: bytes) else {
                throw KafkaFormatError(.unexpectedNull, at: start)
            }
            range = name
        }
        partitionsLeft = try reader.streamedCount(isCompact: isFlexible, from: bytes)
        topicsLeft -= 1
        if topics.insert(bytes.extracting(range)) {
            partitions = []
            topic = try topicField(bytes, range)
        }
        stage = .partition
    }

    private func topicField(_ bytes: RawSpan, _ range: Range<Int>) throws(KafkaFormatError) -> KafkaFields.Field {
        guard version >= 13 else { return .init(name: "name", value: .string(bytes.text(in: range))) }
        var reader = KafkaReader(at: range.lowerBound)
        return .init(name: "topicId", value: .uuid(try reader.uuid(from: bytes)))
    }

    private mutating func nextPartition(_ bytes: RawSpan, _ reader: inout KafkaReader) throws(KafkaFormatError) {
        guard partitionsLeft > 0 else {
            finishTopic()
            return stage = isFlexible ? .topicTags : .topic
        }
        let index = try reader.integer(Int32.self, from: bytes)
        let byteCount = try reader.streamedCount(isCompact: isFlexible, from: bytes)
        partitionsLeft -= 1
        skip = byteCount
        if isFlexible { stage = .partitionTags }
        guard topic != nil, partitionCount < CaptureLimits.skimmedPartitionCount else { return }
        partitionCount += 1
        partitions.append(
            .fields(
                KafkaFields([
                    .init(name: "index", value: .integer(Int64(index))),
                    .init(name: "records", value: .byteCount(byteCount)),
                ])
            )
        )
    }

    private mutating func finishTopic() {
        guard let field = topic else { return }
        topic = nil
        guard newTopics.count < CaptureLimits.skimmedPartitionCount else { return }
        newTopics.append(.fields(KafkaFields([field, .init(name: "partitionData", value: .array(partitions))])))
        partitions = []
    }

    private mutating func tags(
        _ bytes: RawSpan,
        _ reader: inout KafkaReader,
        _ tag: Stage,
        then next: Stage
    ) throws(KafkaFormatError) {
        tagsLeft = Int(try reader.unsignedVarint(from: bytes))
        stage = tagsLeft > 0 ? tag : next
    }

    private mutating func tag(
        _ bytes: RawSpan,
        _ reader: inout KafkaReader,
        then next: Stage
    ) throws(KafkaFormatError) {
        _ = try reader.unsignedVarint(from: bytes)
        skip = Int(try reader.unsignedVarint(from: bytes))
        tagsLeft -= 1
        if tagsLeft == 0 { stage = next }
    }
}
