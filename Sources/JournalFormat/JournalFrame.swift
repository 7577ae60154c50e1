// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// A frame on its way to the journal, in memory that can be written to disk as it is.
///
/// Life: events are appended, `finish` adds the table and its checksum, and the journal's writer calls `seal` once the
/// index, the time and the place are known. Only the header is touched then, so the checksum over the bodies, which is
/// the long one, is computed where the events were scanned, on any core.
///
/// Memory: aligned to blocks and a whole number of blocks long, as O_DIRECT demands.
// SAFETY: every access to the memory is inside its bounds, which `reserve` keeps; hence `@safe`.
// SAFETY: a frame has one owner at a time: the task that builds it hands it to the journal and never touches it again. Once
// the journal has written it, nobody changes it any more, and any thread may read it.
@safe package final class JournalFrame: @unchecked Sendable {
    package let stream: LogStream
    package let submitter: String
    package let source: String
    package let position: [UInt8]

    /// One entry for each event, in order.
    package private(set) var table: [FrameTableEntry] = []

    /// Where each event begins in the memory.
    private var offsets: [Int] = []

    /// Bytes of the frame so far, without padding.
    package private(set) var byteCount: Int

    private let bodyOffset: Int
    private var earliestTime = Int64.max
    private var latestTime = Int64.min
    private var lacksTime = false
    private var bodyChecksum: UInt32 = 0
    private var isFinished = false
    private var memory: UnsafeMutableRawBufferPointer

    package var eventCount: Int { table.count }

    /// Bytes of all the events so far.
    package var bodyByteCount: Int { isFinished ? table.reduce(0) { $0 + $1.byteCount } : byteCount - bodyOffset }

    /// Earliest and latest `time` of the events; everything when one has none.
    package var timeRange: ClosedRange<Int64> {
        lacksTime || earliestTime > latestTime ? Int64.min...Int64.max : earliestTime...latestTime
    }

    /// Begins a frame.
    ///
    /// - Parameters:
    ///   - stream: which of the two streams the events belong to.
    ///   - submitter: who handed the events over. At most `JournalLimits.maximumLabelByteCount` bytes, cut beyond.
    ///   - source: where they came from, cut likewise.
    ///   - position: how far that source was read, in its own form, cut likewise.
    ///   - capacity: bytes of bodies expected.
    package init(
        stream: LogStream,
        submitter: String,
        source: String,
        position: [UInt8] = [],
        capacity: Int = 1 << 16
    ) {
        self.stream = stream
        self.submitter = Self.cut(submitter)
        self.source = Self.cut(source)
        self.position = Array(position.prefix(JournalLimits.maximumLabelByteCount))
        bodyOffset = FrameHeader.bodyOffset(
            labels: self.submitter.utf8.count + self.source.utf8.count + self.position.count
        )
        byteCount = bodyOffset
        let blocks = JournalLimits.padded(bodyOffset + capacity + capacity / 32)
        unsafe memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: blocks,
            alignment: JournalLimits.blockByteCount
        )
    }

    deinit {
        unsafe memory.deallocate()
    }

    private static func cut(_ label: String) -> String {
        guard label.utf8.count > JournalLimits.maximumLabelByteCount else { return label }
        return String(decoding: label.utf8.prefix(JournalLimits.maximumLabelByteCount - 3), as: UTF8.self)
    }

    // MARK: - Building

    /// Whether an event of so many bytes still fits.
    package func hasRoom(for eventByteCount: Int) -> Bool {
        table.count < JournalLimits.maximumEventCount
            && byteCount + eventByteCount + (table.count + 1) * FrameHeader.tableEntryByteCount
                <= JournalLimits.maximumFrameByteCount
    }

    /// Adds an event, byte for byte.
    ///
    /// Requires `hasRoom(for:)`. `time` is the event's own, in nanoseconds since 1970, if it has one.
    package func append(_ event: RawSpan, time: Int64?, keyHash: UInt64, flags: EventFlags = []) {
        precondition(!isFinished && hasRoom(for: event.byteCount), "the frame is finished or full")
        reserve(byteCount + event.byteCount)
        let start = byteCount
        unsafe event.withUnsafeBytes { source in
            // SAFETY: `reserve` made room for `event.byteCount` bytes behind `start`.
            unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start...]).copyMemory(from: source)
        }
        byteCount += event.byteCount
        offsets.append(start)
        table.append(FrameTableEntry(byteCount: event.byteCount, flags: flags, keyHash: keyHash))
        if let time {
            earliestTime = min(earliestTime, time)
            latestTime = max(latestTime, time)
        } else {
            lacksTime = true
        }
    }

    /// Adds the table and computes the checksum over bodies and table.
    package func finish() {
        precondition(!isFinished && !table.isEmpty, "a frame is finished once, with events in it")
        reserve(byteCount + table.count * FrameHeader.tableEntryByteCount)
        for entry in table {
            put(UInt32(entry.byteCount), at: byteCount)
            put(entry.flags.rawValue, at: byteCount + 4)
            put(entry.keyHash, at: byteCount + 8)
            byteCount += FrameHeader.tableEntryByteCount
        }
        isFinished = true
        unsafe memory[byteCount...].initializeMemory(as: UInt8.self, repeating: 0)
        bodyChecksum = unsafe CRC32C.checksum(memory.bytes.extracting(bodyOffset..<byteCount))
    }

    /// A finished copy with only the chosen events, with the flags given for them.
    ///
    /// - Returns: nil when nothing is kept.
    package func filtered(_ choose: (Int) -> EventFlags?) -> JournalFrame? {
        let copy = JournalFrame(
            stream: stream,
            submitter: submitter,
            source: source,
            position: position,
            capacity: byteCount
        )
        let times = timeRange
        for place in table.indices {
            guard let flags = choose(place) else { continue }
            withEvent(place) { copy.append($0, time: nil, keyHash: table[place].keyHash, flags: flags) }
        }
        guard copy.eventCount > 0 else { return nil }
        // The range of all the events holds that of some of them: still a right hint.
        copy.lacksTime = false
        (copy.earliestTime, copy.latestTime) = (times.lowerBound, times.upperBound)
        copy.finish()
        return copy
    }

    /// Calls `body` with the bytes of the event at a place.
    package func withEvent<Result>(_ place: Int, _ body: (RawSpan) -> Result) -> Result {
        let start = offsets[place]
        return unsafe body(memory.bytes.extracting(start..<start + table[place].byteCount))
    }

    /// Calls `body` with all of the finished frame, and where each event's bytes begin in it.
    package func withEvents<Result, Failure: Error>(
        _ body: (RawSpan, _ offsets: [Int]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(isFinished, "only a finished frame is read")
        return try unsafe body(memory.bytes.extracting(0..<byteCount), offsets)
    }

    // MARK: - Sealing

    /// Writes the header.
    ///
    /// Requires a finished frame; may be repeated for another place.
    package func seal(
        firstIndex: UInt64,
        received: Int64,
        durableByteOffset: Int,
        fileOffset: Int,
        logID: LogID
    ) {
        precondition(isFinished, "only a finished frame is sealed")
        var writer = ByteWriter(capacity: bodyOffset)
        writer.append(UInt32(byteCount))
        writer.append(UInt32(table.count))
        writer.append(firstIndex)
        writer.append(received)
        writer.append(timeRange.lowerBound)
        writer.append(timeRange.upperBound)
        writer.append(UInt64(durableByteOffset))
        writer.append(bodyChecksum)
        writer.append(stream.rawValue)
        writer.append(UInt8(0))
        writer.append(UInt16(submitter.utf8.count))
        writer.append(UInt16(source.utf8.count))
        writer.append(UInt16(position.count))
        writer.append(UInt32(0))
        writer.append(submitter.utf8)
        writer.append(source.utf8)
        writer.append(position)
        writer.append(repeatElement(0, count: bodyOffset - 8 - writer.count))
        let seed = FrameHeader.checksumSeed(logID, fileOffset: fileOffset)
        let checksum = unsafe CRC32C.checksum(writer.bytes.span.bytes, continuing: seed)
        put(FrameHeader.magic, at: 0)
        put(checksum, at: 4)
        for (place, byte) in writer.bytes.enumerated() { put(byte, at: 8 + place) }
    }

    /// Bytes of the frame with its padding: what it takes on disk.
    package var paddedByteCount: Int { JournalLimits.padded(byteCount) }

    /// The sealed frame with its padding, in block-aligned memory.
    package func withUnsafeBlocks<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try unsafe body(UnsafeRawBufferPointer(rebasing: memory[..<paddedByteCount]))
    }

    // MARK: - Memory

    private func put<Integer: FixedWidthInteger>(_ value: Integer, at offset: Int) {
        unsafe memory.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
    }

    /// Makes room for `count` bytes and whole blocks of padding.
    private func reserve(_ count: Int) {
        let needed = JournalLimits.padded(count)
        guard unsafe needed > memory.count else { return }
        let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
            byteCount: JournalLimits.padded(max(needed, memory.count * 2)),
            alignment: JournalLimits.blockByteCount
        )
        // SAFETY: the new memory is larger than the old, and does not overlap it.
        unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<byteCount]))
        unsafe memory.deallocate()
        unsafe memory = larger
    }
}
