// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// What a frame says of the events in it.
///
/// Format version 1; integers little-endian; normative: docs/formats/journal.md.
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 4 | magic `MJF1` |
/// | 4 | 4 | CRC-32C of bytes 8 up to the bodies, begun with that of the log's id and the frame's offset in its file |
/// | 8 | 4 | bytes of the frame without padding |
/// | 12 | 4 | number of events, 1 or more |
/// | 16 | 8 | index of the first event |
/// | 24 | 8 | when the events were received, nanoseconds since 1970 |
/// | 32 | 8 | earliest `time` of the events, a hint for skipping; `Int64.min` when one has none |
/// | 40 | 8 | latest `time` of the events, a hint; `Int64.max` when one has none |
/// | 48 | 8 | bytes of this file that were durable when the frame was written: what lies before can't be a torn write |
/// | 56 | 4 | CRC-32C of the bodies and the table |
/// | 60 | 1 | stream: 0 audit, 1 system |
/// | 61 | 1 | zero |
/// | 62 | 2 | bytes of the submitter's name |
/// | 64 | 2 | bytes of the source's name |
/// | 66 | 2 | bytes of the position in the source |
/// | 68 | 4 | zeros |
/// | 72 | | submitter, source, position; zeros up to a multiple of 8 |
/// | | | the events' bytes, one after the other, nothing between |
/// | | 16 each | the table at the frame's end: bytes (4), flags (4), key hash (8) of each event |
///
/// A frame starts at a multiple of `JournalLimits.blockByteCount`, with zeros behind it up to the next.
package struct FrameHeader: Equatable, Sendable {
    package static let fixedByteCount = 72
    package static let tableEntryByteCount = 16
    /// Bytes of the longest header, with padding: what to read where one is expected.
    package static let maximumByteCount = fixedByteCount + 3 * JournalLimits.maximumLabelByteCount + 8
    static let magic: UInt32 = 0x3146_4A4D

    package let byteCount: Int
    package let eventCount: Int
    package let firstIndex: UInt64
    package let received: Int64
    package let earliestTime: Int64
    package let latestTime: Int64
    package let durableByteOffset: UInt64
    package let bodyChecksum: UInt32
    package let stream: LogStream
    package let submitter: String
    package let source: String
    package let position: [UInt8]

    /// Index behind the last event.
    package var endIndex: UInt64 { firstIndex + UInt64(eventCount) }

    /// Offset of the first event's bytes in the frame.
    package var bodyOffset: Int {
        Self.bodyOffset(labels: submitter.utf8.count + source.utf8.count + position.count)
    }

    /// Offset of the table in the frame.
    package var tableOffset: Int { byteCount - eventCount * Self.tableEntryByteCount }

    static func bodyOffset(labels byteCount: Int) -> Int {
        (fixedByteCount + byteCount + 7) / 8 * 8
    }

    /// What the header's checksum begins with: a frame that was written elsewhere does not fit here.
    static func checksumSeed(_ logID: LogID, fileOffset: Int) -> UInt32 {
        var writer = ByteWriter(capacity: 24)
        writer.append(logID.bytes)
        writer.append(UInt64(fileOffset))
        return unsafe CRC32C.checksum(writer.bytes.span.bytes)
    }

    /// Reads and checks the header of the frame that begins at `bytes`, which came from `fileOffset` of its file.
    ///
    /// The bodies are not looked at; they need not be in `bytes`.
    ///
    /// - Throws: `truncated`, `notAFrame`, `checksumMismatch`, `inconsistent`, `tooLarge`.
    package init(from bytes: RawSpan, logID: LogID, fileOffset: Int) throws(JournalError) {
        guard bytes.byteCount >= Self.fixedByteCount else {
            throw JournalError(.truncated, "a frame begins with \(Self.fixedByteCount) bytes of header", at: fileOffset)
        }
        guard bytes.halfWord(at: 0) == Self.magic else {
            throw JournalError(.notAFrame, "no frame begins here", at: fileOffset)
        }
        let counts = (Self.short(bytes, at: 62), Self.short(bytes, at: 64), Self.short(bytes, at: 66))
        let bodyOffset = Self.bodyOffset(labels: counts.0 + counts.1 + counts.2)
        guard bytes.byteCount >= bodyOffset else {
            throw JournalError(.truncated, "the frame's labels are cut off", at: fileOffset)
        }
        let seed = Self.checksumSeed(logID, fileOffset: fileOffset)
        guard CRC32C.checksum(bytes.extracting(8..<bodyOffset), continuing: seed) == bytes.halfWord(at: 4) else {
            throw JournalError(.checksumMismatch, "the frame's header is damaged", at: fileOffset)
        }
        byteCount = Int(bytes.halfWord(at: 8))
        eventCount = Int(bytes.halfWord(at: 12))
        firstIndex = bytes.word(at: 16)
        received = Int64(bitPattern: bytes.word(at: 24))
        earliestTime = Int64(bitPattern: bytes.word(at: 32))
        latestTime = Int64(bitPattern: bytes.word(at: 40))
        durableByteOffset = bytes.word(at: 48)
        bodyChecksum = bytes.halfWord(at: 56)
        guard byteCount <= JournalLimits.maximumFrameByteCount, eventCount <= JournalLimits.maximumEventCount else {
            throw JournalError(.tooLarge, "the frame has \(byteCount) bytes and \(eventCount) events", at: fileOffset)
        }
        guard max(counts.0, counts.1, counts.2) <= JournalLimits.maximumLabelByteCount else {
            throw JournalError(.tooLarge, "the frame has labels of \(counts) bytes", at: fileOffset)
        }
        guard let stream = LogStream(rawValue: bytes.byte(at: 60)), eventCount > 0,
            byteCount >= bodyOffset + eventCount * Self.tableEntryByteCount,
            durableByteOffset <= UInt64(fileOffset), firstIndex <= UInt64.max - UInt64(eventCount)
        else {
            throw JournalError(.inconsistent, "the frame's header contradicts itself", at: fileOffset)
        }
        self.stream = stream
        var reader = ByteReader(at: Self.fixedByteCount)
        do {
            submitter = Self.text(bytes, try reader.take(counts.0, from: bytes))
            source = Self.text(bytes, try reader.take(counts.1, from: bytes))
            position = Self.array(bytes, try reader.take(counts.2, from: bytes))
        } catch {
            throw JournalError(.truncated, "the frame's labels are cut off", at: fileOffset)
        }
        // Bytes that are not UTF-8 are repaired to other lengths, and `bodyOffset` is computed from the lengths.
        guard (submitter.utf8.count, source.utf8.count) == (counts.0, counts.1) else {
            throw JournalError(.inconsistent, "the frame's labels are not UTF-8", at: fileOffset)
        }
    }

    private static func short(_ bytes: RawSpan, at offset: Int) -> Int {
        Int(bytes.byte(at: offset)) | Int(bytes.byte(at: offset + 1)) << 8
    }

    private static func text(_ bytes: RawSpan, _ range: Range<Int>) -> String {
        String(decoding: array(bytes, range), as: UTF8.self)
    }

    private static func array(_ bytes: RawSpan, _ range: Range<Int>) -> [UInt8] {
        range.map { bytes.byte(at: $0) }
    }
}

/// The two streams of one log.
package enum LogStream: UInt8, Sendable, CaseIterable {
    /// What came in.
    case audit = 0
    /// Martlet's own events. Queries, counts and sinks leave them out unless asked.
    case system = 1

    package var name: String { self == .audit ? "audit" : "system" }
}
