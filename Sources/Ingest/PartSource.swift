// SPDX-License-Identifier: Apache-2.0

package import NIOPosix
import Synchronization

/// Reads a stream's parts on a thread that may wait, from a chosen line on.
package final class PartSource: Sendable {
    private let reader: Mutex<Source>
    private let firstLine: Int
    private let pool: NIOThreadPool

    fileprivate struct Source {
        var reader: StreamReader
        /// The line behind the last part.
        var nextLine = 1
        var isAtEnd = false
    }

    /// Reads on `pool`, of which one thread is enough: parts are asked for one at a time.
    package init(_ reader: sending StreamReader, firstLine: Int, pool: NIOThreadPool) {
        self.reader = Mutex(Source(reader: reader))
        self.firstLine = firstLine
        self.pool = pool
    }

    /// The next part with lines at or behind the first wanted; nil at the end.
    package func next() async throws -> StreamReader.Part? {
        try await pool.runIfActive { [self] in
            while let part = try reader.withLock({ try $0.next() }) {
                if let wanted = part.dropping(before: firstLine) { return wanted }
            }
            return nil
        }
    }

    /// The line behind what was read so far; an event when the layout is not lines.
    var nextLine: Int { reader.withLock { $0.nextLine } }

    /// The last line of a stream that ended before the line in front of the first wanted, which somebody had read then; nil when
    /// it did not.
    var endBeforeFirstLine: Int? {
        reader.withLock { $0.isAtEnd && $0.nextLine < firstLine ? $0.nextLine - 1 : nil }
    }
}

extension PartSource.Source {
    fileprivate mutating func next() throws(StreamError) -> StreamReader.Part? {
        guard let part = try reader.next() else {
            isAtEnd = true
            return nil
        }
        nextLine = part.firstLine + part.lineCount
        return part
    }
}

extension StreamReader.Part {
    /// The part from a line on, or from an event on when the layout is not lines; nil when it ends before.
    func dropping(before line: Int) -> StreamReader.Part? {
        guard line > firstLine else { return self }
        let skipped = line - firstLine
        var pieces = PieceIterator(layout)
        var offset = 0
        for _ in 0..<skipped {
            guard case .success(let range)? = pieces.next(bytes.span.bytes) else { return nil }
            offset = layout == .lines ? range.upperBound + 1 : range.upperBound
        }
        guard offset < bytes.count else { return nil }
        return StreamReader.Part(
            bytes: Array(bytes[offset...]),
            layout: layout,
            firstLine: line,
            byteOffset: byteOffset + offset,
            lineCount: lineCount - skipped,
            readByteCount: readByteCount
        )
    }
}
