// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@testable import Verification

@Suite struct TlogVerifierTests {
    /// A published log of entries of some bytes.
    private static func files(
        _ entries: [[UInt8]],
        size: Int? = nil,
        sign: ([UInt8]) throws -> [NoteSignature] = { [try SampleLog.signer.sign($0)] }
    ) throws -> [String: [UInt8]] {
        let size = size ?? entries.count
        var files: [String: [UInt8]] = [:]
        let hashes = entries.map { unsafe LogHash.ofLeaf($0.span.bytes) }
        var below = Array(hashes[..<size])
        for level in 0...7 where !below.isEmpty {
            for index in 0...(below.count - 1) / 256 {
                let part = below[index * 256..<min(below.count, (index + 1) * 256)]
                let tile = TileCoordinate(level: level, index: UInt64(index), width: part.count)
                files[tile.path] = HashTile.encode(part)
                guard level == 0 else { continue }
                let bundle = try EntryBundle.encode(entries[index * 256..<index * 256 + part.count])
                files[TileRequest.entries(index: UInt64(index), width: part.count).path] = bundle
            }
            below = (0..<below.count / 256).map { HashTile.root(of: below[$0 * 256..<($0 + 1) * 256]) }
        }
        let text = try Checkpoint(
            origin: SampleLog.origin,
            size: UInt64(size),
            root: SampleLog.root(hashes, UInt64(size))
        ).text
        files["checkpoint"] = try SignedNote(text: text, signatures: sign(text)).encoded()
        return files
    }

    private static func leaves(_ count: Int) throws -> [[UInt8]] {
        let log = SampleLog(count)
        return try (0..<count).map { try log.leaf(UInt64($0)).encoded() }
    }

    private static func texts(_ count: Int) -> [[UInt8]] { (0..<count).map { Array("entry \($0)".utf8) } }

    private static func verify(
        _ files: [String: [UInt8]],
        _ options: VerificationOptions = SampleLog.options,
        minimumIndex: UInt64 = 0,
        isListed: Bool = true,
        entriesAreLeaves: Bool = false
    ) async throws -> VerificationReport {
        let evidence = MemoryEvidence(files, isListed: isListed)
        return try await TlogVerifier(
            evidence,
            options,
            minimumIndex: minimumIndex,
            entriesAreLeaves: entriesAreLeaves
        ).verify()
    }

    // MARK: - What is right

    @Test(arguments: [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 66_000])
    func `a published log is verified, listed or not`(count: Int) async throws {
        let files = try Self.files(Self.texts(count))
        for isListed in [true, false] {
            let report = try await Self.verify(files, isListed: isListed)
            #expect(report.outcome == .verified, "\(report.findings.prefix(3)) \(report.gaps)")
            #expect(report.gaps.map(\.kind) == (isListed ? [] : [.notListed]))
            #expect(report.size == UInt64(count))
            #expect(report.eventCount == UInt64(count))
            #expect(report.origin == SampleLog.origin)
        }
    }

    @Test func `entries are leaves of ours, if the caller says so`() async throws {
        var entries = try Self.leaves(300)
        let report = try await Self.verify(Self.files(entries), entriesAreLeaves: true)
        #expect(report.outcome == .verified, "\(report.findings)")
        #expect(report.newestReceived == SampleLog.event(299).labels.received)

        entries[256][5] = 9
        #expect(try await Self.verify(Self.files(entries)).outcome == .verified)
        let other = try await Self.verify(Self.files(entries), entriesAreLeaves: true)
        #expect(other.findings.map(\.kind) == [.damaged])
        #expect(other.findings.first?.indices == 256..<257)
    }

    @Test func `tiles of earlier sizes may be there, and have to be right`() async throws {
        let entries = Self.texts(600)
        var files = try Self.files(entries)
        for size in [1, 5, 256, 300, 512, 599] { files.merge(try Self.files(entries, size: size)) { old, _ in old } }
        #expect(try await Self.verify(files).outcome == .verified)
        for name in files.keys.filter({ $0.contains(".p/") }).sorted() {
            var others = files
            let last = try #require(others[name]).count - 1
            others[name]?[last] ^= 1
            #expect(try await Self.verify(others).outcome == .tampered, "\(name)")
            others = files
            others[name]?.append(0)
            #expect(try await Self.verify(others).outcome == .tampered, "\(name)")
        }
    }

    @Test func `a full tile stands for a partial one that is gone`() async throws {
        let entries = Self.texts(65_536 + 300)
        var files = try Self.files(entries, size: 65_000)
        let later = try Self.files(entries)
        for name in files.keys where name.contains(".p/") { files[name] = nil }
        for name in later.keys where !name.contains(".p/") && name != "checkpoint" { files[name] = later[name] }
        for isListed in [true, false] {
            let report = try await Self.verify(files, isListed: isListed)
            #expect(report.outcome == .verified, "\(report.findings)")
            #expect(report.eventCount == 65_000)
        }
        let gap = try await Self.verify(files).gaps.first
        #expect(gap?.kind == .notYetCovered)

        var others = files
        others["tile/entries/253"]?[100] ^= 1
        #expect(try await Self.verify(others).outcome == .tampered)
        others = files
        others["tile/0/253"]?[100] ^= 1
        #expect(try await Self.verify(others).outcome == .tampered)
        others = files
        others["tile/1/000"]?[100] ^= 1
        #expect(try await Self.verify(others).outcome == .tampered)
    }

    @Test(arguments: [256, 257, 600, 65_536, 65_792])
    func `what was pruned is proven by the root`(minimum: Int) async throws {
        let whole = try Self.files(Self.texts(66_000))
        var files = whole
        for name in whole.keys {
            let tile: TileCoordinate
            switch TileCoordinate.parse(name.utf8) {
            case .hashes(let hashes): tile = hashes
            case .entries(let index, let width): tile = TileCoordinate(level: 0, index: index, width: width)
            case nil: continue
            }
            if tile.isFull, tile.leaves.upperBound <= UInt64(minimum) { files[name] = nil }
        }
        for isListed in [true, false] {
            let report = try await Self.verify(files, minimumIndex: UInt64(minimum), isListed: isListed)
            #expect(report.outcome == .verified, "\(report.findings) \(report.gaps)")
            #expect(report.gaps.contains { $0.kind == .removedByRetention })
            #expect(report.eventCount == UInt64(66_000 - minimum / 256 * 256))
        }
        #expect(try await Self.verify(files).outcome == .tampered)
        #expect(try await Self.verify(files, minimumIndex: UInt64(minimum / 256 * 256 - 1)).outcome == .tampered)
        // And the tiles that stand for it are.
        for name in ["tile/1/000", "tile/2/000.p/1"] where files[name] != nil {
            var others = files
            others[name]?[0] ^= 1
            let report = try await Self.verify(others, minimumIndex: UInt64(minimum))
            #expect(report.outcome == .tampered, "\(name)")
        }
    }

    // MARK: - What is not

    @Test func `without a checkpoint there is nothing to verify`() async throws {
        var files = try Self.files(Self.texts(3))
        files["checkpoint"] = nil
        await #expect(throws: EvidenceError.self) { try await Self.verify(files) }
    }

    @Test func `without a key the verdict is incomplete`() async throws {
        let report = try await Self.verify(Self.files(Self.texts(3)), VerificationOptions())
        #expect(report.outcome == .incomplete)
        #expect(report.gaps.map(\.kind) == [.noKeys])
    }

    @Test(arguments: [true, false])
    func `every flipped bit of a small log is found`(isListed: Bool) async throws {
        let whole = try Self.files(Self.texts(5))
        for name in whole.keys.sorted() {
            let bytes = try #require(whole[name])
            for bit in 0..<bytes.count * 8 {
                var files = whole
                files[name]?[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(try await Self.verify(files, isListed: isListed).outcome == .tampered, "\(name), bit \(bit)")
            }
        }
    }

    @Test func `every cut and every byte more is found`() async throws {
        let whole = try Self.files(Self.texts(5))
        for name in whole.keys.sorted() where name != "checkpoint" {
            let bytes = try #require(whole[name])
            for contents in bytes.indices.map({ Array(bytes[..<$0]) }) + [bytes + [0], bytes + [0, 0], bytes + bytes] {
                var files = whole
                files[name] = contents
                #expect(try await Self.verify(files).outcome == .tampered, "\(name), \(contents.count) bytes")
            }
            var files = whole
            files[name] = nil
            #expect(try await Self.verify(files).findings.contains { $0.kind == .missing && $0.file == name })
        }
    }

    @Test func `entries that were swapped are found, with the tile beside them or without`() async throws {
        let whole = try Self.files(Self.texts(600))
        var entries = Self.texts(600)
        entries.swapAt(300, 301)
        let swapped = try Self.files(entries)
        for names in [
            ["tile/entries/001"], ["tile/0/001"], ["tile/entries/001", "tile/0/001"],
            ["tile/entries/001", "tile/0/001", "tile/1/000.p/2"],
        ] {
            var files = whole
            for name in names { files[name] = swapped[name] }
            let report = try await Self.verify(files)
            #expect(report.outcome == .tampered)
            #expect(report.findings.contains { $0.indices?.contains(300) == true }, "\(names): \(report.findings)")
        }
        // All of it, with the checkpoint of the other.
        var files = swapped
        files["checkpoint"] = whole["checkpoint"]
        #expect(try await Self.verify(files).findings.map(\.kind) == [.wrongRoot])
    }

    @Test func `bundles of other lengths are refused`() async throws {
        let whole = try Self.files(Self.texts(300))
        for bundle in [
            // A 257th entry, a length past the end, an entry less, one more.
            (whole["tile/entries/000"] ?? []) + [0, 1, 1], (whole["tile/entries/000"] ?? []) + [0xFF, 0xFF],
            Array((whole["tile/entries/000"] ?? []).dropLast(11)),
        ] {
            var files = whole
            files["tile/entries/000"] = bundle
            let report = try await Self.verify(files)
            #expect(report.findings.contains { $0.kind == .damaged && $0.file == "tile/entries/000" })
        }
        var files = whole
        files["tile/entries/001.p/44"]? += [0, 1, 1]
        #expect(try await Self.verify(files).findings.contains { $0.kind == .damaged })
    }

    @Test func `a right tile above a wrong one, and the other way round, is found`() async throws {
        let whole = try Self.files(Self.texts(66_000))
        for name in ["tile/0/017", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1", "tile/0/257.p/208"] {
            var files = whole
            files[name]?[8] ^= 1
            let report = try await Self.verify(files)
            #expect(report.outcome == .tampered)
            #expect(report.findings.allSatisfy { $0.kind == .changedTile && $0.file == name }, "\(report.findings)")
        }
    }

    @Test func `files that are no tiles do not belong`() async throws {
        let whole = try Self.files(Self.texts(5))
        for name in ["tile/0/0", "tile/x", "tile/entries/000.p/0", "tile/9/000", "tile/0/000.p/256", "tile/00/000"] {
            var files = whole
            files[name] = [1]
            #expect(try await Self.verify(files).findings.map(\.kind) == [.extraFile], "\(name)")
        }
    }

    @Test func `what the caller kept is compared`() async throws {
        let entries = Self.texts(600)
        let files = try Self.files(entries)
        var options = SampleLog.options
        for size in [0, 1, 256, 599, 600] {
            options.trustedCheckpoints = [
                try SignedNote(parsing: Self.files(entries, size: size)["checkpoint"] ?? [])
            ]
            #expect(try await Self.verify(files, options).outcome == .verified)
        }
        options.trustedCheckpoints = [try SignedNote(parsing: Self.files(Self.texts(601))["checkpoint"] ?? [])]
        #expect(try await Self.verify(files, options).findings.map(\.kind) == [.rolledBack])
        var others = entries
        others[7] = [1]
        options.trustedCheckpoints = [try SignedNote(parsing: Self.files(others, size: 300)["checkpoint"] ?? [])]
        #expect(try await Self.verify(files, options).findings.map(\.kind) == [.forked])
    }

    @Test func `a size that nobody has is no endless work`() async throws {
        for size in [1 << 40, 1 << 62, UInt64.max] {
            var files = try Self.files(Self.texts(300))
            let text = try Checkpoint(origin: SampleLog.origin, size: size, root: .ofEmptyTree).text
            files["checkpoint"] = try SignedNote(text: text, signatures: [SampleLog.signer.sign(text)]).encoded()
            #expect(try await Self.verify(files).outcome == .tampered)
        }
    }

    @Test func `what cannot be read makes the verdict incomplete`() async throws {
        let whole = try Self.files(Self.texts(600))
        for name in whole.keys.sorted() where name != "checkpoint" {
            let evidence = MemoryEvidence(whole)
            evidence.makeUnreadable(name)
            let report = try await TlogVerifier(evidence, SampleLog.options, entriesAreLeaves: false).verify()
            #expect(report.outcome == .incomplete, "\(name): \(report.findings)")
            evidence.addOther(name)
            let other = try await TlogVerifier(evidence, SampleLog.options, entriesAreLeaves: false).verify()
            #expect(other.findings.contains { $0.kind == .notAFile && $0.file == name }, "\(name): \(other.findings)")
        }
    }
}
