// SPDX-License-Identifier: Apache-2.0

package import EventMapping
package import Ingest

/// Makes events of a log that is whole, in a file or on standard input, packed or not.
///
/// Calls block. For `martlet ingest`, whose destinations take events as lines.
package struct LogFileReader {
    /// Events of a part of the log.
    package struct Part: Sendable {
        /// One a line.
        package let events: [UInt8]
        package let eventCount: Int
        /// What is to be set aside.
        package let malformed: [MalformedLine]
        /// The first line that went into it, from 1, and how many did.
        package let firstLine: Int
        package let lineCount: Int
        /// Lines of other loggers; lines that are no events.
        package let otherCount: Int
        package let ignoredCount: Int
        /// How far the input was read, packed as it is.
        package let readByteCount: Int
    }

    private var reader: StreamReader
    private var parser: any LogLineParser
    private var identity: LogIdentity?
    private var isAtEnd = false
    private var line = 1
    private var readByteCount = 0

    /// Bytes of the input, packed as it is; nil for what is not a file.
    package var totalByteCount: Int? { reader.totalByteCount }

    /// Opens a file, or standard input when `path` is `-`.
    package init(path: String, parser: any LogLineParser) throws(StreamError) {
        reader = try StreamReader(path: path, layout: .lines, maximumEventByteCount: LogReaderLimits.lineByteCount)
        self.parser = parser
    }

    package func close() { reader.close() }

    /// The next part; nil at the end.
    ///
    /// - Throws: `StreamError`; all lines before that place came in parts.
    package mutating func next() throws(StreamError) -> Part? {
        guard !isAtEnd else { return nil }
        var output = LogOutput()
        let first = line
        if let part = try reader.next() {
            let head = part.bytes.prefix(MappingLimits.logHeadByteCount)
            let identity = identity ?? LogIdentity(head: Array(head).span.bytes, isWhole: true)
            self.identity = identity
            readByteCount = part.readByteCount
            if let identity {
                line += parser.read(
                    part.bytes,
                    log: identity,
                    byteOffset: UInt64(part.byteOffset),
                    now: nil,
                    into: &output
                )
            }
        } else {
            isAtEnd = true
            parser.finish(into: &output)
        }
        return Part(
            events: output.events,
            eventCount: output.eventCount,
            malformed: output.malformed,
            firstLine: first,
            lineCount: line - first,
            otherCount: output.otherCount,
            ignoredCount: output.ignoredCount,
            readByteCount: readByteCount
        )
    }
}
