// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// What stays of an erased event: its leaf, and the event that stands in its place.
struct ErasedEvent: Sendable {
    let leaf: LogLeaf
    let tombstone: [UInt8]

    static let directory = "log/erased"

    /// - Throws: `LeafError` when the file does not begin with a leaf.
    init(_ bytes: [UInt8]) throws(LeafError) {
        let count = min(bytes.count, LogLeaf.byteCount)
        leaf = try LogLeaf(decoding: unsafe bytes.span.bytes.extracting(0..<count))
        tombstone = Array(bytes.dropFirst(count))
    }

    static func name(_ index: UInt64) -> String { "\(directory)/\(Digits.text(index))" }
}

/// Indices as names of files have them: 20 digits, so that names sort as indices do.
enum Digits {
    static func text(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    /// Nil for anything else.
    static func number(_ text: some StringProtocol) -> UInt64? {
        guard text.utf8.count == 20, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text)
    }
}
