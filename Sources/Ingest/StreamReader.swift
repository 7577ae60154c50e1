// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import SystemPackage

/// Reads a file or standard input in parts that hold whole events, unpacking it when it is packed.
///
/// Calls block. Memory: two windows of a chunk, and the longest event.
package struct StreamReader {
    /// Bytes of the input and how far it was read, packed as it is; nil for the size of what is not a file.
    package private(set) var readByteCount = 0
    package let totalByteCount: Int?

    /// How the events stand beside each other, known after the first part.
    package private(set) var layout: BatchLayout?

    private let descriptor: FileDescriptor
    private let name: String
    private let maximumEventByteCount: Int
    private var decompressor: (any Decompressor)?
    private var isFirstRead = true
    private var packed: [UInt8] = []
    private var packedStart = 0
    private var window: [UInt8] = []
    private var windowOffset = 0
    private var isAtEnd = false
    private var line = 1
    private var splitter: ValueSplitter?

    /// Why the stream can't be read on; thrown after the whole events in front of that place were handed out.
    private var failure: StreamError?

    /// A part of the stream.
    package struct Part: Sendable {
        package let bytes: [UInt8]
        package let layout: BatchLayout
        /// Number of its first line, from 1; of its first event when the layout is not lines.
        package let firstLine: Int
        /// Offset of its first byte in the unpacked stream.
        package let byteOffset: Int
        /// Lines that end in it, the last of the stream too; events when the layout is not lines.
        package let lineCount: Int
        /// How far the input was read when the part was complete, in bytes of the input.
        package let readByteCount: Int
    }

    /// Opens a file, or standard input when `path` is `-`; `layout` is nil to find out.
    package init(path: String, layout: BatchLayout?, maximumEventByteCount: Int) throws(StreamError) {
        // One object in a stream is a sequence of one.
        self.layout = layout == .object ? .objects : layout
        self.maximumEventByteCount = maximumEventByteCount
        if path == "-" {
            descriptor = .standardInput
            name = "standard input"
            totalByteCount = nil
        } else {
            name = path
            do {
                descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
                let end = try? descriptor.seek(offset: 0, from: .end)
                _ = try? descriptor.seek(offset: 0, from: .start)
                totalByteCount = end.map(Int.init)
            } catch {
                throw StreamError(.unreadable, "cannot open \(path): \(error)")
            }
        }
    }

    package func close() {
        if descriptor != .standardInput { try? descriptor.close() }
    }

    /// Whether somebody may be writing the stream just now, as into a pipe: its events are then handed on as they come,
    /// and not when there are enough for a large write.
    package var isLive: Bool { totalByteCount == nil }

    /// The next part; nil at the end.
    ///
    /// - Throws: `unreadable`; `corrupt`; `malformed` with the place. All whole events before that came in parts.
    package mutating func next() throws(StreamError) -> Part? {
        while true {
            if layout == nil { layout = detectLayout() }
            if let layout, let part = layout == .lines ? nextLines() : nextValues(layout) { return part }
            if let failure { throw failure }
            if isAtEnd { return nil }
            do throws(StreamError) {
                try fill()
            } catch {
                failure = error
            }
        }
    }

    // MARK: - Parts

    private mutating func nextLines() -> Part? {
        guard !window.isEmpty else { return nil }
        let end: Int
        if isAtEnd {
            end = window.count
        } else {
            guard let newline = window.lastIndex(of: UInt8(ascii: "\n")) else {
                // A line without end: cut where it is too long for an event anyway, so that memory stays bounded.
                guard failure == nil, window.count > longestWindowByteCount else { return nil }
                return take(window.count, .lines, lineCount: 0)
            }
            guard window.count >= IngestLimits.chunkByteCount || isLive || failure != nil else { return nil }
            end = newline + 1
        }
        return take(end, .lines, lineCount: countLines(in: end))
    }

    private func countLines(in end: Int) -> Int {
        let count = window.span.bytes.extracting(0..<end).count(of: UInt8(ascii: "\n"))
        return window[end - 1] == UInt8(ascii: "\n") ? count : count + 1
    }

    /// Whole values from the window, as a sequence: a part of an array is not an array.
    ///
    /// Spaces take the place of what stood between them, so that offsets stay those of the stream.
    private mutating func nextValues(_ layout: BatchLayout) -> Part? {
        guard failure?.code != .malformed else { return nil }
        var splitter = splitter ?? ValueSplitter(layout == .array ? .array : .sequence)
        var values: [UInt8] = []
        var start = 0
        var count = 0
        var index = 0
        var isComplete = false
        do throws(Rejection) {
            steps: while true {
                switch try splitter.next(window.span.bytes, from: index, isLast: isAtEnd) {
                case .value(let range):
                    if count == 0 { start = range.lowerBound }
                    values.append(contentsOf: repeatElement(0x20, count: range.lowerBound - start - values.count))
                    values += window[range]
                    count += 1
                    index = range.upperBound
                case .needsMore(let from):
                    // What the splitter knows of brackets and commas before `from` stays; the value is read again.
                    index = max(index, from)
                    break steps
                case .end:
                    index = window.count
                    isComplete = true
                    break steps
                }
            }
        } catch {
            failure = StreamError(
                .malformed,
                "\(name), byte \(windowOffset + error.byteOffset): \(error.message); the rest was not read"
            )
        }
        self.splitter = splitter
        if !isComplete, failure == nil, window.count - index > longestWindowByteCount {
            failure = StreamError(
                .malformed,
                "\(name), byte \(windowOffset + index): the value that begins here is longer than an event may be; the rest was not read"
            )
        }
        guard count > 0 else {
            drop(index)
            return nil
        }
        let part = Part(
            bytes: values,
            layout: .objects,
            firstLine: line,
            byteOffset: windowOffset + start,
            lineCount: count,
            readByteCount: readByteCount
        )
        line += count
        drop(index)
        return part
    }

    private mutating func take(_ count: Int, _ layout: BatchLayout, lineCount: Int) -> Part {
        // What is left is less than a line: it is copied, and the part keeps the window's memory.
        let rest = Array(window[count...])
        window.removeLast(rest.count)
        let part = Part(
            bytes: window,
            layout: layout,
            firstLine: line,
            byteOffset: windowOffset,
            lineCount: lineCount,
            readByteCount: readByteCount
        )
        line += lineCount
        windowOffset += count
        window = rest
        return part
    }

    private mutating func drop(_ count: Int) {
        windowOffset += count
        if count == window.count { window = [] } else { window.removeFirst(count) }
    }

    // MARK: - Layout

    /// How the stream begins; nil when more of it is needed to tell.
    ///
    /// `[` begins an array; a line with all of an object on it begins lines; an object over several lines begins a
    /// sequence; what begins otherwise is read as lines, so that each bad line gets its own error.
    private func detectLayout() -> BatchLayout? {
        let bytes = window.span.bytes
        let isAll = isAtEnd || failure != nil || window.count > longestWindowByteCount
        guard let first = window.firstIndex(where: { !isWhitespace($0) }) else { return isAll ? .lines : nil }
        switch window[first] {
        case UInt8(ascii: "["):
            return .array
        case UInt8(ascii: "{"):
            guard let lineEnd = bytes.firstOffset(of: UInt8(ascii: "\n"), from: first) else {
                return isAll ? .lines : nil
            }
            var splitter = ValueSplitter(.sequence)
            if case .value(let range)? = try? splitter.next(bytes, from: first, isLast: false),
                range.upperBound <= lineEnd
            {
                return .lines
            }
            guard let next = window[lineEnd...].firstIndex(where: { !isWhitespace($0) }) else {
                return isAll ? .lines : nil
            }
            return mayGoOn(first..<lineEnd, with: window[next]) ? .objects : .lines
        default:
            return .lines
        }
    }

    /// Whether an object whose first line this is can go on with such a byte.
    ///
    /// If not, the line was torn, and those behind it are lines of their own.
    private func mayGoOn(_ line: Range<Int>, with next: UInt8) -> Bool {
        var open: [UInt8] = []
        var isInString = false
        var isEscaped = false
        var last: UInt8 = 0
        for byte in window[line] where isInString || !isWhitespace(byte) {
            last = byte
            if isInString {
                if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): open.append(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
            default: break
            }
        }
        // No string goes over a line's end.
        guard !isInString else { return false }
        guard next == UInt8(ascii: "{") else { return true }
        return switch last {
        case UInt8(ascii: ":"), UInt8(ascii: "["): true
        case UInt8(ascii: ","): open.last == UInt8(ascii: "[")
        default: false
        }
    }

    /// More than any event with what may stand before it: what is longer is not waited for.
    private var longestWindowByteCount: Int { maximumEventByteCount + IngestLimits.chunkByteCount }

    private func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    // MARK: - Bytes

    /// Puts more of the stream behind the window, or finds its end.
    private mutating func fill() throws(StreamError) {
        if isFirstRead {
            isFirstRead = false
            packed = try read(behind: [])
            decompressor = try Self.decompressor(for: packed)
            if decompressor == nil {
                (window, packed) = (packed, [])
                if window.isEmpty { isAtEnd = true }
                return
            }
        }
        guard let decompressor else {
            let byteCount = window.count
            window = try read(behind: window)
            if window.count == byteCount { isAtEnd = true }
            return
        }
        if packedStart == packed.count {
            packed = try read(behind: [])
            packedStart = 0
        }
        try unpack(with: decompressor)
    }

    private mutating func unpack(with decompressor: any Decompressor) throws(StreamError) {
        guard packedStart < packed.count else {
            guard decompressor.isAtBoundary else {
                throw StreamError(.corrupt, "\(name) ends inside its packed data; what came before was read")
            }
            isAtEnd = true
            return
        }
        var failure: StreamError?
        var used = (read: 0, written: 0)
        let output = [UInt8](unsafeUninitializedCapacity: IngestLimits.chunkByteCount) { buffer, count in
            packed.withUnsafeBytes { input in
                do throws(StreamError) {
                    used = try decompressor.decompress(
                        UnsafeRawBufferPointer(rebasing: input[packedStart...]),
                        into: UnsafeMutableRawBufferPointer(buffer)
                    )
                } catch {
                    failure = error
                }
            }
            count = used.written
        }
        packedStart += used.read
        if let failure { throw StreamError(failure.code, "\(name): \(failure.message)") }
        window += output
    }

    /// What is left of the bytes before and a chunk of the input behind it, in memory of their own.
    private mutating func read(behind rest: [UInt8]) throws(StreamError) -> [UInt8] {
        let capacity = rest.count + IngestLimits.chunkByteCount
        do {
            let bytes = try [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                // SAFETY: the buffer has room for the rest and a chunk; `count` says what of it was filled.
                count = buffer.initialize(fromContentsOf: rest)
                let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[rest.count...])
                count += try descriptor.read(into: room)
            }
            readByteCount += bytes.count - rest.count
            return bytes
        } catch {
            throw StreamError(.unreadable, "cannot read \(name): \(error)")
        }
    }

    /// By the first bytes of the stream, not by its name: 1f 8b is gzip, 28 b5 2f fd is Zstandard.
    private static func decompressor(for bytes: [UInt8]) throws(StreamError) -> (any Decompressor)? {
        if bytes.starts(with: [0x1F, 0x8B]) { return try GzipDecompressor() }
        if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return try ZstdDecompressor() }
        return nil
    }
}
