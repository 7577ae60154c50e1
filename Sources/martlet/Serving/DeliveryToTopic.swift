// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Ingest
import KafkaClient
import KafkaGateway
import Logging
import NIOPosix
import Synchronization
import SystemPackage

/// Sends what a gateway saw to a topic, numbered, so that whoever reads it notices what is missing.
///
/// All records have the gateway's name as their key and so are in one partition, in order. Items come one at a time: one that failed comes
/// again, with the same numbers.
final class DeliveryToTopic: Sendable {
    /// A topic and its brokers, as `kafka://broker-1:9092,broker-2:9092/topic` says them.
    struct Address: Equatable {
        let bootstrapServers: String
        let topic: String

        init?(_ text: String) {
            guard text.hasPrefix("kafka://") else { return nil }
            let parts = text.dropFirst(8).split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
            bootstrapServers = String(parts[0])
            topic = String(parts[1])
        }
    }

    /// Room for keys, headers and the frame of a record.
    private static let overhead = 2_048

    private let topic: String
    private let properties: KafkaProperties
    private let maximumByteCount: Int
    private let name: String
    private let path: FilePath
    private let fileSystem: any FileSystem
    private let events: SystemEventMaker
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var numbers: GatewayNumbers
        var producer: KafkaProducer?
    }

    /// A gateway's name has letters, digits, `.`, `_` and `-`; its numbers are in the file at `path`.
    ///
    /// - Throws: `CommandFailure`; `FileError`.
    init(
        topic: String,
        _ properties: KafkaProperties,
        name: String,
        path: FilePath,
        _ fileSystem: any FileSystem,
        _ events: SystemEventMaker,
        _ logger: Logger
    ) throws {
        // What can't be sent for so long is told, and tried again.
        var defaults = KafkaProperties()
        defaults["message.timeout.ms"] = "30000"
        self.topic = topic
        self.properties = defaults.overridden(by: properties)
        maximumByteCount = properties["message.max.bytes"].flatMap { Int($0) } ?? 1_000_000
        self.name = name
        self.path = path
        self.fileSystem = fileSystem
        self.events = events
        self.logger = logger
        do { try self.properties.check() } catch { throw CommandFailure(.usage, "--to: \(error.message)") }
        state = Mutex(State(numbers: try GatewayNumbers.open(path, fileSystem)))
    }

    /// Sends an item; when this returns, all of it arrived.
    ///
    /// - Throws: `KafkaClientError`; `FileError`.
    func deliver(_ item: RecordedItem) async throws {
        let numbers = state.withLock { $0.numbers }
        let batch = batch(of: lines(of: item), numbers)
        guard !batch.records.isEmpty else { return }
        let producer = try producer()
        let report: DeliveryReport
        do {
            report = try await withTaskCancellationHandler {
                try await producer.outcome(of: producer.submit(batch))
            } onCancel: {
                producer.abandon()
            }
        } catch {
            state.withLock { $0.producer = nil }
            await producer.close()
            throw error
        }
        if let failure = report.failures.first { throw failure.error }
        var next = numbers
        next.next += UInt64(batch.records.count)
        try await save(next)
    }

    private func save(_ numbers: GatewayNumbers) async throws {
        try await NIOThreadPool.singleton.runIfActive { [path, fileSystem] in try numbers.save(path, fileSystem) }
        state.withLock { $0.numbers = numbers }
    }

    private func producer() throws -> KafkaProducer {
        if let known = state.withLock({ $0.producer }) { return known }
        let made = try KafkaProducer(properties, logger: logger)
        state.withLock { $0.producer = made }
        return made
    }

    // MARK: - Records

    /// The item's events, one a line.
    private func lines(of item: RecordedItem) -> [UInt8] {
        switch item {
        case .events(let lines, _): lines
        case .system(let event): event.encoded(logID: "gateway")
        case .gap(let gap): encoded(gap)
        }
    }

    private func encoded(_ gap: Gap) -> [UInt8] {
        events.make(.gap, method: "RecordGap", principal: "martlet", details: gap.details).encoded(logID: "gateway")
    }

    private func batch(of lines: [UInt8], _ numbers: GatewayNumbers) -> OutgoingBatch {
        var batch = OutgoingBatch(topics: [topic], values: lines)
        batch.labels = Array(name.utf8)
        batch.headerNames = [MartletHeaders.sequence]
        batch.commonHeaders = [
            KafkaHeader("content-type", "application/cloudevents+json; charset=UTF-8"),
            KafkaHeader(MartletHeaders.gateway, "\(name)/\(numbers.spoolID)"),
        ]
        let key = 0..<batch.labels.count
        var number = numbers.next
        var start = 0
        while start < lines.count {
            let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count
            if end > start {
                add(start..<end, key, number, to: &batch)
                number += 1
            }
            start = end + 1
        }
        return batch
    }

    private func add(_ line: Range<Int>, _ key: Range<Int>, _ number: UInt64, to batch: inout OutgoingBatch) {
        var record = OutgoingRecord(key: key, value: line)
        if line.count + Self.overhead > maximumByteCount {
            let gap = Gap(
                submitter: "martlet",
                source: "gateway:\(name)",
                from: "sequence \(number)",
                to: "sequence \(number)",
                reason: .unreadable,
                lostCount: 1
            )
            logger.error(
                "an event is larger than a record may be: raise message.max.bytes",
                metadata: ["event.bytes": "\(line.count)"]
            )
            let start = batch.labels.count
            batch.labels += encoded(gap)
            record.value = start..<batch.labels.count
            record.isValueInLabels = true
        }
        let start = batch.labels.count
        batch.labels += String(number).utf8
        record.headers = batch.headers.count..<batch.headers.count + 1
        batch.headers.append(.init(name: 0, value: start..<batch.labels.count))
        batch.records.append(record)
    }
}
