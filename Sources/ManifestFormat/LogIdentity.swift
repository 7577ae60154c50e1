// SPDX-License-Identifier: Apache-2.0

import ByteCoding
package import JournalFormat

/// What a log is given once, when its directory is made, and keeps: its id, and the secret seed of its key hashes.
///
/// The file `identity` has three lines: `martlet-log 1`, `id <32 hex digits>`, `key-seed <16 hex digits>`. It is readable
/// by its owner alone: whoever knows the seed can choose ids that make repeated events slow to find.
package struct LogIdentity: Equatable, Sendable {
    package let logID: LogID
    package let keySeed: UInt64

    package static let fileName = "identity"
    private static let firstLine = "martlet-log 1"

    package init(logID: LogID, keySeed: UInt64) {
        self.logID = logID
        self.keySeed = keySeed
    }

    /// What stands in the file.
    package var text: String {
        var seed = ByteWriter(capacity: 8)
        seed.append(keySeed)
        return "\(Self.firstLine)\nid \(logID)\nkey-seed \(Hex.encode(seed.bytes))\n"
    }

    /// Reads what stands in the file; nil when it is no identity of a Martlet log.
    package init?(text: String) {
        let lines = text.split(separator: "\n")
        guard lines.count == 3, lines[0] == Self.firstLine, lines[1].hasPrefix("id "), lines[2].hasPrefix("key-seed "),
            let id = Hex.decode(lines[1].dropFirst(3)).flatMap(LogID.init(bytes:)),
            let seed = Hex.decode(lines[2].dropFirst(9)), seed.count == 8
        else { return nil }
        self.init(logID: id, keySeed: seed.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
}
