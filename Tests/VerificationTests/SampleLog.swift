// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat
import ManifestFormat
import SegmentFormat
import TransparencyLog

@testable import Verification

/// A data directory in memory, written by what the formats say and by no code of the store's.
struct SampleLog {
    struct Event: Equatable {
        var body: [UInt8]
        var flags: EventFlags = []
        var labels: EventLabels
    }

    static let logID = LogID(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)
    static let origin = "log.example/test"
    static let signer = signer("log.example/test", 0)
    static let otherSigner = signer("log.example/test", 0x40)
    static let witness = signer("witness.example/w1", 0x20, .cosignature)
    static let received: Int64 = 1_795_305_600_000_000_000
    static let now: Int64 = 1_795_400_000
    private static let sourceSecret = (0..<32).map { UInt8(0x80 + $0) }

    /// The leaves that retention removed: made up, because nobody has their events.
    let removed: UInt64
    var events: [Event]
    /// How many events each segment has; the rest is in the journal.
    var segmentSizes: [Int]
    var erased: [UInt64: [UInt8]] = [:]
    /// The size that is signed.
    var signedSize: UInt64
    var olderSizes: [UInt64] = []
    var recordSize: UInt64?
    var sign: @Sendable ([UInt8]) throws -> [NoteSignature] = { [try SampleLog.signer.sign($0)] }

    /// - Parameters:
    ///   - count: how many events there are.
    ///   - segments: how many each segment has.
    ///   - removed: how many are before them.
    init(_ count: Int, segments: [Int] = [], removed: UInt64 = 0) {
        self.removed = removed
        segmentSizes = segments
        signedSize = removed + UInt64(count)
        events = (0..<count).map { Self.event(removed + UInt64($0)) }
    }

    private static func signer(_ name: String, _ first: UInt8, _ kind: NoteKeyKind = .ed25519) -> NoteSigner {
        let seed = (0..<32).map { first + UInt8($0) }
        guard let signer = try? NoteSigner(name: name, seed: seed, kind: kind) else { fatalError("no key") }
        return signer
    }

    /// Frames have 1 to 23 events, of two streams and three senders, with positions.
    static func event(_ index: UInt64) -> Event {
        let frame = index / 23 * 4 + min(3, index % 23 / 3)
        let text = """
            {"specversion":"1.0","id":"e\(index)","source":"crn:///kafka=k\(index % 3)","type":"t","n":\(index * 7)}
            """
        return Event(
            body: Array(text.utf8),
            flags: index % 11 == 5 ? .conflict : [],
            labels: EventLabels(
                stream: frame % 7 == 3 ? .system : .audit,
                received: received + Int64(frame) * 1_000_000,
                submitter: "User:u\(frame % 3)",
                origin: frame % 2 == 0 ? "http" : "kafka é",
                position: frame % 5 == 1 ? [] : Array("offset=\(frame)".utf8)
            )
        )
    }

    var endIndex: UInt64 { removed + UInt64(events.count) }

    // MARK: - Tree

    static func secrets(_ span: UInt64) -> SpanSecrets {
        let key = (0..<32).map { UInt8(truncatingIfNeeded: UInt64($0) &* 3 &+ span) }
        guard let secrets = try? SpanSecrets(span: span, key: key) else { fatalError("no secrets") }
        return secrets
    }

    func leaf(_ index: UInt64) throws -> LogLeaf {
        let event = events[Int(index - removed)]
        guard let salts = Self.secrets(SpanSecrets.span(of: index)).salts(at: index) else { fatalError("no salts") }
        let labels = event.labels
        return LogLeaf(
            stream: labels.stream,
            isConflict: event.flags.contains(.conflict),
            received: labels.received,
            source: try SourceSecret(Self.sourceSecret).source(submitter: labels.submitter, origin: labels.origin),
            provenance: salts.provenance.commitment(
                to: try Provenance(submitter: labels.submitter, origin: labels.origin, position: labels.position)
            ),
            body: unsafe salts.body.commitment(to: event.body.span.bytes)
        )
    }

    func leafHashes() throws -> [LogHash] {
        let made = (0..<removed).map { index in
            let bytes = Array("removed \(index)".utf8)
            return unsafe LogHash.ofLeaf(bytes.span.bytes)
        }
        return try made + (removed..<endIndex).map { try leaf($0).hash }
    }

    static func root(_ hashes: [LogHash], _ size: UInt64) -> LogHash {
        var range = CompactRange()
        for hash in hashes.prefix(Int(size)) { range.append(hash) }
        return range.root
    }

    func checkpoint(_ hashes: [LogHash], _ size: UInt64) throws -> Checkpoint {
        try Checkpoint(origin: Self.origin, size: size, root: Self.root(hashes, size))
    }

    // MARK: - Files

    /// The whole directory.
    func files() throws -> [String: [UInt8]] {
        let hashes = try leafHashes()
        var files: [String: [UInt8]] = [
            "identity": Array(LogIdentity(logID: Self.logID, keySeed: 7).text.utf8),
            "log/vkeys": Array("\(Self.signer.vkey)\n".utf8),
            "log/source-secret": Self.sourceSecret,
        ]
        // Of spans of which retention removed all, nothing is left.
        for span in SpanSecrets.span(of: removed)...SpanSecrets.span(of: max(removed, endIndex, 1) - 1)
        where span >= SpanSecrets.span(of: removed) {
            var secrets = Self.secrets(span)
            if removed > 0 { secrets.forget(below: removed) }
            for index in erased.keys where SpanSecrets.span(of: index) == span { secrets.forget(index) }
            files["log/spans/\(Digits.text(span))"] = secrets.encoded()
        }
        try addEvents(&files)
        addTiles(hashes, &files)
        for (index, tombstone) in erased {
            files["log/erased/\(Digits.text(index))"] = try leaf(index).encoded() + tombstone
        }
        let older = try olderSizes.map { try note(checkpoint(hashes, $0)).encoded() }
        if !older.isEmpty { files["log/checkpoints"] = older.flatMap { Array("\($0.count)\n".utf8) + $0 } }
        files["log/checkpoint"] = try note(checkpoint(hashes, signedSize)).encoded()
        if let recordSize { files["signer/record"] = try checkpoint(hashes, recordSize).text }
        return files
    }

    func note(_ checkpoint: Checkpoint) throws -> SignedNote {
        try SignedNote(text: checkpoint.text, signatures: sign(checkpoint.text))
    }

    private func addTiles(_ hashes: [LogHash], _ files: inout [String: [UInt8]]) {
        var below = hashes.prefix(Int(signedSize)).map { $0 }
        for level in 1...3 {
            below = (0..<below.count / 256).map { HashTile.root(of: below[$0 * 256..<($0 + 1) * 256]) }
            for index in 0..<below.count / 256 {
                let tile = TileCoordinate(level: level, index: UInt64(index))
                files["log/\(tile.path)"] = HashTile.encode(below[index * 256..<(index + 1) * 256])
            }
            // What retention leaves of a tile that was not full: the tile as it was.
            if level == 1, removed > UInt64(below.count / 256 * 256) * 256, below.count % 256 > 0 {
                let tile = TileCoordinate(level: 1, index: UInt64(below.count / 256), width: below.count % 256)
                files["log/\(tile.path)"] = HashTile.encode(below[(below.count / 256 * 256)...])
            }
        }
    }

    // MARK: - Events

    /// What stands where the event was.
    private func stored(_ index: UInt64) -> Event {
        var event = events[Int(index - removed)]
        if let tombstone = erased[index] {
            event.body = tombstone
            event.flags.insert(LeafMaker.erased)
        }
        return event
    }

    /// What the manifest says of the segments that there are in `files`.
    func addEvents(_ files: inout [String: [UInt8]]) throws {
        var manifest = Manifest(logID: Self.logID)
        manifest.floorIndex = removed
        var first = removed
        for size in segmentSizes {
            let indices = first..<first + UInt64(size)
            let (description, bytes) = try Self.segment(indices.map(stored), first)
            manifest.segments.append(description)
            files[description.name] = bytes
            first = indices.upperBound
        }
        files["manifest"] = ManifestText.encode(manifest)
        for (name, bytes) in try Self.journal((first..<endIndex).map(stored), first) { files[name] = bytes }
        files["journal-end"] = Array("martlet-journal-end 1\n\(Self.logID) \(first)\n".utf8)
    }

    static func segment(_ events: [Event], _ first: UInt64) throws -> (SegmentDescription, [UInt8]) {
        var shredder = SegmentShredder(seed: 1)
        var rows = SegmentRows(firstIndex: first, runs: [])
        for (row, event) in events.enumerated() {
            try unsafe shredder.add(event.body.span.bytes)
            if !event.flags.isEmpty { rows.flags.append(.init(row: row, flags: event.flags.rawValue)) }
            let labels = event.labels
            if row > 0, events[row - 1].labels == labels {
                rows.runs[rows.runs.count - 1].rowCount += 1
                continue
            }
            rows.runs.append(
                SegmentRows.Run(
                    rowCount: 1,
                    received: labels.received,
                    stream: labels.stream == .audit ? "audit" : "system",
                    submitter: labels.submitter,
                    origin: labels.origin,
                    position: labels.position
                )
            )
        }
        let encoded = try SegmentEncoder().encode(shredder.finish(), rows)
        let times = events.map(\.labels.received).sorted()
        let indices = first..<first + UInt64(events.count)
        let description = SegmentDescription(
            name: SegmentDescription.name(of: indices, received: events[0].labels.received),
            firstIndex: first,
            eventCount: events.count,
            eventByteCount: events.reduce(0) { $0 + $1.body.count },
            receivedRange: times[0]...times[times.count - 1],
            timeRange: encoded.earliestTime...encoded.latestTime,
            streams: Set(events.compactMap { LogStream(rawValue: $0.labels.stream.rawValue) }),
            parts: encoded.parts.map { .init(endOffset: $0.endOffset, checksum: $0.checksum) }
        )
        return (description, encoded.bytes)
    }

    /// Files of at most three frames each, finished but for the last.
    static func journal(_ events: [Event], _ first: UInt64) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var file: [UInt8] = []
        var name = ""
        var frameCount = 0
        var start = 0
        while start < events.count {
            let labels = events[start].labels
            let count = events[start...].prefix { $0.labels == labels }.count
            if frameCount % 3 == 0 {
                if !file.isEmpty { files[name] = file }
                let index = first + UInt64(start)
                name = "journal/\(Digits.text(index)).journal"
                file = JournalFileHeader(logID: logID, firstIndex: index, created: 1, reservedByteCount: 1 << 16)
                    .encoded()
            }
            file += try frame(Array(events[start..<start + count]), first + UInt64(start), at: file.count)
            frameCount += 1
            start += count
        }
        // The newest file has its room behind it.
        if !file.isEmpty { files[name] = file + [UInt8](repeating: 0, count: max(0, 1 << 16 - file.count)) }
        return files
    }

    static func frame(_ events: [Event], _ first: UInt64, at offset: Int) throws -> [UInt8] {
        let labels = events[0].labels
        let frame = JournalFrame(
            stream: labels.stream == .audit ? .audit : .system,
            submitter: labels.submitter,
            source: labels.origin,
            position: labels.position
        )
        for event in events {
            unsafe frame.append(event.body.span.bytes, time: nil, keyHash: 0, flags: event.flags)
        }
        frame.finish()
        frame.seal(
            firstIndex: first,
            received: labels.received,
            durableByteOffset: offset,
            fileOffset: offset,
            logID: logID
        )
        return frame.withUnsafeBlocks { unsafe Array($0) }
    }

    // MARK: - Verifying

    static var options: VerificationOptions {
        var options = VerificationOptions()
        options.keys = [(try? NoteVerifier(vkey: signer.vkey))].compactMap { $0 }
        options.now = now
        return options
    }

    static func verify(
        _ files: [String: [UInt8]],
        _ options: VerificationOptions = Self.options
    ) async throws -> VerificationReport {
        try await LogVerifier(MemoryEvidence(files), options).verify()
    }

    /// The files with some events in other words, and nothing else changed: checksums, manifest, frames fit.
    func tampered(_ change: (inout [Event]) -> Void) throws -> [String: [UInt8]] {
        var files = try files()
        var other = self
        change(&other.events)
        if other.events.count != events.count, other.segmentSizes.count == 1 {
            other.segmentSizes = [other.events.count]
        }
        for name in files.keys where name.hasPrefix("segments/") || name.hasPrefix("journal/") { files[name] = nil }
        try other.addEvents(&files)
        return files
    }

    func verify(_ options: VerificationOptions = Self.options) async throws -> VerificationReport {
        try await Self.verify(files(), options)
    }
}
