// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing
import TransparencyLog

@Suite struct LeafOpeningTests {
    private static let event = Array(#"{"specversion":"1.0","id":"e1","source":"crn:///kafka=k1","type":"t"}"#.utf8)

    private let leaf: LogLeaf
    private let salts: LeafSalts

    init() throws {
        (leaf, salts) = try Samples.leaf()
    }

    private var sender: LeafOpening.Sender {
        LeafOpening.Sender(salt: salts.provenance, submitter: "User:alice", origin: "kafka:k1", position: [1, 2, 3])
    }

    private func all() throws -> [LeafOpening] {
        [
            try LeafOpening(leaf: leaf),
            try LeafOpening(leaf: leaf, bodySalt: salts.body),
            try LeafOpening(leaf: leaf, sender: sender),
            try LeafOpening(leaf: leaf, bodySalt: salts.body, sender: sender),
        ]
    }

    @Test func `an opening is its parts`() throws {
        let bytes = try all().map { $0.encoded() }
        let labels = "0a00557365723a616c69636508006b61666b613a6b310300010203"

        #expect(
            bytes.map { Hex.encode($0.prefix(6)) } == ["4d4c4f500100", "4d4c4f500101", "4d4c4f500102", "4d4c4f500103"]
        )
        #expect(bytes.allSatisfy { Array($0[6..<102]) == leaf.encoded() })
        #expect(bytes.map(\.count) == [102, 118, 145, 161])
        #expect(Array(bytes[1][102...]) == salts.body.bytes)
        #expect(Hex.encode(bytes[2][102...]) == Hex.encode(salts.provenance.bytes) + labels)
        #expect(Array(bytes[3][102...]) == salts.body.bytes + bytes[2][102...])
    }

    @Test func `what was read is written as the same bytes`() throws {
        for opening in try all() {
            let read = try LeafOpening(parsing: opening.encoded())
            #expect(read == opening && read.encoded() == opening.encoded())
        }
    }

    @Test func `an opening fits its event and its sender`() throws {
        for opening in try all() {
            let code = opening.bodySalt == nil ? LogError.Code.incomplete : nil
            #expect(LogSamples.refusal { try Self.check(opening, Self.event) } == code)
            let senderCode = opening.sender == nil ? LogError.Code.incomplete : nil
            #expect(LogSamples.refusal { try opening.checkSender() } == senderCode)
        }
    }

    @Test func `an opening fits no other event`() throws {
        let opening = try LeafOpening(leaf: leaf, bodySalt: salts.body)
        for event in [[], Self.event.dropLast(), Self.event + [0x0A], Self.event.reversed()] as [[UInt8]] {
            #expect(LogSamples.refusal { try Self.check(opening, event) } == .wrongOpening)
        }
        let wrongSalt = try LeafOpening(leaf: leaf, bodySalt: salts.provenance)
        #expect(LogSamples.refusal { try Self.check(wrongSalt, Self.event) } == .wrongOpening)
    }

    @Test func `an opening fits no other sender`() throws {
        let senders = [
            LeafOpening.Sender(salt: salts.body, submitter: "User:alice", origin: "kafka:k1", position: [1, 2, 3]),
            LeafOpening.Sender(salt: salts.provenance, submitter: "User:bob", origin: "kafka:k1", position: [1, 2, 3]),
            LeafOpening.Sender(
                salt: salts.provenance,
                submitter: "User:alice",
                origin: "kafka:k2",
                position: [1, 2, 3]
            ),
            LeafOpening.Sender(salt: salts.provenance, submitter: "User:alice", origin: "kafka:k1", position: [1, 2]),
            LeafOpening.Sender(
                salt: salts.provenance,
                submitter: "User:alicek",
                origin: "afka:k1",
                position: [1, 2, 3]
            ),
        ]
        for sender in senders {
            let opening = try LeafOpening(leaf: leaf, bodySalt: salts.body, sender: sender)
            #expect(LogSamples.refusal { try opening.checkSender() } == .wrongOpening)
            #expect(LogSamples.refusal { try Self.check(opening, Self.event) } == .wrongOpening)
        }
    }

    @Test func `names that look alike are other senders`() throws {
        let (leaf, salts) = try Samples.leaf(submitter: "caf\u{E9}")
        func opening(_ submitter: String) throws -> LeafOpening {
            let sender = LeafOpening.Sender(
                salt: salts.provenance,
                submitter: submitter,
                origin: "kafka:k1",
                position: [1, 2, 3]
            )
            return try LeafOpening(leaf: leaf, sender: sender)
        }
        try opening("caf\u{E9}").checkSender()
        #expect(LogSamples.refusal { try opening("cafe\u{301}").checkSender() } == .wrongOpening)
        #expect(try opening("caf\u{E9}") != opening("cafe\u{301}"))
    }

    @Test func `every prefix and every longer text is refused`() throws {
        for opening in try all() {
            let bytes = opening.encoded()
            for count in bytes.indices {
                let prefix = Array(bytes.prefix(count))
                #expect(LogSamples.refusal { _ = try LeafOpening(parsing: prefix) } == .malformedOpening)
            }
            #expect(LogSamples.refusal { _ = try LeafOpening(parsing: bytes + [0]) } == .malformedOpening)
        }
    }

    @Test func `every flipped bit is refused, or fits no more`() throws {
        let opening = try all()[3]
        let bytes = opening.encoded()
        for bit in 0..<(8 * bytes.count) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            guard let read = try? LeafOpening(parsing: flipped) else { continue }
            #expect(read.encoded() == flipped)
            let isSameLeaf = read.leaf.hash == leaf.hash
            #expect(!isSameLeaf || (LogSamples.refusal { try Self.check(read, Self.event) }) != nil, "bit \(bit)")
        }
    }

    @Test func `labels are bounded`() throws {
        let label = String(repeating: "a", count: 4096)
        let longest = LeafOpening.Sender(
            salt: salts.provenance,
            submitter: label,
            origin: label,
            position: [UInt8](repeating: 1, count: 4096)
        )
        let opening = try LeafOpening(leaf: leaf, bodySalt: salts.body, sender: longest)
        #expect(opening.encoded().count == 6 + 96 + 32 + 3 * 4098)
        #expect(try LeafOpening(parsing: opening.encoded()) == opening)
        let longer = LeafOpening.Sender(salt: salts.provenance, submitter: label + "a", origin: "", position: [])
        #expect(LogSamples.refusal { _ = try LeafOpening(leaf: leaf, sender: longer) } == .tooLarge)
        let head = Array(try all()[2].encoded().prefix(118))
        let text = head + [0x01, 0x10] as [UInt8] + [UInt8](repeating: 0x61, count: 4097) + [0, 0, 0, 0]
        #expect(LogSamples.refusal { _ = try LeafOpening(parsing: text) } == .tooLarge)
        let notText = head + [1, 0, 0xFF, 0, 0, 0, 0] as [UInt8]
        #expect(LogSamples.refusal { _ = try LeafOpening(parsing: notText) } == .malformedOpening)
    }

    @Test func `what is printed has no salts`() throws {
        let opening = try all()[3]
        let printed = "\(opening)" + String(reflecting: opening)
        #expect(!printed.contains(Hex.encode(salts.body.bytes)) && printed.contains("LeafSalt(redacted)"))
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `damaged openings are refused, or others`(seed: UInt64) throws {
        let result = Mutations.check(try all().map { $0.encoded() }, seed: seed) {
            try LeafOpening(parsing: $0).encoded()
        }
        #expect(result.failure == nil && result.readCount > 50)
    }

    private static func check(_ opening: LeafOpening, _ event: [UInt8]) throws {
        try opening.check(event: event.span.bytes)
    }
}
