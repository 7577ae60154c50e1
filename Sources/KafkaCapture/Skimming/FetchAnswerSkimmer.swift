// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// Reads of a Fetch answer, versions 0 to 18, the error codes, and walks over everything else.
///
/// | field | type | versions |
/// |---|---|---|
/// | throttleTimeMs | `int32` | 1+ |
/// | errorCode, sessionId | `int16`, `int32` | 7+ |
/// | responses | array: topic (to 12) or topicId (13+), array of partitions | |
///
/// A partition is its index `int32`, errorCode `int16`, highWatermark `int64`, lastStableOffset `int64` (4+), logStartOffset
/// `int64` (5+), abortedTransactions, an array of two `int64` each (4+), preferredReadReplica `int32` (11+), records.
///
/// From version 12 on lengths are compact, and a section of tagged fields follows each structure. The skimmer is done before the
/// section of the body, which holds brokers' addresses from version 16 on.
struct FetchAnswerSkimmer: Skimmer {
    let version: Int16
    let keeps: Keeping
    var skip = 0
    private(set) var hasError = false
    private var stage = Stage.head
    private var throttleTime: Int32 = 0
    private var errorCode: Int16 = 0
    private var session: Int32 = 0
    private var topicsLeft = 0
    private var partitionsLeft = 0
    private var abortedLeft = 0
    private var tagsLeft = 0
    private var afterTags = Stage.done
    private var topic: KafkaFields.Field?
    private var partitions: [KafkaValue] = []
    private var partitionCount = 0
    private var topics: [KafkaValue] = []

    private enum Stage { case head, topic, partition, aborted, records, tags, tag, done }

    enum Keeping {
        case nothing
        /// Partitions with an error.
        case errors
        case everything
    }

    init(version: Int16, keeps: Keeping) {
        self.version = version
        self.keeps = keeps
        // The header's tagged fields come first.
        if version >= 12 {
            stage = .tags
            afterTags = .head
        }
    }

    private var isFlexible: Bool { version >= 12 }
    var isDone: Bool { stage == .done }

    /// The answer as far as it was kept.
    func fields() -> KafkaFields {
        var all: [KafkaFields.Field] = []
        if version >= 1 { all.append(.init(name: "throttleTimeMs", value: .integer(Int64(throttleTime)))) }
        if version >= 7 {
            all.append(.init(name: "errorCode", value: .integer(Int64(errorCode))))
            all.append(.init(name: "sessionId", value: .integer(Int64(session))))
        }
        all.append(.init(name: "responses", value: .array(topics)))
        return KafkaFields(all)
    }

    mutating func step(
        _ bytes: RawSpan,
        _ reader: inout KafkaReader,
        _ memory: inout TopicMemory
    ) throws(KafkaFormatError) {
        switch stage {
        case .head: try head(bytes, &reader)
        case .topic: try nextTopic(bytes, &reader)
        case .partition: try nextPartition(bytes, &reader)
        case .aborted: try nextAborted(bytes, &reader)
        case .records: try records(bytes, &reader)
        case .tags:
            tagsLeft = Int(try reader.unsignedVarint(from: bytes))
            stage = tagsLeft > 0 ? .tag : afterTags
        case .tag:
            _ = try reader.unsignedVarint(from: bytes)
            skip = Int(try reader.unsignedVarint(from: bytes))
            tagsLeft -= 1
            if tagsLeft == 0 { stage = afterTags }
        case .done: break
        }
    }

    private mutating func head(_ bytes: RawSpan, _ reader: inout KafkaReader) throws(KafkaFormatError) {
        if version >= 1 { throttleTime = try reader.integer(from: bytes) }
        if version >= 7 {
            errorCode = try reader.integer(from: bytes)
            session = try reader.integer(from: bytes)
        }
        topicsLeft = try reader.streamedCount(isCompact: isFlexible, from: bytes)
        if errorCode != 0 { hasError = true }
        enter(.topic)
    }

    /// Goes on with the next topic or partition, or where there is none with what stands behind them.
    private mutating func enter(_ next: Stage) {
        stage = next
        if stage == .partition, partitionsLeft == 0 {
            finishTopic()
            guard !isFlexible else {
                afterTags = .topic
                return stage = .tags
            }
            stage = .topic
        }
        if stage == .topic, topicsLeft == 0 { stage = .done }
    }

    private mutating func nextTopic(_ bytes: RawSpan, _ reader: inout KafkaReader) throws(KafkaFormatError) {
        // The last topic's tagged fields lead here.
        guard topicsLeft > 0 else { return stage = .done }
        let start = reader.byteOffset
        var field: KafkaFields.Field?
        if version >= 13 {
            let id = try reader.uuid(from: bytes)
            if keeps != .nothing { field = .init(name: "topicId", value: .uuid(id)) }
        } else {
            guard let name = try reader.stringRange(isCompact: isFlexible, from: bytes) else {
                throw KafkaFormatError(.unexpectedNull, at: start)
            }
            if keeps != .nothing { field = .init(name: "topic", value: .string(bytes.text(in: name))) }
        }
        partitionsLeft = try reader.streamedCount(isCompact: isFlexible, from: bytes)
        topicsLeft -= 1
        topic = field
        enter(.partition)
    }

    private mutating func nextPartition(_ bytes: RawSpan, _ reader: inout KafkaReader) throws(KafkaFormatError) {
        guard partitionsLeft > 0 else { return enter(.partition) }
        let index = try reader.integer(Int32.self, from: bytes)
        let errorCode = try reader.integer(Int16.self, from: bytes)
        _ = try reader.take(version >= 5 ? 24 : version >= 4 ? 16 : 8, from: bytes)
        abortedLeft = version >= 4 ? try reader.streamedCount(isCompact: isFlexible, from: bytes) : 0
        partitionsLeft -= 1
        if errorCode != 0 { hasError = true }
        keep(index, errorCode)
        stage = abortedLeft > 0 ? .aborted : .records
    }

    private mutating func keep(_ index: Int32, _ errorCode: Int16) {
        guard keeps == .everything || keeps == .errors && errorCode != 0,
            partitionCount < CaptureLimits.skimmedPartitionCount
        else { return }
        partitionCount += 1
        partitions.append(
            .fields(
                KafkaFields([
                    .init(name: "partitionIndex", value: .integer(Int64(index))),
                    .init(name: "errorCode", value: .integer(Int64(errorCode))),
                ])
            )
        )
    }

    private mutating func finishTopic() {
        guard let field = topic, !partitions.isEmpty else { return }
        topics.append(.fields(KafkaFields([field, .init(name: "partitions", value: .array(partitions))])))
        partitions = []
        topic = nil
    }

    private mutating func nextAborted(_ bytes: RawSpan, _ reader: inout KafkaReader) throws(KafkaFormatError) {
        _ = try reader.take(16, from: bytes)
        abortedLeft -= 1
        let next: Stage = abortedLeft > 0 ? .aborted : .records
        afterTags = next
        stage = isFlexible ? .tags : next
    }

    private mutating func records(_ bytes: RawSpan, _ reader: inout KafkaReader) throws(KafkaFormatError) {
        if version >= 11 { _ = try reader.take(4, from: bytes) }
        skip = try reader.streamedCount(isCompact: isFlexible, from: bytes)
        guard !isFlexible else {
            afterTags = .partition
            return stage = .tags
        }
        enter(.partition)
    }
}
