// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import TransparencyLog

/// The secrets of the worked bytes in docs/formats/leaf.md, and leaves made with them.
enum Samples {
    static let spanKey = [UInt8](0..<32)
    static let sourceSecret = [UInt8](32..<64)
    static let received: Int64 = 1_795_305_601_000_000_000

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static func leaf(
        at index: UInt64 = 1234,
        stream: LeafStream = .audit,
        isConflict: Bool = false,
        received: Int64 = received,
        submitter: String = "User:alice",
        origin: String = "kafka:k1",
        position: [UInt8] = [1, 2, 3],
        body: String = #"{"specversion":"1.0","id":"e1","source":"crn:///kafka=k1","type":"t"}"#,
        spanKey: [UInt8] = spanKey,
        sourceSecret: [UInt8] = sourceSecret
    ) throws -> (leaf: LogLeaf, salts: LeafSalts) {
        let secrets = try SpanSecrets(span: SpanSecrets.span(of: index), key: spanKey)
        guard let salts = secrets.salts(at: index) else { throw MissingSalts() }
        let provenance = try Provenance(submitter: submitter, origin: origin, position: position)
        let leaf = LogLeaf(
            stream: stream,
            isConflict: isConflict,
            received: received,
            source: try SourceSecret(sourceSecret).source(submitter: submitter, origin: origin),
            provenance: salts.provenance.commitment(to: provenance),
            body: salts.body.commitment(to: bytes(body).span.bytes)
        )
        return (leaf, salts)
    }

    /// What decoding these bytes is refused for; nil when it is not.
    static func refusal(_ bytes: [UInt8]) -> LeafError.Code? {
        do throws(LeafError) {
            _ = try decoded(bytes)
            return nil
        } catch {
            return error.code
        }
    }

    // MARK: - Of arrays, because what `#expect` looks into can't be a span

    static func decoded(_ bytes: [UInt8]) throws(LeafError) -> LogLeaf { try LogLeaf(decoding: bytes.span.bytes) }

    static func secrets(_ bytes: [UInt8]) throws(LeafError) -> SpanSecrets {
        try SpanSecrets(decoding: bytes.span.bytes)
    }

    static func leafHash(_ entry: [UInt8]) -> LogHash { .ofLeaf(entry.span.bytes) }

    static func hash(_ bytes: [UInt8]) -> LogHash? { LogHash(bytes.span.bytes) }

    static func salt(_ bytes: [UInt8]) -> LeafSalt? { LeafSalt(bytes.span.bytes) }

    static func source(_ bytes: [UInt8]) -> OpaqueSource? { OpaqueSource(bytes.span.bytes) }

    static func commitment(_ salt: LeafSalt, _ body: String) -> LogHash { salt.commitment(to: bytes(body).span.bytes) }

    struct MissingSalts: Error {}
}

/// Numbers that are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in .random(in: 0...255, using: &self) }
    }
}
