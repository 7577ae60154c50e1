// SPDX-License-Identifier: Apache-2.0

import AuditStore
import ByteCoding
import EventScanner
import Glibc
import JournalFormat

/// How the events of a body or a chunk stand beside each other.
package enum BatchLayout: String, Sendable, CaseIterable {
    /// One event a line; empty lines are nothing.
    case lines
    /// One JSON array.
    case array
    /// JSON objects one after the other, over as many lines as they like.
    case objects
    /// One JSON object and nothing else.
    case object
}

/// Bytes with events in them, on the way to the journal.
struct Batch {
    let bytes: [UInt8]
    let layout: BatchLayout
    /// Number of the first line, or of the first event when the layout is not lines.
    var firstLine = 1
    /// Offset of the bytes in what they are a part of.
    var byteOffset = 0
    /// Where the events are, and how their source numbers them, when it says so itself; then the layout does not matter.
    var records: [SourceRecord]?
}

/// An event in the bytes of a batch, as a source with numbered records has it.
package struct SourceRecord: Sendable {
    package let range: Range<Int>
    /// In the source, such as Kafka's offset in a partition; what is set aside is named by it.
    package let offset: Int64

    package init(_ range: Range<Int>, offset: Int64) {
        self.range = range
        self.offset = offset
    }
}

/// A part of a batch that is not an event.
struct RejectedPiece: Sendable {
    let rejection: Rejection
    let bytes: [UInt8]
}

/// Turns batches into frames.
struct BatchScanner: Sendable {
    let stream: LogStream
    let submitter: String
    let source: String
    /// How far the source was read behind the batch, in its own form; empty when it does not say.
    var position: [UInt8] = []
    let keySeed: UInt64
    let limits: ScanLimits
    /// Shared by the scanners of one set of limits.
    var skeletons = SkeletonPool()

    /// What a batch holds: a finished frame, nil when there is no event, and what is not one.
    struct Output: Sendable {
        var frame: JournalFrame?
        var rejected: [RejectedPiece] = []
        /// Lines, or values when the layout is not lines.
        var lineCount = 0
    }

    /// Scans a batch of which all has to be good.
    ///
    /// - Throws: `Rejection` for the first part that is not.
    func scanStrictly(_ batch: Batch) throws(Rejection) -> Output {
        let output = scan(batch, stopsAtRejection: true)
        if let piece = output.rejected.first { throw piece.rejection }
        // CloudEvents' HTTP binding §3.3.2: a batch may be empty. A body with nothing in it is a mistake.
        guard output.frame != nil || batch.layout == .array else { throw Rejection(.noEvents, byteOffset: 0) }
        return output
    }

    /// Scans a batch and takes what is good in it.
    func scan(_ batch: Batch) -> Output {
        scan(batch, stopsAtRejection: false)
    }

    private func scan(_ batch: Batch, stopsAtRejection: Bool) -> Output {
        var reader = EnvelopeReader(
            submitter: submitter,
            keySeed: keySeed,
            limits: limits,
            skeletons: skeletons.take()
        )
        let frame = JournalFrame(
            stream: stream,
            submitter: submitter,
            source: source,
            position: position,
            capacity: batch.bytes.count
        )
        var output = Output()
        let bytes = batch.bytes.span.bytes
        var pieces = PieceIterator(batch.layout, records: batch.records)
        while let piece = pieces.next(bytes) {
            output.lineCount += 1
            do throws(Rejection) {
                let range = try piece.get()
                guard !isBlank(bytes, range) || batch.layout != .lines || batch.records != nil else { continue }
                let envelope = try reader.read(bytes, in: range)
                guard frame.hasRoom(for: envelope.range.count) else {
                    throw Rejection(.batchTooLarge("these events do not fit one frame"), byteOffset: range.lowerBound)
                }
                frame.append(bytes.extracting(envelope.range), time: envelope.time, keyHash: envelope.keyHash)
            } catch {
                var rejection = error
                rejection.byteOffset += batch.byteOffset
                rejection.line = batch.firstLine + output.lineCount - 1
                if let record = batch.records?[output.lineCount - 1] {
                    rejection.byteOffset = Int(clamping: record.offset)
                    rejection.line = 0
                }
                let range = (try? piece.get()) ?? error.byteOffset..<batch.bytes.count
                output.rejected.append(RejectedPiece(rejection: rejection, bytes: Array(batch.bytes[range])))
                if stopsAtRejection { break }
            }
        }
        skeletons.give(reader.skeletons)
        if frame.eventCount > 0 {
            frame.finish()
            output.frame = frame
        }
        return output
    }

    private func isBlank(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        for index in range {
            let byte = bytes.byte(at: index)
            guard byte == 0x20 || byte == 0x0D || byte == 0x09 else { return false }
        }
        return true
    }
}

extension StreamReader.Part {
    /// Each event with its line, or why it is none; nothing is stored.
    package func events() -> [(line: Int, event: Result<[UInt8], Rejection>)] {
        var reader = EnvelopeReader(submitter: "", keySeed: 0, limits: ScanLimits())
        var pieces = PieceIterator(layout)
        var events: [(line: Int, event: Result<[UInt8], Rejection>)] = []
        var line = firstLine
        while let piece = pieces.next(bytes.span.bytes) {
            defer { line += 1 }
            do throws(Rejection) {
                let range = try piece.get()
                guard layout != .lines || bytes[range].contains(where: { $0 > 0x20 }) else { continue }
                events.append((line, .success(Array(bytes[try reader.read(bytes.span.bytes, in: range).range]))))
            } catch {
                events.append((line, .failure(error)))
            }
        }
        return events
    }
}

/// The pieces of a batch in order: lines, or values of an array or sequence.
struct PieceIterator {
    private let layout: BatchLayout
    private let records: [SourceRecord]?
    private var splitter: ValueSplitter
    /// Of a byte; of a record when there are records.
    private var index = 0
    private var isDone = false

    init(_ layout: BatchLayout, records: [SourceRecord]? = nil) {
        self.layout = layout
        self.records = records
        splitter = ValueSplitter(layout == .array ? .array : .sequence)
    }

    mutating func next(_ bytes: RawSpan) -> Result<Range<Int>, Rejection>? {
        guard !isDone else { return nil }
        if let records {
            guard index < records.count else { return nil }
            defer { index += 1 }
            return .success(records[index].range)
        }
        switch layout {
        case .lines: return nextLine(bytes)
        case .array, .objects: return nextValue(bytes)
        case .object:
            isDone = true
            return .success(0..<bytes.byteCount)
        }
    }

    private mutating func nextLine(_ bytes: RawSpan) -> Result<Range<Int>, Rejection>? {
        guard index < bytes.byteCount else { return nil }
        let start = index
        let end = bytes.firstOffset(of: UInt8(ascii: "\n"), from: start) ?? bytes.byteCount
        index = end + 1
        return .success(start..<end)
    }

    private mutating func nextValue(_ bytes: RawSpan) -> Result<Range<Int>, Rejection>? {
        do {
            guard case .value(let range) = try splitter.next(bytes, from: index, isLast: true) else { return nil }
            index = range.upperBound
            return .success(range)
        } catch {
            isDone = true
            return .failure(error)
        }
    }
}

extension RawSpan {
    /// The offset of the first such byte at or behind `start`.
    func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        withUnsafeBytes { buffer in
            // SAFETY: `start` is inside the buffer, and memchr reads no more than the bytes behind it.
            guard let base = buffer.baseAddress, start < buffer.count,
                let found = memchr(base + start, Int32(byte), buffer.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
