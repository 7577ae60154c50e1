// SPDX-License-Identifier: Apache-2.0

import ByteCoding
internal import Crypto

/// A pseudonym of a submitter and an origin, the same for the whole log: sources can be counted and told apart by whoever
/// reads the leaves, and not named.
///
/// The first 16 bytes of HMAC-SHA256(the log's source secret, "martlet source v1" ‖ 0x00 ‖ submitter and origin, each
/// behind its length in two bytes). It groups; what proves the source of an event is the leaf's provenance.
package struct OpaqueSource: Hashable, Sendable, CustomStringConvertible {
    package static let byteCount = 16

    let first: UInt64
    let second: UInt64

    /// The pseudonym in `bytes[offset...]`; traps when 16 bytes are not there.
    init(at offset: Int, of bytes: RawSpan) {
        first = bytes.word(at: offset)
        second = bytes.word(at: offset + 8)
    }

    /// The pseudonym that these bytes are; nil unless they are 16.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount == Self.byteCount else { return nil }
        self.init(at: 0, of: bytes)
    }

    /// The first half of the output.
    init(_ output: LogHash) {
        (first, second, _, _) = output.words
    }

    package var bytes: [UInt8] {
        var writer = ByteWriter(capacity: Self.byteCount)
        append(to: &writer)
        return writer.bytes
    }

    func append(to writer: inout ByteWriter) {
        writer.append(first)
        writer.append(second)
    }

    package var description: String { Hex.encode(bytes) }
}

/// The secret that makes pseudonyms of sources: 32 random bytes, made with the log and kept as long as it.
///
/// Whoever has it can tell whether a leaf is of a source that he names.
package struct SourceSecret: Sendable {
    private let prf: LeafPRF

    /// - Throws: `wrongByteCount` unless there are 32 bytes.
    package init(_ bytes: [UInt8]) throws(LeafError) {
        prf = try LeafPRF(bytes, label: "martlet source v1")
    }

    /// - Throws: `tooLarge` when a label has more than `LeafLimits.maximumLabelByteCount` bytes.
    package func source(submitter: String, origin: String) throws(LeafError) -> OpaqueSource {
        var writer = ByteWriter(capacity: 256)
        try writer.appendLabel(submitter.utf8)
        try writer.appendLabel(origin.utf8)
        return OpaqueSource(prf.output(writer.bytes))
    }
}

extension SourceSecret: CustomStringConvertible, CustomReflectable {
    package var description: String { "SourceSecret(redacted)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
