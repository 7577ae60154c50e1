// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import ManifestFormat
import SegmentFormat
import Testing
import TransparencyLog

@testable import Verification

/// What somebody does who can write every file, knows every secret that lies in the directory, and has no key.
@Suite struct LogTamperingTests {
    /// 300 events in a segment, 300 in the journal, checkpoints on the way.
    private static func log(removed: UInt64 = 0) -> SampleLog {
        var log = SampleLog(600, segments: [300], removed: removed)
        log.olderSizes = [removed + 100, removed + 256, removed + 420]
        return log
    }

    private static func expect(
        _ files: [String: [UInt8]],
        _ kinds: Set<Finding.Kind>,
        _ options: VerificationOptions = SampleLog.options,
        location: SourceLocation = #_sourceLocation
    ) async throws -> VerificationReport {
        let report = try await SampleLog.verify(files, options)
        #expect(report.outcome == .tampered, sourceLocation: location)
        #expect(Set(report.findings.map(\.kind)) == kinds, "\(report.findings)", sourceLocation: location)
        return report
    }

    // MARK: - Events

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: @Sendable (inout [SampleLog.Event], Int) -> Void

        init(_ name: String, _ body: @escaping @Sendable (inout [SampleLog.Event], Int) -> Void) {
            testDescription = name
            self.body = body
        }

        static let labels: [(String, @Sendable (EventLabels) -> EventLabels)] = [
            ("stream", { .init($0, stream: $0.stream == .audit ? .system : .audit) }),
            ("time of receipt", { .init($0, received: $0.received + 1) }),
            ("submitter", { .init($0, submitter: $0.submitter + " ") }),
            ("origin", { .init($0, origin: "") }),
            ("position", { .init($0, position: $0.position + [0]) }),
        ]
    }

    static let changes: [Change] =
        [
            Change("a byte of an event") { $0[$1].body[20] ^= 1 },
            Change("an event is longer") { $0[$1].body.insert(UInt8(ascii: " "), at: 1) },
            Change("white space that means nothing") { $0[$1].body.append(UInt8(ascii: " ")) },
            Change("two events swapped") { $0.swapAt($1, $1 + 1) },
            Change("two bodies swapped") { events, place in
                let body = events[place].body
                events[place].body = events[place + 1].body
                events[place + 1].body = body
            },
            Change("an event in the place of another") { $0[$1] = $0[$1 - 1] },
            Change("a conflict hidden or made up") { $0[$1].flags.formSymmetricDifference(.conflict) },
        ] + Change.labels.map { name, change in Change(name) { $0[$1].labels = change($0[$1].labels) } }

    @Test(arguments: changes, [1, 99, 100, 255, 256, 298, 300, 419, 420, 511, 512, 598])
    func `a changed event is found`(change: Change, place: Int) async throws {
        let log = Self.log()
        let files = try log.tampered { change.body(&$0, place) }
        let report = try await SampleLog.verify(files)

        #expect(report.outcome == .tampered)
        let finding = try #require(report.findings.first { $0.kind == .wrongRoot }, "\(report.findings)")
        #expect(finding.indices?.contains(UInt64(place)) == true, "\(report.findings)")
        // The roots on the way narrow it down.
        let start: UInt64 = place < 99 ? 0 : place < 255 ? 100 : place < 419 ? 256 : 420
        #expect(try #require(finding.indices).lowerBound <= start + (place % 2 == 1 ? 1 : 0) * 156)
    }

    @Test func `flags that the leaf has not are no change`() async throws {
        let files = try Self.log().tampered { $0[7].flags.insert(EventFlags(rawValue: 4)) }
        #expect(try await SampleLog.verify(files).outcome == .verified)
    }

    @Test(arguments: [0, 150, 299])
    func `an event that was removed or inserted is found`(place: Int) async throws {
        let log = SampleLog(300, segments: [300])
        var files = try log.tampered { $0.remove(at: place) }
        _ = try await Self.expect(files, [.missingEvents])
        files = try log.tampered { $0.insert(SampleLog.event(1000), at: place) }
        _ = try await Self.expect(files, [.wrongRoot])
        files = try log.tampered {
            $0.remove(at: place)
            $0.append(SampleLog.event(1000))
        }
        _ = try await Self.expect(files, [.wrongRoot])
    }

    @Test func `stored tiles say which events were changed, far into a log`() async throws {
        let log = SampleLog(66_000, segments: [40_000])
        let files = try log.tampered { $0[30_000].body[25] ^= 1 }
        var report = try await Self.expect(files, [.changedEvents, .wrongRoot])
        let finding = try #require(report.findings.first)
        #expect(finding.indices == 29_952..<30_208)
        #expect(finding.file.hasPrefix("segments/"))

        // Events right, tile wrong.
        var others = try log.files()
        others["log/tile/1/000"]?[117 * 32] ^= 1
        report = try await Self.expect(others, [.changedTile])
        #expect(report.findings.first?.indices == 29_952..<30_208)
        #expect(report.findings.first?.file == "log/tile/1/000")

        // Both, so that they fit each other.
        var both = files
        let hashes = try { () throws -> [LogHash] in
            var other = log
            other.events[30_000].body[25] ^= 1
            return try other.leafHashes()
        }()
        both["log/tile/1/000"] = HashTile.encode(
            (0..<256).map { HashTile.root(of: hashes[$0 * 256..<($0 + 1) * 256]) }
        )
        _ = try await Self.expect(both, [.wrongRoot])
    }

    // MARK: - Files of events

    @Test func `a segment that is gone, cut, or another is found, and the rest is verified`() async throws {
        let log = Self.log()
        let whole = try log.files()
        let name = try #require(whole.keys.first { $0.hasPrefix("segments/") })
        for (contents, kind) in [
            (nil, .missing), (whole[name]?.dropLast(), .damaged), (whole[name].map { $0 + [0] }, .damaged),
            ([], .damaged),
        ] as [([UInt8]?, Finding.Kind)] {
            var files = whole
            files[name] = contents
            let report = try await SampleLog.verify(files)
            #expect(report.outcome == .tampered)
            #expect(report.findings.map(\.kind) == [kind], "\(report.findings)")
            #expect(report.findings.first?.file == name)
            #expect(report.findings.first?.indices == 0..<300)
            #expect(report.eventCount == 300)
            #expect(report.gaps.contains { $0.kind == .unreadable })
        }
    }

    @Test func `files of the journal that are gone are found`() async throws {
        let log = Self.log()
        let whole = try log.files()
        let names = whole.keys.filter { $0.hasPrefix("journal/") }.sorted()
        for (place, name) in names.enumerated() {
            var files = whole
            files[name] = nil
            let report = try await Self.expect(files, place == names.count - 1 ? [.missingEvents] : [.missingEvents])
            let first = Digits.number(name.dropLast(8).dropFirst(8))
            #expect(report.findings.contains { $0.indices?.lowerBound == first }, "\(report.findings)")
        }
        var files = whole
        for name in names { files[name] = nil }
        _ = try await Self.expect(files, [.missingEvents])
        files["journal-end"] = Array("martlet-journal-end 1\n\(SampleLog.logID) 600\n".utf8)
        let report = try await Self.expect(files, [.missingEvents])
        #expect(report.findings.contains { $0.file == "journal-end" && $0.indices == 300..<600 })
    }

    @Test func `frames in the middle that are damaged are found`() async throws {
        let whole = try Self.log().files()
        let names = whole.keys.filter { $0.hasPrefix("journal/") }.sorted()
        for (place, name) in names.enumerated() {
            var files = whole
            files[name]?[4096 + 120] ^= 1
            let report = try await SampleLog.verify(files)
            #expect(report.outcome == .tampered, "\(name)")
            if place < names.count - 1 { #expect(report.findings.contains { $0.file == name }) }
        }
    }

    @Test func `the journal of another log is refused`() async throws {
        var files = try Self.log().files()
        for name in files.keys where name.hasPrefix("journal/") { files[name]?[20] ^= 1 }
        let report = try await SampleLog.verify(files)
        #expect(report.outcome == .tampered)
    }

    @Test func `the manifest is believed as far as the events agree`() async throws {
        let log = Self.log()
        var files = try log.files()
        let manifest = try ManifestText.decode(files["manifest"] ?? [])
        let segment = manifest.segments[0]
        func with(_ change: (SegmentDescription) -> SegmentDescription) -> [UInt8] {
            var other = manifest
            other.segments = [change(segment)]
            return ManifestText.encode(other)
        }
        files["manifest"] = with {
            $0.with(receivedRange: $0.receivedRange.lowerBound - 1...$0.receivedRange.upperBound)
        }
        _ = try await Self.expect(files, [.damaged])
        files["manifest"] = with { $0.with(eventByteCount: $0.eventByteCount + 1) }
        _ = try await Self.expect(files, [.damaged])
        files["manifest"] = with { $0.with(streams: [.audit]) }
        _ = try await Self.expect(files, [.damaged])
        files["manifest"] = with { $0.with(eventCount: 299) }
        #expect(try await SampleLog.verify(files).outcome == .tampered)
        var other = Manifest(logID: LogID(high: 1, low: 1))
        other.segments = manifest.segments
        files["manifest"] = ManifestText.encode(other)
        #expect(try await SampleLog.verify(files).outcome == .tampered)
        files["manifest"] = nil
        #expect(try await SampleLog.verify(files).outcome == .tampered)
        files["manifest"] = [1]
        #expect(try await SampleLog.verify(files).outcome == .tampered)
    }

    @Test func `a floor that hides events without their hashes is found`() async throws {
        let log = Self.log()
        var files = try log.files()
        var manifest = Manifest(logID: SampleLog.logID)
        manifest.floorIndex = 300
        files["manifest"] = ManifestText.encode(manifest)
        var report = try await SampleLog.verify(files)
        #expect(report.outcome == .tampered)
        manifest.floorIndex = 1 << 62
        files["manifest"] = ManifestText.encode(manifest)
        report = try await SampleLog.verify(files)
        #expect(report.outcome != .verified)
    }

    // MARK: - The tail

    @Test func `a tail that was cut is found`() async throws {
        let whole = try Self.log().files()
        var files = try Self.log().tampered { $0.removeLast(30) }
        _ = try await Self.expect(files, [.missingEvents])
        // With the checkpoint of that time it looks like that log; what the signer wrote down, and what others kept, tells.
        var earlier = Self.log()
        earlier.signedSize = 570
        files["log/checkpoint"] = try earlier.files()["log/checkpoint"]
        #expect(try await SampleLog.verify(files).outcome == .verified)

        var withRecord = files
        var log = Self.log()
        log.recordSize = 600
        withRecord["signer/record"] = try log.files()["signer/record"]
        _ = try await Self.expect(withRecord, [.missingEvents])

        var options = SampleLog.options
        options.trustedCheckpoints = [try SignedNote(parsing: whole["log/checkpoint"] ?? [])]
        _ = try await Self.expect(files, [.rolledBack], options)
    }

    @Test func `a tail that was cut and written anew, by whoever has the key, is found by what others kept`()
        async throws
    {
        let whole = try Self.log().files()
        var log = Self.log()
        for place in 500..<600 { log.events[place].body[30] ^= 1 }
        let files = try log.files()
        #expect(try await SampleLog.verify(files).outcome == .verified)

        var options = SampleLog.options
        options.trustedCheckpoints = [try SignedNote(parsing: whole["log/checkpoint"] ?? [])]
        _ = try await Self.expect(files, [.forked], options)
        options.trustedCheckpoints = [try log.note(SampleLog(600).checkpoint(SampleLog(600).leafHashes(), 501))]
        _ = try await Self.expect(files, [.forked], options)
        options.trustedCheckpoints = [try log.note(SampleLog(600).checkpoint(SampleLog(600).leafHashes(), 500))]
        #expect(try await SampleLog.verify(files, options).outcome == .verified)
    }

    @Test func `an old snapshot is found by a newer checkpoint`() async throws {
        let old = SampleLog(400, segments: [300])
        var options = SampleLog.options
        options.trustedCheckpoints = [try SignedNote(parsing: Self.log().files()["log/checkpoint"] ?? [])]
        let report = try await Self.expect(old.files(), [.rolledBack], options)
        #expect(report.findings.first?.indices == 400..<600)

        // As is a directory in which nothing is signed any more.
        var files = try old.files()
        for name in files.keys where name.hasPrefix("log/") { files[name] = nil }
        _ = try await Self.expect(files, [.rolledBack], options)
    }

    @Test func `older checkpoints cannot be larger than the newest, or fall`() async throws {
        var log = Self.log()
        log.olderSizes = [100, 600]
        var files = try log.files()
        log.signedSize = 500
        files["log/checkpoint"] = try log.files()["log/checkpoint"]
        _ = try await Self.expect(files, [.rolledBack])
        log.olderSizes = [300, 200]
        _ = try await Self.expect(log.files(), [.rolledBack])
    }

    @Test func `two roots of one size are a fork`() async throws {
        let log = Self.log()
        var other = log
        other.events[3].body[30] ^= 1
        other.olderSizes = [420]
        var files = try log.files()
        files["log/checkpoints"]? += try other.files()["log/checkpoints"] ?? []
        _ = try await Self.expect(files, [.forked, .wrongRoot])
    }

    @Test func `what the signer wrote down has to fit`() async throws {
        var log = Self.log()
        var other = log
        other.events[0].body[30] ^= 1
        log.recordSize = 600
        other.recordSize = 600
        var files = try log.files()
        #expect(try await SampleLog.verify(files).outcome == .verified)
        files["signer/record"] = try other.files()["signer/record"]
        _ = try await Self.expect(files, [.forked, .wrongRoot])
        other.recordSize = 599
        files["signer/record"] = try other.files()["signer/record"]
        #expect(try await SampleLog.verify(files).outcome == .tampered)
        log.recordSize = 599
        files["signer/record"] = try log.files()["signer/record"]
        _ = try await Self.expect(files, [.forked])
        files["signer/record"] = Array("log.example/other\n600\n".utf8)
        _ = try await Self.expect(files, [.malformedCheckpoint])
    }

    @Test func `a root of another size is found`() async throws {
        let log = Self.log()
        let hashes = try log.leafHashes()
        var files = try log.files()
        for (size, root) in [(600, 599), (599, 600), (256, 512)] as [(UInt64, UInt64)] {
            let text = try Checkpoint(origin: SampleLog.origin, size: size, root: SampleLog.root(hashes, root))
            files["log/checkpoint"] = try log.note(text).encoded()
            files["log/checkpoints"] = nil
            _ = try await Self.expect(files, [.wrongRoot])
        }
    }

    // MARK: - Tiles

    @Test(arguments: [65_536, 131_072])
    func `tiles that stand for removed events are proven by the root`(floor: Int) async throws {
        let log = SampleLog(100, removed: UInt64(floor))
        let whole = try log.files()
        for name in whole.keys where name.hasPrefix("log/tile/") {
            for place in [0, 1, 31, 4096, 8191] {
                var files = whole
                files[name]?[place] ^= 0x10
                let report = try await SampleLog.verify(files)
                #expect(report.outcome == .tampered)
                #expect(report.findings.contains { $0.kind == .wrongRoot }, "\(report.findings)")
            }
            for contents in [nil, [], whole[name]?.dropLast(), whole[name].map { $0 + [0] }] as [[UInt8]?] {
                var files = whole
                files[name] = contents
                let report = try await SampleLog.verify(files)
                #expect(report.outcome == .tampered, "\(name)")
                #expect(report.findings.contains { $0.file == name }, "\(report.findings)")
            }
        }
    }

    @Test func `files that are no tiles, or of no events, do not belong`() async throws {
        let log = SampleLog(300, removed: 65_536)
        let whole = try log.files()
        let full = [UInt8](repeating: 1, count: 8192)
        for name in [
            "log/tile/0/000", "log/tile/entries/000", "log/tile/x", "log/tile/1/0", "log/tile/1/000.p",
            "log/tile/1/001",
            "log/tile/2/000", "log/tile/1/x001/000", "log/tile/1/000.new2", "log/tile/1/x000/000",
        ] {
            var files = whole
            files[name] = full
            let report = try await SampleLog.verify(files)
            #expect(report.outcome == .tampered)
            #expect(report.findings.contains { $0.kind == .extraFile && $0.file == name }, "\(report.findings)")
        }
        // A partial tile has to be the beginning of the full one.
        var files = whole
        files["log/tile/1/000.p/3"] = Array(whole["log/tile/1/000"]?[..<96] ?? [])
        #expect(try await SampleLog.verify(files).outcome == .verified)
        files["log/tile/1/000.p/3"]?[95] ^= 1
        _ = try await Self.expect(files, [.changedTile])
        files["log/tile/1/000.p/3"]?.append(0)
        _ = try await Self.expect(files, [.changedTile])
        files = whole
        files["log/erased/x"] = []
        _ = try await Self.expect(files, [.extraFile])
    }

    @Test func `what is no file is refused`() async throws {
        let whole = try SampleLog(300, segments: [100], removed: 65_536).files()
        for name in whole.keys.sorted() where name != "identity" {
            let evidence = MemoryEvidence(whole)
            evidence.addOther(name)
            let report = try await LogVerifier(evidence, SampleLog.options).verify()
            #expect(report.outcome == .tampered, "\(name)")
            #expect(report.findings.contains { $0.kind == .notAFile && $0.file == name }, "\(name): \(report.findings)")
        }
        for name in ["log/tile/1/link", "log/tile/link"] {
            let evidence = MemoryEvidence(whole)
            evidence.addOther(name)
            #expect(try await LogVerifier(evidence, SampleLog.options).verify().findings.map(\.kind) == [.extraFile])
        }
    }

    @Test func `what cannot be read makes the verdict incomplete`() async throws {
        var log = SampleLog(300, segments: [100], removed: 65_536)
        log.olderSizes = [65_600]
        log.recordSize = 65_836
        let whole = try log.files()
        for name in whole.keys.sorted() where name != "identity" {
            let evidence = MemoryEvidence(whole)
            evidence.makeUnreadable(name)
            let report = try await LogVerifier(evidence, SampleLog.options).verify()
            #expect(report.outcome == .incomplete, "\(name): \(report.findings)")
            #expect(report.gaps.contains { $0.kind == .unreadable && $0.file == name }, "\(name): \(report.gaps)")
        }
    }

    // MARK: - Secrets

    @Test func `without the right secrets nothing can be made again`() async throws {
        let log = SampleLog(300, segments: [100])
        let whole = try log.files()
        let span = "log/spans/\(Digits.text(0))"
        for (name, contents, kind) in [
            (span, nil, .missing), (span, [], .damaged), (span, SampleLog.secrets(1).encoded(), .damaged),
            ("log/source-secret", nil, .missing), ("log/source-secret", [1], .damaged),
        ] as [(String, [UInt8]?, Finding.Kind)] {
            var files = whole
            files[name] = contents
            let report = try await Self.expect(files, [kind])
            #expect(report.findings.map(\.file) == [name])
        }
        var files = whole
        files["log/source-secret"] = [UInt8](repeating: 0, count: 32)
        _ = try await Self.expect(files, [.wrongRoot])
        files = whole
        files[span] = try SpanSecrets(span: 0, key: [UInt8](repeating: 0, count: 32)).encoded()
        _ = try await Self.expect(files, [.wrongRoot])
        var secrets = SampleLog.secrets(0)
        secrets.forget(7)
        files[span] = secrets.encoded()
        let report = try await Self.expect(files, [.missing])
        #expect(report.findings.first?.indices == 7..<8)
    }

    // MARK: - Erased events

    @Test func `an erased event has the tombstone and the leaf that it was given`() async throws {
        var log = SampleLog(300, segments: [200])
        let tombstone = Array("{\"gone\":1}".utf8)
        log.erased = [5: tombstone, 250: tombstone]
        let whole = try log.files()
        for index in [5, 250] as [UInt64] {
            let name = "log/erased/\(Digits.text(index))"
            var files = whole
            files[name] = nil
            _ = try await Self.expect(files, [.missing])
            files[name] = []
            _ = try await Self.expect(files, [.damaged, .missing])
            files = whole
            files[name]?[100] ^= 1
            _ = try await Self.expect(files, [.changedEvents])
            // A leaf that says another time, stream, source, or that it was a conflict.
            for place in [5, 6, 8, 16] {
                files = whole
                files[name]?[place] ^= 1
                _ = try await Self.expect(files, [.changedEvents, .wrongRoot])
            }
            for place in [32, 95] {
                files = whole
                files[name]?[place] ^= 1
                _ = try await Self.expect(files, [.wrongRoot])
            }
        }
        var files = whole
        files["log/erased/\(Digits.text(300))"] = files["log/erased/\(Digits.text(5))"]
        _ = try await Self.expect(files, [.extraFile])
    }

    // MARK: - Limits

    @Test func `a size that nobody has is no endless work`() async throws {
        for size in [1 << 40, 1 << 62, 1 << 63, .max] as [UInt64] {
            var log = SampleLog(10)
            log.sign = { [try SampleLog.signer.sign($0)] }
            var files = try log.files()
            let checkpoint = try Checkpoint(origin: SampleLog.origin, size: size, root: LogHash.ofEmptyTree)
            files["log/checkpoint"] = try log.note(checkpoint).encoded()
            _ = try await Self.expect(files, [.missing, .missingEvents])
            var manifest = Manifest(logID: SampleLog.logID)
            manifest.floorIndex = size / 256 * 256
            files["manifest"] = ManifestText.encode(manifest)
            #expect(try await SampleLog.verify(files).outcome != .verified)
            files["journal/\(Digits.text(size - 1)).journal"] = [1]
            #expect(try await SampleLog.verify(files).outcome != .verified)
        }
    }

    @Test func `files that are too large are not read`() async throws {
        let whole = try SampleLog(10).files()
        for name in ["log/checkpoint", "log/vkeys", "journal-end", "log/source-secret", "log/spans/\(Digits.text(0))"] {
            var files = whole
            files[name] = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000_000)
            let report = try await Self.expect(files, [.damaged])
            #expect(report.findings.first?.file == name)
        }
    }
}

extension EventLabels {
    fileprivate init(
        _ other: EventLabels,
        stream: LeafStream? = nil,
        received: Int64? = nil,
        submitter: String? = nil,
        origin: String? = nil,
        position: [UInt8]? = nil
    ) {
        self.init(
            stream: stream ?? other.stream,
            received: received ?? other.received,
            submitter: submitter ?? other.submitter,
            origin: origin ?? other.origin,
            position: position ?? other.position
        )
    }
}

extension SegmentDescription {
    fileprivate func with(
        eventCount: Int? = nil,
        eventByteCount: Int? = nil,
        receivedRange: ClosedRange<Int64>? = nil,
        streams: Set<LogStream>? = nil
    ) -> SegmentDescription {
        SegmentDescription(
            name: name,
            firstIndex: firstIndex,
            eventCount: eventCount ?? self.eventCount,
            eventByteCount: eventByteCount ?? self.eventByteCount,
            receivedRange: receivedRange ?? self.receivedRange,
            timeRange: timeRange,
            streams: streams ?? self.streams,
            parts: parts
        )
    }
}
