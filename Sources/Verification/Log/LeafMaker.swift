// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat
import TransparencyLog

/// What a frame or a segment says of events in a row, beside their bytes.
struct EventLabels: Equatable, Sendable {
    let stream: LeafStream
    let received: Int64
    let submitter: String
    let origin: String
    let position: [UInt8]
}

/// Makes leaves again from events in a row.
///
/// What is the same for many events is made once: a bundle's keys, the pseudonym and the provenance of equal labels. Per event
/// that leaves the hashes themselves.
struct LeafMaker {
    /// Bit 1 of an event's flags: its bytes were erased, and a tombstone stands in their place.
    static let erased = EventFlags(rawValue: 2)

    private let secrets: LogSecrets
    private let erasedEvents: [UInt64: ErasedEvent]

    private let first: UInt64
    private var hashes: [LogHash] = []
    private var unknown: [Int] = []
    private(set) var findings: [Finding] = []
    private(set) var erasedIndices: [UInt64] = []

    private var bundle: BundleSecrets?
    private var bundleNumber: UInt64?
    private var labels: EventLabels?
    private var source: OpaqueSource?
    private var provenance: Provenance?
    private var sources: [Sender: OpaqueSource] = [:]

    private struct Sender: Hashable {
        let submitter: String
        let origin: String
    }

    /// Findings of one piece of work that are worth telling: the next ones say the same.
    private static let maximumFindingCount = 20

    /// - Parameters:
    ///   - first: index of the first event.
    ///   - count: how many are expected.
    ///   - secrets: those of the spans that they are in.
    ///   - erasedEvents: what is kept of erased ones among them.
    init(first: UInt64, count: Int, _ secrets: LogSecrets, _ erasedEvents: [UInt64: ErasedEvent]) {
        self.first = first
        self.secrets = secrets
        self.erasedEvents = erasedEvents
        hashes.reserveCapacity(count)
    }

    /// Index of the event that comes next.
    var nextIndex: UInt64 { first + UInt64(hashes.count) }

    /// The hashes, with those of whole bundles.
    func finish() -> LeafStretch { LeafStretch(first: first, hashes: hashes, unknown: unknown) }

    // MARK: - Events

    /// The labels of the events that follow.
    mutating func set(_ labels: EventLabels, file: String) {
        guard labels != self.labels else { return }
        self.labels = labels
        do throws(LeafError) {
            provenance = try Provenance(submitter: labels.submitter, origin: labels.origin, position: labels.position)
            source = try opaqueSource(labels)
        } catch {
            (provenance, source) = (nil, nil)
            tell(Finding(.damaged, file, nextIndex..<nextIndex + 1, error.message))
        }
    }

    private mutating func opaqueSource(_ labels: EventLabels) throws(LeafError) -> OpaqueSource? {
        let sender = Sender(submitter: labels.submitter, origin: labels.origin)
        if let known = sources[sender] { return known }
        let made = try secrets.source?.source(submitter: labels.submitter, origin: labels.origin)
        sources[sender] = made
        return made
    }

    /// The next event.
    mutating func append(_ body: RawSpan, _ flags: EventFlags, file: String) {
        let index = nextIndex
        let isErased = flags.contains(Self.erased)
        if !erasedEvents.isEmpty || isErased, let kept = erasedEvents[index] {
            if isErased {
                append(kept, body, flags, file)
            } else {
                append(leaf(index, body, flags), file)
                // It is written before the event's bytes are, so it may be there already; then it has to be right.
                if hashes.last != kept.leaf.hash {
                    let name = ErasedEvent.name(index)
                    tell(Finding(.extraFile, name, index..<index + 1, "the event is not erased, and has another leaf"))
                }
            }
            return
        }
        guard !isErased else {
            let reason = "the event was erased, and its leaf is not kept"
            tell(Finding(.missing, ErasedEvent.name(index), index..<index + 1, reason))
            return appendUnknown()
        }
        append(leaf(index, body, flags), file)
    }

    private mutating func append(_ leaf: LogLeaf?, _ file: String) {
        guard let leaf else {
            // Without the source secret, or a span's secrets, that is told once and not for each event.
            if secrets.isComplete(at: nextIndex), provenance != nil {
                let reason = "the salts of the event are forgotten, and it is not erased"
                let name = LogSecrets.name(SpanSecrets.span(of: nextIndex))
                tell(Finding(.missing, name, nextIndex..<nextIndex + 1, reason))
            }
            return appendUnknown()
        }
        hashes.append(leaf.hash)
    }

    mutating func appendUnknown() {
        unknown.append(hashes.count)
        hashes.append(.ofEmptyTree)
    }

    private mutating func leaf(_ index: UInt64, _ body: RawSpan, _ flags: EventFlags) -> LogLeaf? {
        let number = index / UInt64(LogLimits.tileWidth)
        if bundleNumber != number {
            bundle = secrets.span(of: index)?.bundle(around: index)
            bundleNumber = number
        }
        guard let salts = bundle?.salts(at: index), let labels, let source, let provenance else { return nil }
        return LogLeaf(
            stream: labels.stream,
            isConflict: flags.contains(.conflict),
            received: labels.received,
            source: source,
            provenance: salts.provenance.commitment(to: provenance),
            body: salts.body.commitment(to: body)
        )
    }

    /// An erased event: its leaf was kept; what it says in the open still has to be what the log says.
    private mutating func append(_ kept: ErasedEvent, _ body: RawSpan, _ flags: EventFlags, _ file: String) {
        let index = nextIndex
        erasedIndices.append(index)
        func wrong(_ what: String) -> Finding {
            Finding(.changedEvents, file, index..<index + 1, "\(what) of the erased event is not that of its leaf")
        }
        if !Self.isEqual(body, kept.tombstone) { tell(wrong("the tombstone")) }
        if let labels {
            if labels.stream != kept.leaf.stream { tell(wrong("the stream")) }
            if labels.received != kept.leaf.received { tell(wrong("the time of receipt")) }
            if let source, source != kept.leaf.source { tell(wrong("the source")) }
        }
        if flags.contains(.conflict) != kept.leaf.isConflict { tell(wrong("the conflict flag")) }
        hashes.append(kept.leaf.hash)
    }

    private static func isEqual(_ bytes: RawSpan, _ others: [UInt8]) -> Bool {
        guard bytes.byteCount == others.count else { return false }
        for place in others.indices where bytes.byte(at: place) != others[place] { return false }
        return true
    }

    private mutating func tell(_ finding: Finding) {
        if findings.count < Self.maximumFindingCount { findings.append(finding) }
    }
}
