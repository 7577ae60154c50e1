// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage
import Testing
import TransparencyLog
import Witness

@Suite struct CheckpointWitnessTests {
    private let log: SampleLog
    private let files: SampleWitness
    private let witness: CheckpointWitness

    init() throws {
        log = try SampleLog(size: 40)
        files = SampleWitness()
        witness = try files.start()
    }

    @Test func `a log that only grows is cosigned at each size, also at one twice`() throws {
        var last = 0
        for size in [0, 1, 2, 3, 3, 7, 8, 31, 40, 40] {
            let request = try log.request(from: last, to: size)
            #expect(try witness.add(request).cosigns(request.checkpoint), "size \(size)")
            last = size
        }
    }

    @Test func `the cosignature says when it was given`() throws {
        let request = try log.request(from: 0, to: 5)

        guard case .cosigned(let signatures) = witness.add(request, now: 1234) else {
            Issue.record("not cosigned")
            return
        }

        #expect(try SampleWitness.verifier().check(signatures[0], of: request.checkpoint.text)?.seconds == 1234)
    }

    @Test func `a request from another size is told the right one`() throws {
        #expect(witness.add(try log.request(from: 3, to: 5)) == .otherSize(0))
        _ = witness.add(try log.request(from: 0, to: 5))

        for (old, size) in [(0, 5), (0, 9), (4, 9), (6, 9), (3, 4)] {
            #expect(witness.add(try log.request(from: old, to: size)) == .otherSize(5), "\(old) to \(size)")
        }
    }

    @Test func `an old size beyond the checkpoint is malformed`() throws {
        let request = try AddCheckpointRequest(old: 6, proof: [], checkpoint: log.checkpoint(5))

        #expect(witness.add(request).status == 400)
    }

    @Test(arguments: ["", "old 1", "old 01\n\n", "old 0\nx\n\nlog.example/a\n"])
    func `what is no request is malformed`(body: String) {
        #expect(witness.add(Array(body.utf8), now: 1).status == 400)
    }

    @Test func `a request that is too long is malformed`() throws {
        var body = try log.request(from: 0, to: 5).encoded()
        #expect(witness.add(body, now: 1).status == 200)
        let line = Array("— other.example \(String(repeating: "A", count: 40_000))\n".utf8)

        body += line + line

        #expect(witness.add(body, now: 1).status == 400)
    }

    @Test func `a log that is not known has no answer but that`() throws {
        let other = try SampleLog("log.example/b", size: 5)

        #expect(witness.add(try other.request(from: 0)).status == 404)
    }

    @Test func `without a signature by a known key of that log nothing is cosigned`() throws {
        let key = try NoteSigner(name: "log.example/a", seed: [UInt8](repeating: 8, count: 32))
        let note = try log.checkpoint(5, by: key)

        #expect(witness.add(try AddCheckpointRequest(old: 0, proof: [], checkpoint: note)).status == 403)
    }

    @Test func `a signature in a known key's name that is not by it spoils the good one beside it`() throws {
        let good = try log.checkpoint(5)
        let bad = try log.checkpoint(4).signatures
        for signatures in [bad, good.signatures + bad, bad + good.signatures] {
            let note = try SignedNote(text: good.text, signatures: signatures)
            #expect(witness.add(try AddCheckpointRequest(old: 0, proof: [], checkpoint: note)).status == 403)
        }
    }

    @Test func `a log's key signs for no other log`() throws {
        let both = [log, try SampleLog("log.example/b", size: 5)]
        let witness = try SampleWitness().start(knowing: both)
        let text = try Checkpoint(origin: "log.example/b", size: 5, root: both[1].root(5)).text
        let note = try SignedNote(text: text, signatures: [log.signer.sign(text)])

        #expect(witness.add(try AddCheckpointRequest(old: 0, proof: [], checkpoint: note)).status == 403)
    }

    @Test func `signatures by keys that are not known do not matter, and are not kept`() throws {
        let note = try log.checkpoint(5)
        let stranger = try NoteSigner(name: "stranger.example", seed: [UInt8](repeating: 1, count: 32))
        let more = try note.adding([stranger.sign(note.text)])

        #expect(try witness.add(AddCheckpointRequest(old: 0, proof: [], checkpoint: more)).cosigns(note))

        let latest = try #require(try witness.latest(WitnessState.hash(of: "log.example/a")))
        #expect(latest.signatures.map(\.name) == ["log.example/a", "witness.example/w1"])
    }

    @Test func `a wrong proof is refused, whatever is wrong with it`() throws {
        _ = witness.add(try log.request(from: 0, to: 21))
        let good = try log.proof(from: 21, to: 40)
        var proofs = [[], Array(good.dropLast()), Array(good.dropFirst()), good + [good[0]], good.reversed()]
        for place in good.indices {
            var other = good
            other[place] = .ofEmptyTree
            proofs.append(other)
        }
        for proof in proofs {
            let request = try AddCheckpointRequest(old: 21, proof: proof, checkpoint: log.checkpoint(40))
            #expect(witness.add(request).status == 422)
        }
        #expect(witness.add(try log.request(from: 21)).status == 200)
    }

    @Test func `a proof where none is needed is refused`() throws {
        let hash = log.root(1)
        #expect(
            witness.add(try AddCheckpointRequest(old: 0, proof: [hash], checkpoint: log.checkpoint(5))).status == 422
        )
        _ = witness.add(try log.request(from: 0, to: 5))
        #expect(
            witness.add(try AddCheckpointRequest(old: 5, proof: [hash], checkpoint: log.checkpoint(5))).status == 422
        )
    }

    @Test func `another root of the same size is refused, and kept as a proof`() throws {
        let liar = try SampleLog(variant: "x", size: 5)
        _ = witness.add(try log.request(from: 0, to: 5))

        #expect(witness.add(try liar.request(from: 5)).status == 422)

        let hash = WitnessState.hash(of: "log.example/a")
        let path = SampleWitness.directory.appending("contradictions").appending("\(hash)-\(liar.root())")
        let kept = try files.fileSystem.contents(of: path, maximumByteCount: 4096)
        #expect(try SignedNote(parsing: kept) == liar.checkpoint())
    }

    @Test func `another tree that is larger is refused`() throws {
        var liar = try SampleLog(variant: "x", size: 5)
        liar.grow(to: 12)
        _ = witness.add(try log.request(from: 0, to: 5))

        #expect(witness.add(try liar.request(from: 5)).status == 422)
    }

    @Test func `an empty tree with a root is refused`() throws {
        let text = Array("log.example/a\n0\n\(log.root(3).base64)\n".utf8)
        let note = try SignedNote(text: text, signatures: [log.signer.sign(text)])

        #expect(witness.add(try AddCheckpointRequest(old: 0, proof: [], checkpoint: note)).status == 422)
        #expect(witness.add(try AddCheckpointRequest(old: 1, proof: [], checkpoint: note)).status == 400)
    }

    @Test func `a clock before 1970 signs nothing`() throws {
        #expect(witness.add(try log.request(from: 0, to: 5), now: 0).status == 503)
        #expect(witness.add(try log.request(from: 0, to: 5), now: 1).status == 200)
    }

    @Test func `of many requests at once for one size with different roots one is signed`() async throws {
        let size = 6
        let signed = try await withThrowingTaskGroup(of: [LogHash].self) { group in
            for number in 0..<32 {
                group.addTask { [witness] in
                    let log = try SampleLog(variant: "\(number)-", size: size)
                    let request = try log.request(from: 0)
                    return try (0..<4).compactMap { _ in
                        try witness.add(request).cosigns(request.checkpoint) ? log.root() : nil
                    }
                }
            }
            return try await group.reduce(into: Set<LogHash>()) { $0.formUnion($1) }
        }

        #expect(signed.count == 1)
    }

    @Test func `the newest checkpoint is there for auditors, with both signatures, also after a new start`() throws {
        let hash = WitnessState.hash(of: "log.example/a")
        #expect(try witness.latest(hash) == nil)
        _ = witness.add(try log.request(from: 0, to: 5))
        _ = witness.add(try log.request(from: 5, to: 9))

        let latest = try #require(try witness.latest(hash))
        let verified = try latest.verified(by: [log.signer.verifier, SampleWitness.verifier()])
        #expect(try Checkpoint(parsing: latest.text).size == 9)
        #expect(verified.map(\.kind) == [.ed25519, .cosignature])
        files.fileSystem.endProcess()
        #expect(try files.start().latest(hash) == latest)
        #expect(try witness.latest("00") == nil)
    }

    @Test func `a log may have two keys`() throws {
        let next = try NoteSigner(name: "log.example/a", seed: [UInt8](repeating: 3, count: 32))
        let lines = "# keys\n\nlog \(log.signer.vkey)\nlog \(next.vkey) https://log.example/a\n"
        let files = SampleWitness()
        let logs = try WitnessedLogs(parsing: Array(lines.utf8))
        let witness = try CheckpointWitness(files.state(), logs: logs)

        #expect(logs.logs.count == 1)
        #expect(witness.add(try log.request(from: 0, to: 5)).status == 200)
        let note = try log.checkpoint(9, by: next)
        let request = try AddCheckpointRequest(old: 5, proof: log.proof(from: 5, to: 9), checkpoint: note)
        #expect(try witness.add(request).cosigns(note))
    }

    @Test(arguments: ["witness a b\n", "quorum none\n", "log\n", "log x+y+z\n", "group g any a\n", "log\u{1}\n"])
    func `a file of anything but logs is refused`(text: String) {
        #expect(throws: WitnessError.self) { try WitnessedLogs(parsing: Array(text.utf8)) }
    }
}
