// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventReading
package import EventScanner

/// The hash by which a repeated event is looked up: of its submitter, `source` and `id`.
///
/// Of the decoded texts, so that another way of escaping them makes no other key.
package struct EventKeyHash: Sendable {
    private let hash: KeyHash
    private let submitter: UInt64

    package init(seed: UInt64, submitter: String) {
        hash = KeyHash(seed: seed)
        let name = Array(submitter.utf8)
        self.submitter = hash.hash(name.span.bytes, 0..<name.count)
    }

    /// The hash of the key whose parts a scan located in `bytes`.
    package func hash(source: Hit, id: Hit, in bytes: RawSpan) -> UInt64 {
        guard source.kind == .string, id.kind == .string else {
            let texts = (source.text(in: bytes), id.text(in: bytes))
            return combine(
                hash.hash(texts.0.span.bytes, 0..<texts.0.count),
                hash.hash(texts.1.span.bytes, 0..<texts.1.count)
            )
        }
        return hash(source: source.range, id: id.range, in: bytes)
    }

    /// The same for parts without escapes.
    package func hash(source: Range<Int>, id: Range<Int>, in bytes: RawSpan) -> UInt64 {
        combine(hash.hash(bytes, source), hash.hash(bytes, id))
    }

    private func combine(_ source: UInt64, _ id: UInt64) -> UInt64 {
        id ^ (source &* 0x9E37_79B9_7F4A_7C15) ^ (submitter &* 0xC2B2_AE3D_27D4_EB4F)
    }
}

extension Hit {
    /// A located value's text: a string decoded, anything else as it stands.
    package func text(in bytes: RawSpan) -> [UInt8] {
        let text = range.map { bytes.byte(at: $0) }
        guard kind == .escapedString else { return text }
        var value: [UInt8] = []
        JSONString.decode(text.span, into: &value)
        return value
    }
}

/// Finds the keys of stored events again, for which nothing is kept beside them.
struct EventKeyReader: ~Copyable {
    private enum Slot {
        static let source: UInt16 = 0
        static let id: UInt16 = 1
    }

    private var scanner: ObjectScanner
    private let seed: UInt64
    private var hashes: [String: EventKeyHash] = [:]

    init(seed: UInt64) {
        self.seed = seed
        // What is stored was scanned when it came; limits may have been larger then.
        scanner = ObjectScanner(PathTable([("source", Slot.source), ("id", Slot.id)]), limits: .unbounded)
    }

    /// The key hash of each event of a run, in order.
    mutating func hashes(of run: EventRun) -> [UInt64] {
        var found: [UInt64] = []
        found.reserveCapacity(run.count)
        for group in run.groups {
            let hash = hash(ofSubmitter: group.labels.submitter)
            for place in group.places { found.append(key(ofPlace: place, in: run, hash)) }
        }
        return found
    }

    /// The key hash of one event.
    mutating func hash(ofPlace place: Int, in run: EventRun) -> UInt64? {
        run.labels(ofPlace: place).map { key(ofPlace: place, in: run, hash(ofSubmitter: $0.submitter)) }
    }

    private mutating func hash(ofSubmitter submitter: String) -> EventKeyHash {
        let hash = hashes[submitter] ?? EventKeyHash(seed: seed, submitter: submitter)
        hashes[submitter] = hash
        return hash
    }

    private mutating func key(ofPlace place: Int, in run: EventRun, _ hash: EventKeyHash) -> UInt64 {
        let bytes = run.bytes.span.bytes
        guard (try? scanner.scan(bytes, in: run.ranges[place])) != nil, let source = scanner.first(Slot.source),
            let id = scanner.first(Slot.id)
        else { return 0 }
        return hash.hash(source: source, id: id, in: bytes)
    }
}
