// SPDX-License-Identifier: Apache-2.0

import EvidencePack
import Testing
import TransparencyLog

@Suite struct PackVerifierTests {
    private static func verify(_ archive: [UInt8], _ trust: PackTrust) throws -> PackReport {
        try PackVerifier(trust).verify(PackBytes(archive))
    }

    private static func kinds(_ archive: [UInt8], _ log: SampleLog) throws -> Set<PackFinding.Kind> {
        Set(try verify(archive, .keys([log.signer.verifier])).findings.map(\.kind))
    }

    // MARK: - What is right

    @Test(arguments: [[], [0], [10], [1, 2, 6], [0, 10], Array(0..<11)])
    func `a pack that was not changed is verified`(_ indices: [Int]) throws {
        let log = try SampleLog()

        let report = try Self.verify(try log.pack(indices).signed().archive, .keys([log.signer.verifier]))

        #expect(report.findings == [])
        #expect(report.verdict == .verified)
        #expect(report.checkedCount == UInt64(indices.count))
        #expect(report.checkpointKeys == [log.signer.vkey])
        #expect(!report.usesOwnKeys)
    }

    @Test(arguments: Array(0...40))
    func `whatever the size of the tree, one event and its hashes lead to the root`(_ count: Int) throws {
        let log = try SampleLog(count: count)

        for index in 0..<count {
            let report = try Self.verify(try log.pack([index]).signed().archive, .keys([log.signer.verifier]))
            #expect(report.verdict == .verified, "\(index) of \(count): \(report.findings)")
        }
        let none = try Self.verify(try log.pack([]).signed().archive, .keys([log.signer.verifier]))
        #expect(none.verdict == .verified)
    }

    @Test func `without a key the pack agrees with itself, and the report says no more`() throws {
        let log = try SampleLog()

        let report = try Self.verify(try log.pack().signed().archive, .own)

        #expect(report.verdict == .verified)
        #expect(report.usesOwnKeys)
    }

    @Test func `an erased event is proven to have been there, and what it was is not claimed`() throws {
        let log = try SampleLog(erased: [2])

        let report = try Self.verify(try log.pack().signed().archive, .keys([log.signer.verifier]))

        #expect(report.verdict == .verified)
        #expect(report.erasedCount == 1)
        #expect(report.checkedCount == 2)
    }

    @Test func `a limit that struck makes the pack incomplete`() throws {
        let log = try SampleLog()
        var pack = try log.pack()
        pack.manifest.limits = ["more than 3 events match"]

        let report = try Self.verify(try pack.signed().archive, .keys([log.signer.verifier]))

        #expect(report.findings == [])
        #expect(report.verdict == .incomplete)
    }

    @Test func `a policy asks for its witnesses`() throws {
        let log = try SampleLog()
        let archive = try log.pack().signed().archive
        func policy(_ witness: NoteSigner) throws -> TrustPolicy {
            let text = "log \(log.signer.vkey)\nwitness w \(witness.vkey)\nquorum w\n"
            return try TrustPolicy(parsing: Array(text.utf8))
        }
        let stranger = try NoteSigner(name: "witness.example/w2", seed: Array(0..<32), kind: .cosignature)

        let met = try Self.verify(archive, .policy(policy(log.witness)))
        let unmet = try Self.verify(archive, .policy(policy(stranger)))

        #expect(met.verdict == .verified)
        #expect(met.witnesses.map(\.name) == ["witness.example/w1"])
        #expect(unmet.verdict == .incomplete)
    }

    // MARK: - What is not

    @Test func `every flipped bit is caught`() throws {
        let log = try SampleLog(count: 5)
        let archive = try log.pack([1, 2]).signed().archive
        let verifier = PackVerifier(.keys([log.signer.verifier]))
        var missed: [Int] = []

        for place in archive.indices {
            for bit in 0..<8 {
                var changed = archive
                changed[place] ^= 1 << UInt8(bit)
                if try verifier.verify(PackBytes(changed)).verdict != .tampered { missed.append(place * 8 + bit) }
            }
        }

        #expect(missed == [])
    }

    @Test func `every flipped bit is caught also by a pack's own keys`() throws {
        let log = try SampleLog(count: 2)
        let archive = try log.pack([1]).signed().archive
        let verifier = PackVerifier(.own)
        var missed: [Int] = []

        for place in archive.indices {
            var changed = archive
            changed[place] ^= 1 << UInt8(place % 8)
            if try verifier.verify(PackBytes(changed)).verdict != .tampered { missed.append(place) }
        }

        #expect(missed == [])
    }

    @Test func `every beginning of a pack is refused`() throws {
        let log = try SampleLog(count: 5)
        let archive = try log.pack([1, 2]).signed().archive

        for count in archive.indices {
            #expect(try Self.verify(Array(archive.prefix(count)), .own).verdict == .tampered)
        }
    }

    @Test(arguments: [1, 511, 512, 1024])
    func `bytes behind the end are refused`(_ count: Int) throws {
        let log = try SampleLog()
        let archive = try log.pack().signed().archive + [UInt8](repeating: 0, count: count)

        #expect(try Self.kinds(archive, log) == [.wrongArchive])
    }

    @Test func `a file that is there twice, missing, or in another place is refused`() throws {
        let log = try SampleLog()
        let pack = try log.pack().signed()
        let end = [UInt8](repeating: 0, count: TarHeader.endByteCount)
        func archive(_ files: [PackFile]) -> [UInt8] { files.flatMap { pack.entry($0.name, pack[$0]) } + end }

        #expect(try Self.kinds(archive(PackFile.allCases + [.hashes]), log) == [.wrongArchive])
        #expect(try Self.kinds(archive([.readme] + PackFile.allCases), log) == [.wrongArchive])
        #expect(try Self.kinds(archive(PackFile.allCases.dropLast()), log) == [.wrongArchive])
        #expect(try Self.kinds(archive(PackFile.allCases.reversed()), log) == [.wrongArchive])
        let further = archive(PackFile.allCases).dropLast(end.count) + pack.entry("more", [1]) + end
        #expect(try Self.kinds(Array(further), log) == [.wrongArchive])
    }

    /// What somebody with the log's key, or a log that lies, could sign.
    @Test(arguments: [
        "events swapped", "event removed", "event inserted", "event changed", "proofs swapped", "proof removed",
        "proof twice", "proof of another event", "hash missing", "hash too many", "hash changed", "hashes swapped",
        "no newline behind an event", "proofs without end", "count", "bytes", "erased", "first", "last", "size",
        "origin",
        "checkpoint of another log", "checkpoint of another size", "no ledger and no reason", "salt left out",
    ])
    func `what does not belong together is caught although it is signed`(_ change: String) throws {
        let log = try SampleLog()
        var pack = try log.pack()
        var (events, proofs, hashes) = (log.bodies, pack.lines(.proofs), pack.lines(.hashes))
        switch change {
        case "events swapped":
            pack[.events] = [events[2], events[1], events[6]].flatMap { $0 + [0x0A] }
        case "event removed":
            pack[.events] = [events[1], events[2]].flatMap { $0 + [0x0A] }
        case "event inserted":
            pack[.events] += events[7] + [0x0A]
        case "event changed":
            events[1][7] ^= 1
            pack[.events] = [events[1], events[2], events[6]].flatMap { $0 + [0x0A] }
        case "proofs swapped":
            proofs.swapAt(0, 1)
        case "proof removed":
            proofs.removeLast()
        case "proof twice":
            proofs.append(proofs[2])
        case "proof of another event":
            proofs[2] = ProofLine(index: 7, offset: 29, byteCount: 10, opening: log.openings[6]).encoded()
        case "hash missing":
            hashes.removeLast()
        case "hash too many":
            hashes.append(NodeLine(NodeCoordinate(level: 0, index: 10), log.root).encoded())
        case "hash changed":
            hashes[0] = NodeLine(NodeCoordinate(level: 0, index: 0), log.root).encoded()
        case "hashes swapped":
            hashes.swapAt(0, 1)
        case "no newline behind an event":
            pack[.events][pack[.events].count - 1] = 0x20
        case "proofs without end":
            proofs[2].removeLast()
        case "count": pack.manifest.eventCount += 1
        case "bytes": pack.manifest.eventByteCount += 3
        case "erased": pack.manifest.erasedCount += 1
        case "first": pack.manifest.firstIndex = 0
        case "last": pack.manifest.lastIndex = 7
        case "size": pack.manifest.checkpointSize += 1
        case "origin": pack.manifest.origin = "audit.example/tset"
        case "checkpoint of another log":
            let text = try Checkpoint(origin: "audit.example/tset", size: 11, root: log.root).text
            pack[.checkpoint] = try SignedNote(text: text, signatures: [log.signer.sign(text)]).encoded()
        case "checkpoint of another size":
            let text = try Checkpoint(origin: SampleLog.origin, size: 10, root: log.root).text
            pack[.checkpoint] = try SignedNote(text: text, signatures: [log.signer.sign(text)]).encoded()
        case "no ledger and no reason": pack.manifest.ledgerReason = nil
        default:
            let opening = try LeafOpening(leaf: log.openings[1].leaf)
            let length = UInt64(events[1].count)
            proofs[0] = ProofLine(index: 1, offset: 0, byteCount: length, opening: opening).encoded()
        }
        pack[.proofs] = proofs.flatMap { $0 }
        pack[.hashes] = hashes.flatMap { $0 }

        let report = try Self.verify(try pack.signed().archive, .keys([log.signer.verifier]))

        #expect(report.verdict == .tampered)
        #expect(!report.findings.isEmpty)
    }

    @Test func `a manifest that another key signed is caught, though the pack names that key`() throws {
        let log = try SampleLog()
        let thief = try NoteSigner(name: SampleLog.origin, seed: [UInt8](repeating: 9, count: 32))
        var pack = try log.pack()
        pack[.keys] = Array("\(log.signer.vkey)\n\(thief.vkey)\n".utf8)

        let archive = try pack.signed(by: thief).archive

        #expect(try Self.kinds(archive, log) == [.unknownKey])
    }

    @Test func `a pack of another log of the same name is caught`() throws {
        let other = try SampleLog(secret: 1)

        let report = try Self.verify(
            try other.pack().signed().archive,
            .keys([try SampleLog().signer.verifier])
        )

        #expect(Set(report.findings.map(\.kind)) == [.unknownKey])
    }

    @Test func `a checkpoint is no signature of a manifest, and the other way round`() throws {
        let log = try SampleLog()
        var pack = try log.pack().signed()
        (pack[.checkpoint], pack[.manifestNote]) = (pack[.manifestNote], pack[.checkpoint])

        #expect(try Self.verify(pack.archive, .own).verdict == .tampered)
    }

    @Test func `a source that fails is no verdict`() throws {
        struct Failing: PackSource {
            var byteCount: Int { 100_000 }

            func bytes(_ range: Range<Int>) throws(PackError) -> [UInt8] { throw PackError(.unreadable, "no disk") }
        }

        #expect(throws: PackError(.unreadable, "no disk")) { try PackVerifier(.own).verify(Failing()) }
    }
}
