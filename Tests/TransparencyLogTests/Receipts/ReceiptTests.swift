// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct ReceiptTests {
    private let checkpoint: SignedNote
    private let receipt: Receipt
    private let policy: TrustPolicy

    init() throws {
        checkpoint = try SignedNote(parsing: LogSamples.checkpointBytes)
        receipt = try Receipt(
            index: 2,
            hashes: LogSamples.inclusion.map(LogSamples.hash),
            extra: [1, 2, 3],
            checkpoint: checkpoint
        )
        let text = "log \(LogSamples.logVkey)\nwitness w \(LogSamples.witnessVkey)\nquorum w\n"
        policy = try TrustPolicy(parsing: Array(text.utf8))
    }

    private static let proofLines = LogSamples.inclusion.joined(separator: "\n")

    @Test func `a receipt is its lines`() throws {
        let text = "c2sp.org/tlog-proof@v1\nextra AQID\nindex 2\n\(Self.proofLines)\n\n\(LogSamples.checkpoint)"
        #expect(receipt.encoded() == Array(text.utf8))
        #expect(try Receipt(parsing: Array(text.utf8)) == receipt)
    }

    @Test func `a receipt may have no extra and no hashes`() throws {
        let alone = try Receipt(index: 0, hashes: [], checkpoint: checkpoint)
        #expect(alone.encoded() == Array("c2sp.org/tlog-proof@v1\nindex 0\n\n\(LogSamples.checkpoint)".utf8))
        #expect(try Receipt(parsing: alone.encoded()) == alone)
    }

    @Test func `a receipt proves its entry, and no other`() throws {
        let verdict = try receipt.check(leafHash: LogSamples.leafHashes[2], policy: policy)
        #expect(verdict.checkpoint.size == 5 && verdict.witnesses.count == 1)
        for place in [0, 1, 3, 4] {
            let hash = LogSamples.leafHashes[place]
            #expect(LogSamples.refusal { _ = try receipt.check(leafHash: hash, policy: policy) } == .wrongRoot)
        }
        for index in [0, 1, 3, 4, 5] as [UInt64] {
            let moved = try Receipt(index: index, hashes: receipt.hashes, checkpoint: checkpoint)
            #expect(LogSamples.refusal { try moved.checkInclusion(of: LogSamples.leafHashes[2]) } != nil)
        }
    }

    @Test func `a receipt needs the policy's witnesses`() throws {
        let note = try SignedNote(text: checkpoint.text, signatures: [checkpoint.signatures[0]])
        let receipt = try Receipt(index: 2, hashes: receipt.hashes, checkpoint: note)
        let hash = LogSamples.leafHashes[2]
        #expect(LogSamples.refusal { _ = try receipt.check(leafHash: hash, policy: policy) } == .quorumNotMet)
        let log = try TrustPolicy(log: LogSamples.log().verifier)
        #expect(try receipt.check(leafHash: hash, policy: log).witnesses.isEmpty)
    }

    @Test func `no flipped bit of a receipt passes, but in the extra`() throws {
        let bytes = receipt.encoded()
        let extra = Array("c2sp.org/tlog-proof@v1\nextra ".utf8).count
        let hash = LogSamples.leafHashes[2]
        for bit in 0..<(8 * bytes.count) where !(extra..<extra + 4).contains(bit / 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            let refusal = LogSamples.refusal { _ = try Receipt(parsing: flipped).check(leafHash: hash, policy: policy) }
            #expect(refusal != nil, "bit \(bit)")
        }
    }

    @Test func `a receipt of ours leads to its event`() throws {
        let event = "event"
        let (leaf, salts) = try Samples.leaf(at: 1, body: event)
        let sibling = LogSamples.leaf(0)
        let checkpoint = try Checkpoint(origin: "audit.example/test", size: 2, root: .ofNode(sibling, leaf.hash))
        let signatures = [
            try LogSamples.log().sign(checkpoint.text), try LogSamples.witness().cosign(checkpoint.text, time: 1),
        ]
        let opening = try LeafOpening(leaf: leaf, bodySalt: salts.body)
        let receipt = try Receipt(
            index: 1,
            hashes: [sibling],
            extra: opening.encoded(),
            checkpoint: SignedNote(text: checkpoint.text, signatures: signatures)
        )

        let read = try Receipt(parsing: receipt.encoded())
        let found = try #require(try read.opening())
        #expect(found == opening)
        #expect(try read.check(leafHash: found.leaf.hash, policy: policy).checkpoint == checkpoint)
        #expect(found.leaf.body == Samples.commitment(try #require(found.bodySalt), event))

        #expect(LogSamples.refusal { _ = try self.receipt.opening() } == .malformedOpening)
        #expect(try Receipt(index: 1, hashes: [], checkpoint: read.checkpoint).opening() == nil)
    }

    @Test(
        arguments: [
            ("", .malformedReceipt), ("\n", .malformedReceipt), ("index 2\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v2\nindex 2\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\r\nindex 2\n\nC", .malformedReceipt),
            (" c2sp.org/tlog-proof@v1\nindex 2\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nindex 2\n", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nindex 02\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nindex +2\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nindex 2 \n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nindex 18446744073709551616\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nextra \nindex 2\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nextra\nindex 2\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nextra AQI\nindex 2\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nextra AQJ=\nindex 2\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nextra AQID\nextra AQID\nindex 2\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nindex 2\nextra AQID\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nindex 2\nAQID\n\nC", .malformedReceipt),
            ("c2sp.org/tlog-proof@v1\nindex 2\n\n", .malformedNote),
            ("c2sp.org/tlog-proof@v1\nindex 2\nC", .malformedReceipt),
        ] as [(String, LogError.Code)]
    )
    func `anything else is refused`(text: String, code: LogError.Code) {
        let text = text.hasSuffix("C") ? text.dropLast() + LogSamples.checkpoint : text[...]
        #expect(LogSamples.refusal { _ = try Receipt(parsing: Array(text.utf8)) } == code)
    }

    @Test func `a receipt is bounded`() throws {
        let hashes = (0..<64).map { LogSamples.leaf($0) }
        #expect(LogSamples.refusal { _ = try Receipt(index: 2, hashes: hashes, checkpoint: checkpoint) } == .tooLarge)
        let most = try Receipt(
            index: .max,
            hashes: Array(hashes.dropLast()),
            extra: [UInt8](repeating: 7, count: 65_535),
            checkpoint: checkpoint
        )
        #expect(try Receipt(parsing: most.encoded()) == most)
        let extra = [UInt8](repeating: 7, count: 65_536)
        #expect(
            LogSamples.refusal { _ = try Receipt(index: 2, hashes: [], extra: extra, checkpoint: checkpoint) }
                == .tooLarge
        )
        #expect(
            LogSamples.refusal { _ = try Receipt(index: 2, hashes: [], extra: [], checkpoint: checkpoint) }
                == .malformedReceipt
        )
        let text = "c2sp.org/tlog-proof@v1\nextra \(String(repeating: "A", count: 10_000_000))\nindex 0\n\n"
        #expect(LogSamples.refusal { _ = try Receipt(parsing: Array(text.utf8)) } == .tooLarge)
        let many = "c2sp.org/tlog-proof@v1\nindex 0\n" + hashes.map { $0.base64 + "\n" }.joined() + "\n"
        #expect(LogSamples.refusal { _ = try Receipt(parsing: Array(many.utf8)) } == .tooLarge)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `damaged receipts are refused, or others`(seed: UInt64) throws {
        let alone = try Receipt(index: 0, hashes: [], checkpoint: checkpoint)
        let result = Mutations.check([receipt.encoded(), alone.encoded()], seed: seed) {
            try Receipt(parsing: $0).encoded()
        }
        #expect(result.failure == nil && result.readCount > 50)
    }
}
