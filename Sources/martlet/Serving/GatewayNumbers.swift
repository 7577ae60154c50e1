// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage

/// What a gateway's records through a topic are numbered with, in a file beside its spool.
///
/// Lines of words; readers refuse another first line. A spool that is begun anew has another id, and begins with 1: nobody knows what the
/// one before had still to send.
///
/// ```
/// martlet-gateway 1
/// spool 5f1d20ac
/// next 4711
/// ```
struct GatewayNumbers: Equatable, Sendable {
    private static let firstLine = "martlet-gateway 1"

    /// Eight hexadecimal digits.
    let spoolID: String
    /// Of the next record; every record before it arrived.
    var next: UInt64

    /// Numbers of a spool that was never used.
    init() {
        let digits = String(UInt32.random(in: .min ... .max), radix: 16)
        spoolID = String(repeating: "0", count: 8 - digits.count) + digits
        next = 1
    }

    init?(_ text: String) {
        let lines = text.split(separator: "\n")
        guard lines.count == 3, lines[0] == Self.firstLine, lines[1].hasPrefix("spool "), lines[2].hasPrefix("next "),
            let next = UInt64(lines[2].dropFirst(5)), next > 0
        else { return nil }
        spoolID = String(lines[1].dropFirst(6))
        self.next = next
    }

    var text: String { "\(Self.firstLine)\nspool \(spoolID)\nnext \(next)\n" }

    /// Those of a file, or new ones, which are then in it.
    ///
    /// - Throws: `FileError`; `CommandFailure` for a file that has none.
    static func open(_ path: FilePath, _ fileSystem: any FileSystem) throws -> GatewayNumbers {
        guard fileSystem.exists(path) else {
            let numbers = GatewayNumbers()
            try fileSystem.createDirectory(path.removingLastComponent())
            try numbers.save(path, fileSystem)
            return numbers
        }
        let bytes = try fileSystem.contents(of: path, maximumByteCount: 4096)
        guard let numbers = GatewayNumbers(String(decoding: bytes, as: UTF8.self)) else {
            throw CommandFailure(
                .couldNotRun,
                "\(path) has no numbers of a gateway: put it back from a copy, or remove it to begin with 1 under another id"
            )
        }
        return numbers
    }

    /// When this returns, they survive a power cut.
    ///
    /// - Throws: `FileError`.
    func save(_ path: FilePath, _ fileSystem: any FileSystem) throws(FileError) {
        try fileSystem.replaceAtomically(path, with: Array(text.utf8), mode: .ownerReadWrite)
    }
}
