// SPDX-License-Identifier: Apache-2.0

import CZlib
import CZstd

/// Unpacks a compressed stream a window at a time, so that no ratio of packed to unpacked can exhaust memory.
protocol Decompressor: AnyObject {
    /// Unpacks from the front of `input` into `output`.
    ///
    /// The last byte of a packed part is taken only when all of the part is written: no input left, nothing held back.
    ///
    /// - Returns: how many bytes of each were used.
    /// - Throws: `StreamError.corrupt`.
    func decompress(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> (read: Int, written: Int)

    /// Whether the stream may end here: no packed part is open.
    var isAtBoundary: Bool { get }
}

/// gzip (RFC 1952), with any number of members one after the other.
final class GzipDecompressor: Decompressor {
    private var stream = z_stream()
    private(set) var isAtBoundary = true

    init() throws(StreamError) {
        guard martlet_inflate_init(&stream) == Z_OK else { throw StreamError(.corrupt, "zlib could not be started") }
    }

    deinit {
        inflateEnd(&stream)
    }

    func decompress(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> (read: Int, written: Int) {
        // SAFETY: zlib reads avail_in and writes avail_out bytes at these places, and keeps neither pointer for later.
        stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(clamping: input.count)
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(clamping: output.count)
        let offered = (input: Int(stream.avail_in), output: Int(stream.avail_out))
        let result = inflate(&stream, Z_NO_FLUSH)
        let used = (read: offered.input - Int(stream.avail_in), written: offered.output - Int(stream.avail_out))
        switch result {
        case Z_OK, Z_BUF_ERROR:
            isAtBoundary = isAtBoundary && used == (0, 0)
        case Z_STREAM_END:
            isAtBoundary = true
            inflateReset(&stream)
        default:
            throw StreamError(
                .corrupt,
                "the gzip data is damaged (\(stream.msg.map { String(cString: $0) } ?? "zlib error \(result)"))"
            )
        }
        return used
    }
}

/// Zstandard (RFC 8878), with any number of frames one after the other.
final class ZstdDecompressor: Decompressor {
    private let stream: OpaquePointer
    private(set) var isAtBoundary = true

    init() throws(StreamError) {
        guard let stream = ZSTD_createDStream() else { throw StreamError(.corrupt, "zstd could not be started") }
        self.stream = stream
    }

    deinit {
        ZSTD_freeDStream(stream)
    }

    func decompress(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(StreamError) -> (read: Int, written: Int) {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let result = ZSTD_decompressStream(stream, &target, &source)
        guard ZSTD_isError(result) == 0 else {
            throw StreamError(.corrupt, "the zstd data is damaged (\(String(cString: ZSTD_getErrorName(result))))")
        }
        if source.pos > 0 || target.pos > 0 { isAtBoundary = result == 0 }
        return (source.pos, target.pos)
    }
}
