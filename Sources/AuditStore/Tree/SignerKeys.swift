// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The keys of a log's signer, as they stand in `signer/keys`.
///
/// Lines, each ended by a newline: `martlet-signer 1`; `origin <name>`; then one for each key, the newest first:
/// `key <until> <signer key>`, where `until` is `-` for the key that signs now, and for those before it the nanoseconds since
/// 1970 up to which they sign beside it. The signer key is that of golang.org/x/mod/sumdb/note.
struct SignerKeys: Sendable {
    struct Key: Sendable {
        let signer: NoteSigner
        /// When it stops to sign; nil for the newest.
        var until: Int64?
    }

    private static let firstLine = "martlet-signer 1"
    /// Keys that sign at one time: more than the overlaps of a year of weekly rotations.
    private static let maximumCount = 64

    let origin: String
    /// The newest first.
    private(set) var keys: [Key]

    /// - Throws: `LogError` when the origin is no name of a key.
    init(origin: String, seed: [UInt8]) throws {
        self.origin = origin
        keys = [Key(signer: try NoteSigner(name: origin, seed: seed), until: nil)]
    }

    /// Those that sign at a time, the newest first.
    func active(at now: Int64) -> [NoteSigner] {
        keys.filter { $0.until.map { now < $0 } ?? true }.map(\.signer)
    }

    /// Puts a new key in front; the one before signs beside it until `overlapEnd`.
    ///
    /// - Throws: `LogError`.
    mutating func rotate(seed: [UInt8], now: Int64, overlapEnd: Int64) throws {
        var kept = keys.filter { $0.until.map { now < $0 } ?? true }
        for place in kept.indices where kept[place].until == nil { kept[place].until = overlapEnd }
        keys = [Key(signer: try NoteSigner(name: origin, seed: seed), until: nil)] + kept.prefix(Self.maximumCount - 1)
    }

    // MARK: - Text

    var text: String {
        let lines = keys.map { "key \($0.until.map(String.init) ?? "-") \($0.signer.skey)\n" }
        return "\(Self.firstLine)\norigin \(origin)\n\(lines.joined())"
    }

    /// - Throws: `LogError` for a key that is none; nil when the lines are not those of a signer.
    init?(text: String) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.popLast() == "", lines.count >= 3, lines.count <= 2 + Self.maximumCount, lines[0] == Self.firstLine,
            lines[1].hasPrefix("origin ")
        else { return nil }
        origin = String(lines[1].dropFirst("origin ".count))
        keys = []
        for (place, line) in lines.dropFirst(2).enumerated() {
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3, words[0] == "key", (words[1] == "-") == (place == 0) else { return nil }
            let until = Int64(words[1])
            guard place == 0 || until != nil else { return nil }
            let signer = try NoteSigner(skey: String(words[2]))
            guard signer.name == origin else { return nil }
            keys.append(Key(signer: signer, until: until))
        }
    }
}
