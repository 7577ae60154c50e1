// SPDX-License-Identifier: Apache-2.0

/// What an index may cost, for its writer and for its reader.
package enum IndexLimits {
    /// Rows of a block, as a power of two: 4,096.
    ///
    /// Smaller blocks say more of where a value is, and cost a bit each.
    static let blockRowBits = 12

    /// Rows of the segment, as in `ParquetLimits`.
    static let maximumRowCount = ParquetLimits.maximumRowCount

    /// Sections of a file; readers pass over those that they do not know.
    static let maximumSectionCount = 16

    /// Bytes of a section, before and after compression: what a few damaged bytes can make a reader allocate.
    static let maximumSectionByteCount = 256 << 20

    /// Bytes of a word.
    ///
    /// An entry with a longer one is a candidate for whatever is looked for: such words are payloads, not names.
    static let maximumWordByteCount = 255

    /// Bytes of a dictionary for each row of its column, when words are made of it.
    ///
    /// Beyond it the words would cost more than reading the dictionary. Resource names take 10, payloads 2.
    static let maximumTextBytesPerRow = 64

    /// Bytes of a dictionary that words are made of, however few the rows are.
    static let minimumTextByteCount = 1 << 20

    /// Bits of the hash that an id's entry has beside the row: one other id in 1,024 of a bucket looks the same.
    ///
    /// Half a byte an event more than with 6 bits, and one event in sixty segments put together in vain instead of in four.
    static let fingerprintBits = 10

    /// Ids of a bucket as a power of two, on average.
    static let bucketEntryBits = 4

    /// Buckets of ids that are found together, as a power of two: an offset takes as many bits as a few codes.
    static let bucketGroupBits = 2

    /// Words whose rows are found together: a longer way through their codes against an offset for each.
    static let wordsPerOffset = 16

    /// Level of zstd for the words: they are read by every search and written once.
    static let compressionLevel: Int32 = 9
}
