// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import Testing
import TransparencyLog

@Suite struct LogLeafTests {
    /// Written by `leaf_vectors.py --worked`.
    struct Worked: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let leaf: String
        let hash: String
        let bodySalt: String
        let provenanceSalt: String
        let make: @Sendable () throws -> (leaf: LogLeaf, salts: LeafSalts)
    }

    static let worked = [
        Worked(
            testDescription: "index 1234",
            leaf: """
                4d4c45460100000000cadfa2ee34ea186fbf8fc9bf3b8edb548f8ad1bc6ad37a\
                4d2dfd7bbf677e85f846bf9fcaaacc286559201c40b31b69cead03c69229daad\
                3c4b1cec360ed8a785579a694174abb8c456115d3a2c6254d9884eff6c5785da
                """,
            hash: "692691c9e12420a4999ddf04c2d8c4bc989a5e4f038fb689d807e1797813ea64",
            bodySalt: "6620a4a23e465e06c886303793cfd57d",
            provenanceSalt: "6e347c161aadd13bb899e092dab06679",
            make: { try Samples.leaf() }
        ),
        Worked(
            testDescription: "index 1235, a conflict",
            leaf: """
                4d4c45460100010000cadfa2ee34ea186fbf8fc9bf3b8edb548f8ad1bc6ad37a\
                925b2bfe910bbd072149c7ed96621fcf51c4b46ad11a79117551f6453dd406ce\
                cc09e747c18aa692adab60218d08a638de8fbd63f06adb808ca0b61523e8018b
                """,
            hash: "cf4d77246770ac760656d1ecbd3b70eb8e209c8965defcb9855a317757f100e4",
            bodySalt: "a4712c0b08a50c32b7b26dd0b81e5984",
            provenanceSalt: "070042e9c4923a942f8189308d4bb109",
            make: {
                try Samples.leaf(
                    at: 1235,
                    isConflict: true,
                    body: #"{ "specversion" : "1.0", "id" : "e2", "source" : "crn:///kafka=k1", "type" : "ü" }"#
                )
            }
        ),
        Worked(
            testDescription: "index 70000, of the second span and the system stream",
            leaf: """
                4d4c45460101000000cadfa2ee34ea187cc0a296a1acac5fb657b0cc84dffe2b\
                29aa6d614ac3b505f1d78e1ae3bffda2ec42be231ee77e679df08ee90d89ddfe\
                a23c98de54a38678a2722c412d48465e7f143e757e468f5583a10166997ee539
                """,
            hash: "5e573628617a5577129afc1c9eba64d3f10f29a917ff1223023ca0646f796051",
            bodySalt: "a60c50b322ce9a11faf7f0315e6d0e3e",
            provenanceSalt: "80d4cc3a7f72b699df50631fe85640d6",
            make: {
                try Samples.leaf(
                    at: 70_000,
                    stream: .system,
                    submitter: "martlet",
                    origin: "",
                    position: [],
                    body: "{}"
                )
            }
        ),
    ]

    @Test(arguments: worked)
    func `the worked bytes come out`(_ worked: Worked) throws {
        let (leaf, salts) = try worked.make()

        #expect(Hex.encode(leaf.encoded()) == worked.leaf)
        #expect("\(leaf.hash)" == worked.hash)
        #expect(Hex.encode(salts.body.bytes) == worked.bodySalt)
        #expect(Hex.encode(salts.provenance.bytes) == worked.provenanceSalt)
    }

    @Test(arguments: worked)
    func `what was encoded is decoded to the same leaf`(_ worked: Worked) throws {
        let (leaf, _) = try worked.make()
        let bytes = leaf.encoded()

        #expect(bytes.count == LogLeaf.byteCount)
        #expect(try Samples.decoded(bytes) == leaf)
        #expect(Samples.leafHash(bytes) == leaf.hash)
    }

    @Test(arguments: [.min, -1, 0, 1, .max] as [Int64])
    func `any time comes back`(_ received: Int64) throws {
        let (leaf, _) = try Samples.leaf(received: received)

        #expect(try Samples.decoded(leaf.encoded()).received == received)
    }

    /// The document is normative, so its worked leaf has to be the one that is tested.
    @Test func `the document has the first of the worked leaves`() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let text = try String(contentsOf: root.appending(path: "docs/formats/leaf.md"), encoding: .utf8)
        let section = try #require(text.split(separator: "## Worked bytes").last)
        let cells = section.split(separator: "`").filter { Hex.decode($0) != nil }
        let worked = try #require(Self.worked.first)

        #expect(cells.joined().contains(worked.leaf + worked.hash))
        #expect(cells.contains { $0 == worked.bodySalt } && cells.contains { $0 == worked.provenanceSalt })
    }

    // MARK: - Strictness

    @Test func `every flipped bit is refused or gives another hash`() throws {
        let (leaf, _) = try Samples.leaf()
        let bytes = leaf.encoded()
        var refused: Set<Int> = []
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)

            #expect(Samples.leafHash(flipped) != leaf.hash)
            if Samples.refusal(flipped) != nil {
                refused.insert(bit / 8)
            } else {
                let other = try Samples.decoded(flipped)
                #expect(other != leaf && other.hash != leaf.hash && other.encoded() == flipped, "bit \(bit)")
            }
        }
        // Of streams and flags the lowest bit is a value, all others are refused.
        #expect(refused == Set(0..<8))
    }

    @Test func `any two flipped bits of the first eight bytes are refused or another leaf`() throws {
        let (leaf, _) = try Samples.leaf()
        let bytes = leaf.encoded()
        for first in 0..<64 {
            for second in 0..<first {
                var flipped = bytes
                flipped[first / 8] ^= 1 << (first % 8)
                flipped[second / 8] ^= 1 << (second % 8)
                let isStreamAndConflict = first == 48 && second == 40

                #expect((Samples.refusal(flipped) == nil) == isStreamAndConflict, "bits \(second), \(first)")
            }
        }
    }

    @Test func `every prefix and every longer text is refused`() throws {
        let bytes = try Samples.leaf().leaf.encoded()
        for count in 0..<bytes.count {
            #expect(Samples.refusal(Array(bytes.prefix(count))) == .wrongByteCount)
        }
        #expect(Samples.refusal(bytes + [0]) == .wrongByteCount)
        #expect(Samples.refusal(bytes + bytes) == .wrongByteCount)
    }

    @Test(
        arguments: [
            (0, 0x6D, .wrongMagic),
            (4, 0, .unsupportedVersion),
            (4, 2, .unsupportedVersion),
            (5, 2, .inconsistent),
            (5, 0xFF, .inconsistent),
            (6, 2, .inconsistent),
            (6, 0x80, .inconsistent),
            (7, 1, .inconsistent),
        ] as [(Int, UInt8, LeafError.Code)]
    )
    func `what this version does not know is refused`(offset: Int, byte: UInt8, code: LeafError.Code) throws {
        var bytes = try Samples.leaf().leaf.encoded()
        bytes[offset] = byte

        #expect(Samples.refusal(bytes) == code)
    }

    @Test func `no bytes make decoding crash, and what is taken encodes to the same bytes`() throws {
        var random = SeededNumbers(seed: 6962)
        let head = try Array(Samples.leaf().leaf.encoded().prefix(8))
        var taken = 0
        for round in 0..<4000 {
            let count = round.isMultiple(of: 2) ? LogLeaf.byteCount : Int.random(in: 0...200, using: &random)
            var bytes = random.bytes(count)
            if round.isMultiple(of: 4) { bytes.replaceSubrange(0..<8, with: head) }
            guard let leaf = try? Samples.decoded(bytes) else { continue }
            taken += 1
            #expect(leaf.encoded() == bytes)
        }
        #expect(taken >= 1000)
    }

    // MARK: - What is committed to

    @Test func `every part of an event changes the leaf's hash`() throws {
        let hashes = try [
            Samples.leaf(),
            Samples.leaf(at: 1233),
            Samples.leaf(at: 1234 + 65_536),
            Samples.leaf(stream: .system),
            Samples.leaf(isConflict: true),
            Samples.leaf(received: Samples.received + 1),
            Samples.leaf(submitter: "User:alicf"),
            Samples.leaf(origin: "kafka:k2"),
            Samples.leaf(submitter: "User:alicek", origin: "afka:k1"),
            Samples.leaf(origin: "kafka:k1\u{1}", position: [2, 3]),
            Samples.leaf(position: [1, 2, 4]),
            Samples.leaf(position: []),
            Samples.leaf(body: #"{"specversion":"1.0","id":"e1","source":"crn:///kafka=k1","type":"t"} "#),
            Samples.leaf(spanKey: Samples.sourceSecret),
            Samples.leaf(sourceSecret: Samples.spanKey),
        ].map(\.leaf.hash)

        #expect(Set(hashes).count == hashes.count)
    }

    @Test func `numbers of streams are the journal's`() {
        #expect(LeafStream.allCases.map(\.rawValue) == [0, 1])
        #expect(LeafStream.audit.rawValue == 0)
    }
}
