// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The different texts of a field while its rows are read, and the column they become.
struct TextColumn {
    private var dictionary = TextDictionary()
    private let keyHash: KeyHash

    init(_ keyHash: KeyHash) {
        self.keyHash = keyHash
    }

    mutating func code(of text: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: unsafe dictionary.code(of: text.span.bytes, 0..<text.count, keyHash))
    }

    mutating func code(of text: String?) -> UInt32 {
        text.map { code(of: Array($0.utf8)) } ?? RowCodes.none
    }

    /// The column of the rows' codes: with a dictionary, or where most texts are different without.
    consuming func data(_ rowCodes: [UInt32], limits: SegmentLimits) throws(SegmentError) -> ParquetColumnData {
        let codes = rowCodes.filter { $0 != RowCodes.none }
        let presence = codes.count < rowCodes.count ? Bitmap(rowCodes.lazy.map { $0 != RowCodes.none }) : nil
        let isMostlyDifferent = codes.count >= 16 && 4 * dictionary.count > 3 * codes.count
        guard isMostlyDifferent || dictionary.bytes.count > limits.maximumDictionaryByteCount else {
            let entries = try ByteArrays(bytes: dictionary.bytes, offsets: dictionary.offsets)
            return ParquetColumnData(.byteArrays(entries), codes: codes, presence: presence)
        }
        var values = ByteArrays()
        let bytes = unsafe dictionary.bytes.span.bytes
        for code in codes { try values.append(bytes.extracting(dictionary.range(of: Int(code)))) }
        return ParquetColumnData(.byteArrays(values), presence: presence)
    }
}
