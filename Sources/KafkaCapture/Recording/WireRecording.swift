// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// A recording of Kafka connections, as text: one JSON object per line.
///
/// | member | type | meaning |
/// |---|---|---|
/// | `conn` | integer | the connection, from 0 |
/// | `dir` | string | `C>S` from client to broker, `S>C` back |
/// | `seq` | integer | counts the frames of a connection and direction; not looked at |
/// | `ts` | number | seconds since 1970 (UTC) |
/// | `len` | integer | bytes of the frame without the length before it |
/// | `hex` | string | these bytes |
/// | `eof` | true | in place of `len` and `hex`: this side has ended |
///
/// Other members are errors, and so are strings with escapes.
package struct WireRecording: Sendable {
    package struct Entry: Equatable, Sendable {
        package let connection: Int
        package let isFromClient: Bool
        /// Nanoseconds since 1970 (UTC).
        package let time: Int64
        /// Without its length; nil where the side has ended.
        package let frame: [UInt8]?
    }

    package let entries: [Entry]

    package init(entries: [Entry]) {
        self.entries = entries
    }

    /// Reads all lines; empty ones are left out.
    package init(_ text: [UInt8]) throws(RecordingError) {
        var entries: [Entry] = []
        var number = 0
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0d || $0 == 0x09 }) else { continue }
            entries.append(try Self.entry(line, number: number))
        }
        self.entries = entries
    }

    /// Reads one line.
    ///
    /// `number`: From 1, for errors.
    package static func entry(_ line: ArraySlice<UInt8>, number: Int) throws(RecordingError) -> Entry {
        guard line.count <= CaptureLimits.recordingLineByteCount else {
            throw RecordingError(.lineTooLong, line: number)
        }
        var parser = RecordingLineParser(line)
        do throws(RecordingError.Problem) {
            return try parser.entry()
        } catch {
            throw RecordingError(error, line: number)
        }
    }
}

/// Why a line is none of a recording; it holds none of the line's bytes.
package struct RecordingError: Error, Equatable, Sendable {
    package enum Problem: String, Error, Sendable {
        case notAnObject = "not an object of the members conn, dir, seq, ts, len, hex and eof"
        case lineTooLong = "the line is too long"
        case missingMember = "a member is missing"
        case repeatedMember = "a member stands twice"
        case invalidValue = "a member's value is not of its kind"
        case wrongLength = "hex has not as many bytes as len says"
    }

    package let problem: Problem
    /// From 1.
    package let line: Int

    init(_ problem: Problem, line: Int) {
        self.problem = problem
        self.line = line
    }
}

extension RecordingError: CustomStringConvertible {
    package var description: String { "line \(line): \(problem.rawValue)" }
}
