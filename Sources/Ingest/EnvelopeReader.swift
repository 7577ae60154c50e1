// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import ByteCoding
import EventScanner
import SegmentFormat
import Synchronization

/// Decides whether bytes are an event, and reads the little that storing it needs.
///
/// An event is one strict JSON object with the four attributes that CloudEvents require, as strings that are not empty.
/// Everything else is the catalogue's business, later: an unknown type or method is stored like any other.
struct EnvelopeReader: ~Copyable {
    /// Places in `attributes`.
    private enum Slot {
        static let specversion: UInt16 = 0
        static let id: UInt16 = 1
        static let source: UInt16 = 2
        static let type: UInt16 = 3
        static let time: UInt16 = 4
    }

    /// What is read of an event, the required attributes first.
    static let attributes = ["specversion", "id", "source", "type", "time"]
    static let requiredCount = 4

    private var scanner: ObjectScanner
    private let maximumByteCount: Int
    private let keyHash: EventKeyHash

    /// What this reader and those before it have seen, for the next one.
    private(set) var skeletons: EventSkeletons

    /// - Parameters:
    ///   - submitter: who hands the events in.
    ///   - keySeed: of the log.
    ///   - limits: of events; the same for all readers that share skeletons.
    ///   - skeletons: what earlier readers have seen.
    init(
        submitter: String,
        keySeed: UInt64,
        limits: ScanLimits,
        skeletons: EventSkeletons = SkeletonPool.empty
    ) {
        self.skeletons = skeletons
        maximumByteCount = limits.maximumByteCount
        scanner = ObjectScanner(
            PathTable(Self.attributes.enumerated().map { ($1, UInt16($0)) }),
            limits: limits
        )
        keyHash = EventKeyHash(seed: keySeed, submitter: submitter)
    }

    /// What storing an event needs to know of it.
    struct Envelope {
        /// From brace to brace: these bytes are the event.
        let range: Range<Int>
        /// `time` in nanoseconds since 1970, nil when it is absent or unreadable.
        let time: Int64?
        let keyHash: UInt64
    }

    /// Reads the event that fills `range`, apart from white space around it.
    ///
    /// - Throws: `Rejection`, with an offset in `bytes`.
    mutating func read(_ bytes: RawSpan, in range: Range<Int>) throws(Rejection) -> Envelope {
        if let envelope = recognised(bytes, range) { return envelope }
        let object: Range<Int>
        do {
            object = try scanner.scan(bytes, in: range)
        } catch {
            throw Rejection(.scan(error.code), byteOffset: error.byteOffset)
        }
        for slot in 0..<Self.requiredCount {
            guard let hit = scanner.first(UInt16(slot)) else {
                throw Rejection(.missingAttribute(Self.attributes[slot]), byteOffset: object.lowerBound)
            }
            guard hit.kind.isString, hit.byteCount > 0 else {
                throw Rejection(.invalidAttribute(Self.attributes[slot]), byteOffset: Int(hit.byteOffset))
            }
        }
        skeletons.learn(bytes, object)
        return Envelope(range: object, time: time(in: bytes), keyHash: key(in: bytes))
    }

    /// The event without parsing it, if it is like one that was parsed; nil says nothing about it.
    private mutating func recognised(_ bytes: RawSpan, _ range: Range<Int>) -> Envelope? {
        guard range.count >= 2, range.count <= maximumByteCount, bytes.byte(at: range.lowerBound) == UInt8(ascii: "{"),
            bytes.byte(at: range.upperBound - 1) == UInt8(ascii: "}"), skeletons.match(bytes, range)
        else { return nil }
        for key in 0..<Self.requiredCount where skeletons.value(ofKey: key)?.isEmpty ?? true { return nil }
        guard let source = skeletons.value(ofKey: Int(Slot.source)), let id = skeletons.value(ofKey: Int(Slot.id))
        else {
            return nil
        }
        let time = skeletons.value(ofKey: Int(Slot.time)).flatMap { place in
            Timestamp(Span<UInt8>(_bytes: bytes.extracting(place)))?.nanosecondsSinceEpoch
        }
        return Envelope(range: range, time: time, keyHash: keyHash.hash(source: source, id: id, in: bytes))
    }

    private func time(in bytes: RawSpan) -> Int64? {
        guard let hit = scanner.first(Slot.time), hit.kind.isString else { return nil }
        guard hit.kind == .string else { return Timestamp(hit.text(in: bytes).span)?.nanosecondsSinceEpoch }
        let text = Span<UInt8>(_bytes: bytes.extracting(hit.range))
        return Timestamp(text)?.nanosecondsSinceEpoch
    }

    private func key(in bytes: RawSpan) -> UInt64 {
        guard let source = scanner.first(Slot.source), let id = scanner.first(Slot.id) else { return 0 }
        return keyHash.hash(source: source, id: id, in: bytes)
    }
}

/// Skeletons that are not in use, so that what one batch has taught is known to the next.
///
/// `Mutex`: owns them. As many as there are batches at once.
final class SkeletonPool: Sendable {
    static let empty = EventSkeletons(
        keys: EnvelopeReader.attributes,
        requiredCount: EnvelopeReader.requiredCount
    )

    private let idle = Mutex<[EventSkeletons]>([])

    func take() -> EventSkeletons { idle.withLock { $0.popLast() } ?? Self.empty }

    func give(_ skeletons: EventSkeletons) { idle.withLock { $0.append(skeletons) } }
}
