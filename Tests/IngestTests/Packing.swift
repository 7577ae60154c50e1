// SPDX-License-Identifier: Apache-2.0

import CZlib
import CZstd
import Testing

/// Packs bytes as the programs gzip and zstd do.
enum Packing: CaseIterable {
    case gzip
    case zstd

    /// One member or frame.
    func packed(_ bytes: [UInt8]) throws -> [UInt8] {
        switch self {
        case .gzip: try Self.gzip(bytes)
        case .zstd: try Self.zstd(bytes)
        }
    }

    private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        // deflateInit2 is a macro; 16 asks for the gzip form.
        let size = Int32(MemoryLayout<z_stream>.size)
        let began = deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        try #require(began == Z_OK)
        defer { deflateEnd(&stream) }
        let room = Int(deflateBound(&stream, UInt(bytes.count)))
        var input = bytes
        var result = Z_OK
        let output = input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(room)
                result = deflate(&stream, Z_FINISH)
                count = room - Int(stream.avail_out)
            }
        }
        try #require(result == Z_STREAM_END)
        return output
    }

    /// One frame of zstd whose first block ends where the first bytes do, so that no later one ends with a window.
    static func zstd(_ first: [UInt8], then rest: [UInt8]) throws -> [UInt8] {
        let stream = try #require(ZSTD_createCCtx())
        defer { ZSTD_freeCCtx(stream) }
        let room = ZSTD_compressBound(first.count + rest.count) + 1024
        var left = [0, 0]
        let output = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: room, pos: 0)
            for (place, (bytes, end)) in [(first, ZSTD_e_flush), (rest, ZSTD_e_end)].enumerated() {
                bytes.withUnsafeBytes { input in
                    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                    left[place] = ZSTD_compressStream2(stream, &target, &source, end)
                }
            }
            count = target.pos
        }
        // Nothing was left to write, and nothing went wrong.
        try #require(left == [0, 0])
        return output
    }

    /// Without a checksum: the library's default, unlike the program's.
    private static func zstd(_ bytes: [UInt8]) throws -> [UInt8] {
        let room = ZSTD_compressBound(bytes.count)
        var result = 0
        let output = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            result = ZSTD_compress(buffer.baseAddress, room, bytes, bytes.count, 3)
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        try #require(ZSTD_isError(result) == 0)
        return output
    }
}
