// SPDX-License-Identifier: Apache-2.0

package import NIOPosix
import Synchronization

/// Reads a stream's parts on a thread that may wait, from a chosen line on.
package final class PartSource: Sendable {
    private let reader: Mutex<StreamReader>
    private let firstLine: Int
    private let pool: NIOThreadPool

    /// Reads on `pool`, of which one thread is enough: parts are asked for one at a time.
    package init(_ reader: sending StreamReader, firstLine: Int, pool: NIOThreadPool) {
        self.reader = Mutex(reader)
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
