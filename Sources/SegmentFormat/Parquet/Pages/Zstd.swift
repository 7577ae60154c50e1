// SPDX-License-Identifier: Apache-2.0

private import CZstd

/// Compresses pages, each as a zstd frame of its own.
///
/// Keeps its context, which takes longer to make than a small page to compress. Not for two threads at once.
@safe
package final class ZstdCompressor {
    /// SAFETY: made by `init`, freed by `deinit`, and never handed out.
    private let context: OpaquePointer
    private var level: Int32?
    private var scratch: [UInt8] = []

    package init() throws(SegmentError) {
        guard let context = unsafe ZSTD_createCCtx() else {
            throw SegmentError(.compressionFailed, "zstd could not be started")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
    }

    /// Appends the compressed bytes; returns how many there are.
    package func compress(_ bytes: RawSpan, level: Int32, into output: inout [UInt8]) throws(SegmentError) -> Int {
        if self.level != level {
            try check(unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level))
            self.level = level
        }
        let bound = ZSTD_compressBound(bytes.byteCount)
        if scratch.count < bound { scratch = [UInt8](repeating: 0, count: bound) }
        let result = unsafe scratch.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                // SAFETY: both pointers are valid inside these closures for the counts given.
                unsafe ZSTD_compress2(context, target.baseAddress, target.count, source.baseAddress, source.count)
            }
        }
        try check(result)
        output.append(contentsOf: scratch[..<result])
        return result
    }

    private func check(_ result: Int) throws(SegmentError) {
        guard ZSTD_isError(result) == 0 else { throw SegmentError(zstd: result) }
    }
}

/// Decompresses pages.
///
/// The output is never larger than the caller says, whatever the frame says. Not for two threads at once.
@safe
package final class ZstdDecompressor {
    /// SAFETY: made by `started`, freed by `deinit`, and never handed out.
    private var context: OpaquePointer?

    /// Costs nothing: what decompressing needs is made when it is asked for first, because much that is read for a query is in
    /// memory already, and making it takes longer than looking there.
    package init() {}

    deinit {
        if let context = unsafe context { unsafe ZSTD_freeDCtx(context) }
    }

    private func started() throws(SegmentError) -> OpaquePointer {
        if let context = unsafe context { return unsafe context }
        guard let made = unsafe ZSTD_createDCtx() else {
            throw SegmentError(.compressionFailed, "zstd could not be started")
        }
        unsafe context = made
        return unsafe made
    }

    /// The bytes of a frame that has exactly `byteCount` of them.
    ///
    /// - Throws: `inconsistent` when it has others, `compressionFailed` when the frame is damaged.
    package func decompress(_ bytes: RawSpan, byteCount: Int) throws(SegmentError) -> [UInt8] {
        let announced = unsafe bytes.withUnsafeBytes { source in
            // SAFETY: the pointer is valid inside this closure for the count given.
            unsafe ZSTD_getFrameContentSize(source.baseAddress, source.count)
        }
        // Before the allocation: most damaged sizes end here. Two values at the top mean "unknown" and "no frame".
        guard announced == UInt64(byteCount) || announced >= UInt64.max - 1 else {
            throw SegmentError(.inconsistent, "a page of \(byteCount) bytes in a frame of \(announced)")
        }
        let context = try unsafe started()
        var output = [UInt8](repeating: 0, count: byteCount)
        let result = unsafe output.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                // SAFETY: as above.
                unsafe ZSTD_decompressDCtx(context, target.baseAddress, target.count, source.baseAddress, source.count)
            }
        }
        guard ZSTD_isError(result) == 0 else { throw SegmentError(zstd: result) }
        guard result == byteCount else {
            throw SegmentError(.inconsistent, "a page of \(byteCount) bytes has \(result)")
        }
        return output
    }
}

extension SegmentError {
    fileprivate init(zstd result: Int) {
        let reason = unsafe String(cString: ZSTD_getErrorName(result))
        self.init(.compressionFailed, "zstd: \(reason)")
    }
}
