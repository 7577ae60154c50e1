// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import ManifestFormat
import Testing
import TransparencyLog

@testable import Verification

@Suite struct LogVerifierTests {
    @Test(arguments: [0, 1, 2, 22, 255, 256, 257, 511, 512, 513, 1000])
    func `a log is verified, wherever its events are`(count: Int) async throws {
        for segments in [[], [count], [count / 2], [count / 3, count / 2]] where !segments.contains(0) || count == 0 {
            let log = SampleLog(count, segments: count == 0 ? [] : segments)
            let report = try await log.verify()

            #expect(report.outcome == .verified, "\(segments): \(report.findings) \(report.gaps)")
            #expect(report.findings.isEmpty)
            #expect(report.gaps.isEmpty)
            #expect(report.eventCount == UInt64(count))
            #expect(report.byteCount == UInt64(log.events.reduce(0) { $0 + $1.body.count }))
            #expect(report.size == UInt64(count))
            #expect(try report.root == SampleLog.root(log.leafHashes(), UInt64(count)))
            #expect(report.origin == SampleLog.origin)
            #expect(report.newestReceived == log.events.last?.labels.received)
            #expect(report.keyOrigin == .given)
        }
    }

    @Test(arguments: [
        // Floor, events, segments: at the ends of bundles and spans, in a tile that is full, and in one that is not.
        (256, 300, [300]), (256, 300, [100]), (512, 1, []), (65_280, 600, [300]), (65_280, 256, [256]),
        (65_536, 1, [1]), (65_536, 257, []), (66_048, 300, [200]), (131_072, 300, [300]),
    ])
    func `events that retention removed are proven by the root`(floor: Int, count: Int, segments: [Int]) async throws {
        let log = SampleLog(count, segments: segments, removed: UInt64(floor))
        let report = try await log.verify()

        #expect(report.outcome == .verified, "\(report.findings) \(report.gaps)")
        #expect(report.eventCount == UInt64(count))
        #expect(report.gaps.map(\.kind) == [.removedByRetention])
        #expect(report.gaps.first?.indices == 0..<UInt64(floor))
    }

    @Test func `a whole span of events and more is verified`() async throws {
        var log = SampleLog(65_537, segments: [40_000, 25_530])
        log.olderSizes = [1, 255, 256, 257, 40_000, 65_535, 65_536]
        let report = try await log.verify()

        #expect(report.outcome == .verified, "\(report.findings) \(report.gaps)")
        #expect(report.eventCount == 65_537)
        #expect(report.olderCheckpointCount == 7)
    }

    @Test func `one piece at a time gives the same as many`() async throws {
        let files = try SampleLog(1000, segments: [300, 300]).files()
        for concurrency in [0, 1, 2, 8] {
            var options = SampleLog.options
            options.concurrency = concurrency
            #expect(try await SampleLog.verify(files, options).outcome == .verified)
        }
    }

    // MARK: - Checkpoints

    @Test func `every older checkpoint is compared with the tree`() async throws {
        var log = SampleLog(520, segments: [300])
        log.olderSizes = Array(0...520)
        let report = try await log.verify()

        #expect(report.outcome == .verified, "\(report.findings)")
        #expect(report.olderCheckpointCount == 521)
    }

    @Test func `older checkpoints below the floor are compared where bundles end`() async throws {
        var log = SampleLog(100, removed: 768)
        log.olderSizes = [0, 1, 256, 300, 512, 700, 768, 800]
        let report = try await log.verify()

        #expect(report.outcome == .verified, "\(report.findings)")
        let gap = try #require(report.gaps.first { $0.kind == .checkpointBelowFloor })
        #expect(gap.reason.hasPrefix("3 "))
    }

    @Test func `events behind the checkpoint are reported, and are no leaves yet`() async throws {
        var log = SampleLog(600, segments: [300, 200])
        log.signedSize = 290
        var files = try log.files()
        let report = try await SampleLog.verify(files)

        #expect(report.outcome == .verified, "\(report.findings)")
        #expect(report.eventCount == 290)
        #expect(report.gaps.map(\.kind) == [.notYetCovered])
        #expect(report.gaps.first?.indices == 290..<600)

        files = try log.tampered { $0[295].body[3] ^= 1 }
        #expect(try await SampleLog.verify(files).outcome == .verified)
    }

    @Test func `what the signer wrote down may be ahead of the checkpoint`() async throws {
        var log = SampleLog(600, segments: [300, 200])
        log.signedSize = 290
        for size in [290, 291, 512, 600] as [UInt64] {
            log.recordSize = size
            let report = try await log.verify()
            #expect(report.outcome == .verified, "\(size): \(report.findings)")
            #expect(report.gaps.map(\.kind) == [.notYetCovered])
        }
    }

    @Test func `without keys of the caller those of the directory are used, and the report says so`() async throws {
        var files = try SampleLog(10).files()
        var report = try await SampleLog.verify(files, VerificationOptions())
        #expect(report.outcome == .verified)
        #expect(report.keyOrigin == .directory)
        #expect(report.gaps.map(\.kind) == [.ownKeys])

        files["log/vkeys"] = nil
        report = try await SampleLog.verify(files, VerificationOptions())
        #expect(report.outcome == .incomplete)
        #expect(report.keyOrigin == .none)
        #expect(report.gaps.map(\.kind) == [.noKeys])
    }

    @Test func `without a checkpoint nothing is proven`() async throws {
        var files = try SampleLog(10).files()
        for name in files.keys where name.hasPrefix("log/") { files[name] = nil }
        let report = try await SampleLog.verify(files)
        #expect(report.outcome == .incomplete)
        #expect(report.findings.isEmpty, "\(report.findings)")
        #expect(Set(report.gaps.map(\.kind)) == [.noCheckpoint, .notYetCovered])
    }

    @Test func `what is no data directory is not judged`() async throws {
        for identity in [nil, "other\n"] as [String?] {
            var files = try SampleLog(1).files()
            files["identity"] = identity.map { Array($0.utf8) }
            await #expect(throws: EvidenceError.self) { try await SampleLog.verify(files) }
        }
    }

    @Test func `a checkpoint that the caller kept is the beginning of the log`() async throws {
        let log = SampleLog(600, segments: [300])
        let hashes = try log.leafHashes()
        for size in [0, 1, 256, 300, 599, 600] as [UInt64] {
            var options = SampleLog.options
            options.trustedCheckpoints = [try log.note(log.checkpoint(hashes, size))]
            #expect(try await log.verify(options).outcome == .verified)
        }
    }

    @Test func `a kept checkpoint of removed events cannot be compared`() async throws {
        let log = SampleLog(10, removed: 512)
        let hashes = try log.leafHashes()
        var options = SampleLog.options
        options.trustedCheckpoints = [try log.note(log.checkpoint(hashes, 300))]
        let report = try await log.verify(options)
        #expect(report.outcome == .incomplete)
        #expect(report.findings.isEmpty)

        options.trustedCheckpoints = [try log.note(log.checkpoint(hashes, 256))]
        #expect(try await log.verify(options).outcome == .verified)
    }

    // MARK: - Witnesses

    @Test func `the quorum of the policy is met by a checkpoint, or the verdict is incomplete`() async throws {
        let seconds = SampleLog.now
        let policy = try TrustPolicy(
            parsing: Array(
                "log \(SampleLog.signer.vkey)\nwitness w \(SampleLog.witness.vkey)\nquorum w\n".utf8
            )
        )
        var options = VerificationOptions()
        options.policy = policy
        options.now = seconds
        var log = SampleLog(10)
        var report = try await log.verify(options)
        #expect(report.outcome == .incomplete)
        #expect(report.gaps.map(\.kind) == [.quorumNotMet])
        #expect(report.witnessed == nil)

        log.sign = { [try SampleLog.signer.sign($0), try SampleLog.witness.cosign($0, time: seconds - 5)] }
        report = try await log.verify(options)
        #expect(report.outcome == .verified, "\(report.findings)")
        #expect(report.witnesses == ["w"])
        #expect(report.witnessed?.size == 10)
        #expect(report.witnessed?.seconds == seconds - 5)

        // An older one that was witnessed says how far the log is.
        var files = try log.files()
        log.olderSizes = [7]
        files["log/checkpoints"] = try log.files()["log/checkpoints"]
        log.sign = { [try SampleLog.signer.sign($0)] }
        files["log/checkpoint"] = try log.files()["log/checkpoint"]
        report = try await SampleLog.verify(files, options)
        #expect(report.outcome == .verified)
        #expect(report.witnesses.isEmpty)
        #expect(report.witnessed?.size == 7)
    }

    @Test(arguments: [(300, true), (301, false)])
    func `a cosignature may be some minutes ahead`(seconds: Int64, isRight: Bool) async throws {
        var log = SampleLog(3)
        log.sign = { [try SampleLog.signer.sign($0), try SampleLog.witness.cosign($0, time: SampleLog.now + seconds)] }
        var options = SampleLog.options
        options.keys.append(try NoteVerifier(vkey: SampleLog.witness.vkey))
        let report = try await log.verify(options)
        #expect(report.outcome == (isRight ? .verified : .tampered))
        #expect(report.findings.map(\.kind) == (isRight ? [] : [.futureTime]))
    }

    // MARK: - Erased events

    @Test func `erased events keep their leaves`() async throws {
        var log = SampleLog(600, segments: [300, 100])
        for index in [0, 5, 299, 300, 399, 400, 599] as [UInt64] {
            log.erased[index] = Array("{\"erased\":\(index)}".utf8)
        }
        let report = try await log.verify()

        #expect(report.outcome == .verified, "\(report.findings)")
        #expect(report.erased == [0, 5, 299, 300, 399, 400, 599])
        #expect(report.erasedCount == 7)
        #expect(report.gaps.map(\.kind) == [.erased])
    }

    @Test func `a leaf that is kept before the event is erased does no harm`() async throws {
        let log = SampleLog(10)
        var files = try log.files()
        files["log/erased/\(Digits.text(3))"] = try log.leaf(3).encoded() + Array("{}".utf8)
        #expect(try await SampleLog.verify(files).outcome == .verified)

        files["log/erased/\(Digits.text(3))"] = try log.leaf(4).encoded() + Array("{}".utf8)
        #expect(try await SampleLog.verify(files).findings.map(\.kind) == [.extraFile])
    }

    // MARK: - The end of the journal

    @Test func `a batch that is being written is no finding`() async throws {
        let log = SampleLog(100, segments: [20])
        let whole = try log.files()
        let newest = try #require(whole.keys.filter { $0.hasPrefix("journal/") }.max())
        let frame = try SampleLog.frame([SampleLog.event(100)], 100, at: 12_288)
        let free = try #require(whole[newest]).lastIndex { $0 != 0 }.map { ($0 / 4096 + 1) * 4096 }
        let start = try #require(free)
        for count in [1, 4, 100, frame.count - 4000] {
            var files = whole
            for (place, byte) in frame.prefix(count).enumerated() { files[newest]?[start + place] = byte }
            let report = try await SampleLog.verify(files)
            #expect(report.outcome == .verified, "\(report.findings)")
            #expect(report.gaps.map(\.kind) == [.tornEnd])
        }
        // In a file that was finished nothing is being written.
        var files = whole
        files[newest] = Array(files[newest]?[..<start] ?? []) + frame.prefix(100)
        #expect(try await SampleLog.verify(files).findings.map(\.kind) == [.damaged])
    }

    @Test func `files of the journal whose events are in segments are not looked at`() async throws {
        let log = SampleLog(100, segments: [60])
        var files = try log.files()
        for (name, bytes) in try SampleLog.journal(Array(log.events[..<60]), 0) { files[name] = bytes }
        #expect(try await SampleLog.verify(files).outcome == .verified)
        for name in files.keys where name.hasPrefix("journal/") && name < "journal/\(Digits.text(40))" {
            files[name] = [1, 2, 3]
        }
        #expect(try await SampleLog.verify(files).outcome == .verified)
    }

    // MARK: - Beside a running server

    @Test func `segments may be merged and the journal sealed meanwhile`() async throws {
        let before = SampleLog(600, segments: [100, 100, 100])
        for name in ["segments/2026-11-22/\(Digits.text(0))", "segments/2026-11-22/\(Digits.text(100))", "journal/"] {
            for segments in [[600], [300, 300], [100, 200, 300], [150, 150, 150]] {
                var after = before
                after.segmentSizes = segments
                var files = try after.files()
                files["log/checkpoints"] = nil
                let evidence = MemoryEvidence(try before.files())
                let replaced = files
                evidence.onRead { [weak evidence] read in
                    if read.hasPrefix(name) { evidence?.files = replaced }
                }
                let report = try await LogVerifier(evidence, SampleLog.options).verify()
                #expect(report.outcome == .verified, "\(name), \(segments): \(report.findings)")
                #expect(report.eventCount == 600)
            }
        }
    }

    @Test func `retention may remove events meanwhile`() async throws {
        let before = SampleLog(1000, segments: [256, 256, 256])
        var files = try before.files()
        let hashes = try before.leafHashes()
        var manifest = try ManifestText.decode(files["manifest"] ?? [])
        for segment in manifest.segments[..<2] { files[segment.name] = nil }
        manifest.segments.removeFirst(2)
        manifest.floorIndex = 512
        files["manifest"] = ManifestText.encode(manifest)
        let tile = TileCoordinate(level: 1, index: 0, width: 3)
        files["log/\(tile.path)"] = HashTile.encode(
            (0..<3).map { HashTile.root(of: hashes[$0 * 256..<$0 * 256 + 256]) }
        )
        let replaced = files
        for first in [0, 256] as [UInt64] {
            let evidence = MemoryEvidence(
                try before.files().merging(replaced.filter { $0.key.hasPrefix("log/tile") }) { $1 }
            )
            evidence.onRead { [weak evidence] read in
                if read.hasPrefix("segments/2026-11-22/\(Digits.text(first))") { evidence?.files = replaced }
            }
            let report = try await LogVerifier(evidence, SampleLog.options).verify()
            #expect(report.outcome == .verified, "\(report.findings)")
            #expect(report.eventCount == 1000 - 512 + first)
        }
    }

    @Test func `the log may grow meanwhile`() async throws {
        let before = SampleLog(300, segments: [100])
        var after = SampleLog(700, segments: [100, 300])
        after.olderSizes = [300, 500]
        let files = try after.files()
        for name in ["log/checkpoint", "signer/record", "manifest", "journal-end", "log/spans/"] {
            let evidence = MemoryEvidence(try before.files())
            evidence.onRead { [weak evidence] read in
                if read.hasPrefix(name) { evidence?.files = files }
            }
            let report = try await LogVerifier(evidence, SampleLog.options).verify()
            #expect(report.outcome == .verified, "\(name): \(report.findings)")
        }
    }

    @Test func `events may be erased meanwhile`() async throws {
        let before = SampleLog(600, segments: [300, 200])
        var after = before
        for index in [7, 299, 300, 450] as [UInt64] { after.erased[index] = Array("{\"erased\":\(index)}".utf8) }
        let (old, new) = (try before.files(), try after.files())
        let isKept = { (name: String) in name.hasPrefix("log/erased/") }
        let isSecret = { (name: String) in name.hasPrefix("log/spans/") }
        // The steps of an erasure, each after any read.
        let kept = old.merging(new.filter { isKept($0.key) }) { $1 }
        let rewritten = kept.merging(new.filter { !isSecret($0.key) }) { $1 }
        for name in try await Self.readNames(old) {
            for files in [kept, rewritten, new] {
                let evidence = MemoryEvidence(old)
                evidence.onRead { [weak evidence] read in
                    if read == name { evidence?.files = files }
                }
                let report = try await LogVerifier(evidence, SampleLog.options).verify()
                #expect(report.outcome == .verified, "\(name): \(report.findings)")
            }
        }
    }

    private static func readNames(_ files: [String: [UInt8]]) async throws -> [String] {
        let evidence = MemoryEvidence(files)
        _ = try await LogVerifier(evidence, SampleLog.options).verify()
        return evidence.readNames.sorted()
    }
}
