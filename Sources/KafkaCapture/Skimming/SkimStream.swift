// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

/// Walks over a message an element at a time, and says how many bytes to leave out in between.
protocol Skimmer {
    /// Bytes to go over before the next step, records above all.
    var skip: Int { get set }
    /// No step is left that would change anything; what follows is not looked at.
    var isDone: Bool { get }

    /// Reads the next element, wholly or not at all: after `truncated` the state is as before.
    mutating func step(
        _ bytes: RawSpan,
        _ reader: inout KafkaReader,
        _ topics: inout TopicMemory
    ) throws(KafkaFormatError)
}

/// Feeds a skimmer with a body that comes in parts.
struct SkimStream<Message: Skimmer> {
    var message: Message
    /// An element that was cut.
    private var cut = FrameCollector()
    private(set) var hasFailed = false

    init(_ message: Message) {
        self.message = message
    }

    var heldByteCount: Int { cut.count }

    /// Takes the next part of the body.
    ///
    /// Returns: How many of its bytes stand before the place where the skimmer was done; all of them while it is not.
    mutating func take(_ part: RawSpan, _ topics: inout TopicMemory) -> Int {
        var place = 0
        while !cut.isEmpty, place < part.byteCount, !isOver {
            let before = cut.count
            let added = min(max(64, before), part.byteCount - place)
            cut.add(part.extracting(place..<place + added))
            let element = cut.bytes
            // SAFETY: every byte of an array of bytes is initialised.
            let consumed = unsafe run(element.span.bytes, &topics)
            if consumed > before || isOver {
                cut.erase()
                place += max(0, consumed - before)
            } else {
                place += added
                cut.removeFirst(consumed)
                if cut.count > CaptureLimits.elementByteCount { hasFailed = true }
            }
        }
        guard !isOver, place < part.byteCount else { return message.isDone ? place : part.byteCount }
        place += run(part.extracting(place...), &topics)
        guard !isOver else { return message.isDone ? place : part.byteCount }
        if place < part.byteCount { cut.add(part.extracting(place...)) }
        return part.byteCount
    }

    /// The body has ended.
    ///
    /// Returns: Whether it was whole.
    mutating func finish() -> Bool {
        cut.erase()
        return message.isDone && !hasFailed
    }

    private var isOver: Bool { message.isDone || hasFailed }

    /// Steps as far as the bytes go; returns how many were used up.
    private mutating func run(_ bytes: RawSpan, _ topics: inout TopicMemory) -> Int {
        var place = 0
        while !message.isDone {
            if message.skip > 0 {
                let skipped = min(message.skip, bytes.byteCount - place)
                message.skip -= skipped
                place += skipped
                if message.skip > 0 { break }
            }
            var reader = KafkaReader(at: place)
            do throws(KafkaFormatError) {
                try message.step(bytes, &reader, &topics)
            } catch {
                if error.problem != .truncated { hasFailed = true }
                break
            }
            place = reader.byteOffset
        }
        return place
    }
}

extension KafkaReader {
    /// How many elements an array says it has; null is none.
    ///
    /// Not compared with the bytes at hand, of which there are more to come: nothing may be reserved by it.
    @inline(__always)
    mutating func streamedCount(isCompact: Bool, from bytes: RawSpan) throws(KafkaFormatError) -> Int {
        let start = byteOffset
        let count = isCompact ? Int(try unsignedVarint(from: bytes)) - 1 : Int(try integer(Int32.self, from: bytes))
        guard count >= -1 else { throw KafkaFormatError(.negativeLength, at: start) }
        return max(0, count)
    }
}
