// SPDX-License-Identifier: Apache-2.0

/// What a log says of its tree: its name, how many leaves, and the root (c2sp.org/tlog-checkpoint v1.0.0).
///
/// Lines, each of which ends in a newline: origin, size in decimal, root in Base64, and any others, which are not empty.
/// One value has one text.
package struct Checkpoint: Equatable, Sendable {
    /// The log's name; not empty.
    ///
    /// Compare it with `hasSameBytes(as:)`: two names may look alike.
    package let origin: String
    package let size: UInt64
    package let root: LogHash

    /// Further lines, which are signed and mean nothing here.
    package let extensions: [[UInt8]]

    /// - Throws: `malformedCheckpoint` for an origin or an extension that is no line, `wrongRoot` for an empty tree's root
    ///   that is not.
    package init(
        origin: String,
        size: UInt64,
        root: LogHash,
        extensions: [[UInt8]] = []
    ) throws(LogError) {
        guard !origin.isEmpty, NoteText.line(Array(origin.utf8)) != nil else {
            throw LogError(.malformedCheckpoint, "the origin is no line")
        }
        guard extensions.allSatisfy({ !$0.isEmpty && NoteText.line($0) != nil }) else {
            throw LogError(.malformedCheckpoint, "an extension is no line")
        }
        guard size > 0 || root == .ofEmptyTree else {
            throw LogError(.wrongRoot, "the root of an empty tree is \(LogHash.ofEmptyTree.base64)")
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Reads the text of a note.
    ///
    /// - Throws: `malformedCheckpoint`, `tooLarge`, `wrongRoot` as above.
    package init(parsing text: [UInt8]) throws(LogError) {
        guard text.count <= LogLimits.maximumNoteByteCount else {
            throw LogError(
                .tooLarge,
                "a checkpoint of \(text.count) bytes, \(LogLimits.maximumNoteByteCount) are allowed"
            )
        }
        guard let lines = NoteText.lines(text[...]), lines.count >= 3 else {
            throw LogError(.malformedCheckpoint, "origin, size and root are needed, each on a line that ends")
        }
        guard let origin = NoteText.line(lines[0]) else {
            throw LogError(.malformedCheckpoint, "the origin is no text: \(NoteText.quoted(lines[0]))")
        }
        guard let size = UInt64(decimal: lines[1]) else {
            throw LogError(.malformedCheckpoint, "the size is no number: \(NoteText.quoted(lines[1]))")
        }
        guard let root = LogHash(base64: lines[2]) else {
            throw LogError(.malformedCheckpoint, "the root is no hash: \(NoteText.quoted(lines[2]))")
        }
        try self.init(origin: origin, size: size, root: root, extensions: lines[3...].map { Array($0) })
    }

    /// What is signed.
    package var text: [UInt8] {
        var text = Array("\(origin)\n\(size)\n\(root.base64)\n".utf8)
        for line in extensions {
            text += line
            text.append(NoteText.newline)
        }
        return text
    }

    package static func == (left: Checkpoint, right: Checkpoint) -> Bool {
        left.size == right.size && left.root == right.root && left.origin.hasSameBytes(as: right.origin)
            && left.extensions == right.extensions
    }
}
