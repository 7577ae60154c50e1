// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// The logs that a witness knows, by their origins.
///
/// Read from lines `log <vkey> [<url>]`, as c2sp.org/tlog-policy has them, with `#` before comments. The key's name is the log's
/// origin; a log that changes its key has a line for each for as long as both sign.
package struct WitnessedLogs: Sendable {
    package struct Log: Sendable {
        package let origin: String
        package let verifiers: [NoteVerifier]
    }

    /// In the order in which they are first named.
    package let logs: [Log]

    /// - Throws: `malformedLogs`.
    package init(parsing bytes: [UInt8]) throws(WitnessError) {
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            let items = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard let keyword = items.first, keyword.first != UInt8(ascii: "#") else { continue }
            guard keyword.elementsEqual("log".utf8) else {
                throw WitnessError(.malformedLogs, "line \(number + 1) of the logs does not begin with \"log\"")
            }
        }
        var logs: [(origin: String, verifiers: [NoteVerifier])] = []
        do {
            // A policy has a quorum; that of a witness is nobody's but its own.
            for log in try TrustPolicy(parsing: bytes + Array("\nquorum none\n".utf8)).logs {
                let name = log.verifier.name
                if let place = logs.firstIndex(where: { $0.origin.hasSameBytes(as: name) }) {
                    logs[place].verifiers.append(log.verifier)
                } else {
                    logs.append((name, [log.verifier]))
                }
            }
        } catch {
            throw WitnessError(.malformedLogs, "the logs: \(error.message)")
        }
        self.logs = logs.map { Log(origin: $0.origin, verifiers: $0.verifiers) }
    }
}
