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

    /// A part of the stream.
    package struct Part: Sendable {
        package let bytes: [UInt8]
        package let layout: BatchLayout
        /// Number of its first line, from 1; of its first event when the layout is not lines.
        package let firstLine: Int
        /// Offset of its first byte in the unpacked stream.
        package let byteOffset: Int
        /// How far the input was read when the part was complete, in bytes of the input.
        package let readByteCount: Int
    }

    /// - Parameters:
    ///   - path: a file, or `-` for standard input.
    ///   - layout: nil to find out.
    package init(path: String, layout: BatchLayout?, maximumEventByteCount: Int) throws(StreamError) {
        self.layout = layout
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

    /// The next part; nil at the end.
    ///
    /// - Throws: `unreadable`; `corrupt`; `malformed` with the place.
    package mutating func next() throws(StreamError) -> Part? {
        while true {
            if layout == nil, !window.isEmpty || isAtEnd { layout = detectLayout() }
            if let layout, let part = try layout == .lines ? nextLines() : nextValues(layout) { return part }
            if isAtEnd { return nil }
            try fill()
        }
    }

    // MARK: - Parts

    private mutating func nextLines() throws(StreamError) -> Part? {
        guard !window.isEmpty else { return nil }
        let end: Int
        if isAtEnd {
            end = window.count
        } else {
            guard let newline = window.lastIndex(of: UInt8(ascii: "\n")) else {
                // A line without end: cut where it is too long for an event anyway, so that memory stays bounded.
                guard window.count > maximumEventByteCount + IngestLimits.chunkByteCount else { return nil }
                return take(window.count, .lines, lineCount: 0)
            }
            guard window.count >= IngestLimits.chunkByteCount else { return nil }
            end = newline + 1
        }
        return take(end, .lines, lineCount: countLines(in: end))
    }

    private func countLines(in end: Int) -> Int {
        var count = 0
        for byte in window[..<end] where byte == UInt8(ascii: "\n") { count += 1 }
        return count
    }

    /// Whole values from the window, as a sequence: a part of an array is not an array.
    private mutating func nextValues(_ layout: BatchLayout) throws(StreamError) -> Part? {
        var splitter = splitter ?? ValueSplitter(layout == .array ? .array : .sequence)
        var values: [UInt8] = []
        var count = 0
        var index = 0
        var isComplete = false
        do throws(Rejection) {
            steps: while true {
                switch try splitter.next(window.span.bytes, from: index, isLast: isAtEnd) {
                case .value(let range):
                    values += window[range]
                    values.append(UInt8(ascii: "\n"))
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
            throw StreamError(
                .malformed,
                "\(name), byte \(windowOffset + error.byteOffset): \(error.message); the rest was not read"
            )
        }
        self.splitter = splitter
        if !isComplete, window.count - index > maximumEventByteCount + IngestLimits.chunkByteCount {
            throw StreamError(
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
            byteOffset: windowOffset,
            readByteCount: readByteCount
        )
        line += count
        drop(index)
        return part
    }

    private mutating func take(_ count: Int, _ layout: BatchLayout, lineCount: Int) -> Part {
        let part = Part(
            bytes: count == window.count ? window : Array(window[..<count]),
            layout: layout,
            firstLine: line,
            byteOffset: windowOffset,
            readByteCount: readByteCount
        )
        line += lineCount
        drop(count)
        return part
    }

    private mutating func drop(_ count: Int) {
        windowOffset += count
        if count == window.count { window = [] } else { window.removeFirst(count) }
    }

    // MARK: - Layout

    /// `[` begins an array; a line with all of an object on it begins lines; an object over several lines begins a
    /// sequence; what begins otherwise is read as lines, so that each bad line gets its own error.
    private func detectLayout() -> BatchLayout {
        let bytes = window.span.bytes
        guard let first = window.firstIndex(where: { !isWhitespace($0) }) else { return .lines }
        switch window[first] {
        case UInt8(ascii: "["):
            return .array
        case UInt8(ascii: "{"):
            var splitter = ValueSplitter(.sequence)
            let lineEnd = bytes.firstOffset(of: UInt8(ascii: "\n"), from: first) ?? window.count
            guard case .value(let range)? = try? splitter.next(bytes, from: first, isLast: false) else {
                return lineEnd == window.count ? .lines : .objects
            }
            return range.upperBound <= lineEnd ? .lines : .objects
        default:
            return .lines
        }
    }

    private func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    // MARK: - Bytes

    /// Puts more of the stream behind the window, or finds its end.
    private mutating func fill() throws(StreamError) {
        if packedStart == packed.count {
            packed = try readPacked()
            packedStart = 0
            if isFirstRead {
                isFirstRead = false
                decompressor = try Self.decompressor(for: packed)
            }
        }
        guard let decompressor else {
            if packed.isEmpty { isAtEnd = true }
            if window.isEmpty { window = packed } else { window += packed }
            packedStart = packed.count
            return
        }
        try unpack(with: decompressor)
    }

    private mutating func unpack(with decompressor: any Decompressor) throws(StreamError) {
        guard packedStart < packed.count else {
            isAtEnd = true
            guard decompressor.isAtBoundary else {
                throw StreamError(.corrupt, "\(name) ends inside its packed data; what came before was read")
            }
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

    private mutating func readPacked() throws(StreamError) -> [UInt8] {
        do {
            let bytes = try [UInt8](unsafeUninitializedCapacity: IngestLimits.chunkByteCount) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            readByteCount += bytes.count
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
