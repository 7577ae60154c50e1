// SPDX-License-Identifier: Apache-2.0

/// Where evidence is read from: a directory, a server, memory.
///
/// Everything behind it is untrusted. Names are relative, with `/` between, and are made by this module from what the
/// formats allow; a source still refuses whatever would lead out of its directory. What is no regular file, a link or a pipe,
/// is refused and never followed.
///
/// Reads block. They are made one at a time by whoever called `verify`, so a source needs no locks of its own.
package protocol EvidenceSource: Sendable {
    /// The names in a directory, in any order, those of directories with a `/` at their end; nil when nobody can list them, as
    /// on a plain web server.
    ///
    /// A directory that is not there has no names.
    ///
    /// - Throws: `unreadable`, `notAFile` when it is something else than a directory.
    func names(in directory: String) throws(EvidenceError) -> [String]?

    /// The size of a file; nil when there is none.
    ///
    /// - Throws: `unreadable`, `notAFile`.
    func byteCount(of name: String) throws(EvidenceError) -> Int?

    /// Exactly these bytes of a file.
    ///
    /// - Throws: `missing`, also when the file has become shorter; `unreadable`, `notAFile`.
    func bytes(_ range: Range<Int>, of name: String) throws(EvidenceError) -> [UInt8]

    /// All of a file; nil when there is none.
    ///
    /// Sources that cannot tell a size beforehand have their own.
    ///
    /// - Throws: `tooLarge` when it has more than `maximumByteCount` bytes, `unreadable`, `notAFile`.
    func contents(of name: String, maximumByteCount: Int) throws(EvidenceError) -> [UInt8]?
}

extension EvidenceSource {
    package func contents(of name: String, maximumByteCount: Int) throws(EvidenceError) -> [UInt8]? {
        guard let count = try byteCount(of: name) else { return nil }
        guard count <= maximumByteCount else {
            throw EvidenceError(.tooLarge, "it has \(count) bytes, \(maximumByteCount) are allowed", name: name)
        }
        do throws(EvidenceError) { return try bytes(0..<count, of: name) } catch {
            // Removed or replaced between the two calls.
            guard error.code == .missing else { throw error }
            return nil
        }
    }
}

/// Why something could not be read.
package struct EvidenceError: Error, Equatable, Sendable {
    package enum Code: String, Sendable {
        /// There is no such file, or it ends before what was asked for.
        case missing
        /// It is a link, a pipe, a directory where a file should be, or the name leads elsewhere.
        case notAFile
        /// It is larger than anything of its kind.
        case tooLarge
        /// The system refused, or the server did not answer.
        case unreadable
        /// This is not the directory of a log.
        case notALog
    }

    package let code: Code
    package let message: String
    package let name: String

    package init(_ code: Code, _ message: String, name: String) {
        self.code = code
        self.message = message
        self.name = name
    }
}
