// SPDX-License-Identifier: Apache-2.0

/// Collects the pages of a column chunk, decides whether they are compressed, and puts headers before them.
///
/// The codec belongs to the chunk, not to the page, so that it is decided from a sample: the dictionary, and the first,
/// the middle and the last page. Pages that compression would not pay for, such as random ids, cost that sample only.
struct PageOutput {
    /// A chunk is compressed when its sample gets smaller than this share of it.
    ///
    /// A smaller gain would not pay for decompressing the column whenever it is read.
    private static let worthwhile = 0.95

    private let column: ParquetColumn
    private let compressor: ZstdCompressor
    private var dictionary: (bytes: [UInt8], valueCount: Int)?
    private var pages: [(bytes: [UInt8], rows: PageRows)] = []

    private(set) var locations: [OffsetIndex.PageLocation] = []
    private(set) var dictionaryByteCount = 0
    private(set) var uncompressedByteCount = 0

    init(_ column: ParquetColumn, _ compressor: ZstdCompressor) {
        self.column = column
        self.compressor = compressor
    }

    mutating func setDictionary(_ bytes: [UInt8], valueCount: Int) throws(SegmentError) {
        try Self.check(bytes)
        dictionary = (bytes, valueCount)
    }

    mutating func append(_ bytes: [UInt8], rows: PageRows) throws(SegmentError) {
        try Self.check(bytes)
        pages.append((bytes, rows))
    }

    private static func check(_ bytes: [UInt8]) throws(SegmentError) {
        guard bytes.count <= ParquetLimits.maximumPageByteCount else {
            throw SegmentError(
                .tooLarge,
                "a page of \(bytes.count) bytes, at most \(ParquetLimits.maximumPageByteCount) fit"
            )
        }
    }

    /// The bytes of all pages with their headers; the other properties then say where they lie.
    mutating func finish(encoding: ParquetEncoding) throws(SegmentError) -> (codec: ParquetCodec, bytes: [UInt8]) {
        let codec: ParquetCodec = try isCompressionWorthwhile() ? .zstd : .uncompressed
        var output: [UInt8] = []
        var scratch: [UInt8] = []
        if codec == .uncompressed {
            // Growing step by step copies a long column of ids twice.
            let byteCount = pages.reduce(dictionary?.bytes.count ?? 0) { $0 + $1.bytes.count }
            output.reserveCapacity(byteCount + 64 * (pages.count + 1))
        }
        if let dictionary {
            let kind = PageHeader.Kind.dictionary(valueCount: Int32(dictionary.valueCount), isSorted: false)
            let level = codec == .zstd ? column.dictionaryCompressionLevel ?? column.compressionLevel : nil
            try append(dictionary.bytes, kind, level: level, scratch: &scratch, to: &output)
            dictionaryByteCount = output.count
        }
        for page in pages {
            let start = output.count
            let kind = PageHeader.Kind.data(valueCount: Int32(page.rows.rows.count), encoding: encoding)
            let level = codec == .zstd ? column.compressionLevel ?? column.dictionaryCompressionLevel : nil
            try append(page.bytes, kind, level: level, scratch: &scratch, to: &output)
            locations.append(
                OffsetIndex.PageLocation(
                    byteOffset: Int64(start),
                    byteCount: Int32(output.count - start),
                    firstRow: Int64(page.rows.rows.lowerBound)
                )
            )
        }
        return (codec, output)
    }

    private mutating func append(
        _ page: [UInt8],
        _ kind: PageHeader.Kind,
        level: Int32?,
        scratch: inout [UInt8],
        to output: inout [UInt8]
    ) throws(SegmentError) {
        let raw = unsafe page.span.bytes
        var compressedByteCount = page.count
        var checksum: UInt32
        if let level {
            scratch.removeAll(keepingCapacity: true)
            compressedByteCount = try compressor.compress(raw, level: level, into: &scratch)
            checksum = unsafe PageChecksum.checksum(scratch.span.bytes)
        } else {
            checksum = PageChecksum.checksum(raw)
        }
        let header = PageHeader(
            kind: kind,
            uncompressedByteCount: Int32(page.count),
            compressedByteCount: Int32(compressedByteCount),
            checksum: checksum
        ).encoded()
        output.append(contentsOf: header)
        output.append(contentsOf: level == nil ? page : scratch)
        uncompressedByteCount += header.count + page.count
    }

    private func isCompressionWorthwhile() throws(SegmentError) -> Bool {
        guard let level = column.compressionLevel ?? column.dictionaryCompressionLevel else { return false }
        var before = 0
        var after = 0
        var scratch: [UInt8] = []
        let sampled = Set([0, pages.count / 2, pages.count - 1])
        var sizes = 0
        for (index, page) in pages.enumerated() {
            sizes += page.bytes.count
            guard sampled.contains(index) else { continue }
            before += page.bytes.count
            scratch.removeAll(keepingCapacity: true)
            after += try compressor.compress(unsafe page.bytes.span.bytes, level: level, into: &scratch)
        }
        // The sample stands for all data pages; the dictionary for itself.
        let ratio = before > 0 ? Double(after) / Double(before) : 1
        var total = Double(sizes)
        var compressed = ratio * total
        if let dictionary {
            scratch.removeAll(keepingCapacity: true)
            // A fast level tells enough.
            let raw = unsafe dictionary.bytes.span.bytes
            compressed += Double(try compressor.compress(raw, level: 1, into: &scratch))
            total += Double(dictionary.bytes.count)
        }
        return compressed < Self.worthwhile * total
    }
}
