// SPDX-License-Identifier: Apache-2.0

/// Sizes that the Parquet half of a segment never exceeds.
///
/// Writers refuse to go beyond with `tooLarge` or `invalidArgument`; readers refuse what is beyond before they allocate
/// anything for it.
package enum ParquetLimits {
    /// Bytes of the footer's metadata.
    ///
    /// 2,000 columns in 32 row groups take about 12 MB. Decoded it takes some twenty times the memory, so that this
    /// bounds what a damaged footer can make a reader allocate.
    package static let maximumFooterByteCount = 16 << 20

    /// Bytes of one page header.
    ///
    /// Ours take about 30; other writers put statistics in them, whose values may be long.
    package static let maximumPageHeaderByteCount = 64 << 10

    /// Bytes of one page before compression, dictionary pages as well.
    ///
    /// Parquet counts them in 31 bits. A dictionary of a million resource names takes 150 MB at the worst.
    package static let maximumPageByteCount = 256 << 20

    /// Bytes of one column chunk as it stands in the file, which a reader may hold at once.
    package static let maximumChunkByteCount = 1 << 30

    /// Rows of one row group.
    ///
    /// Our segments hold a million or so. A run of one code takes three bytes however long it is, so that this bounds
    /// what a few damaged bytes can make a reader allocate: 64 MB.
    package static let maximumRowCount = 1 << 24

    /// Columns of a file.
    ///
    /// A segment has a column for each path up to a limit far below; engines become slow at some thousands.
    package static let maximumColumnCount = 1 << 14

    /// Row groups of a file; the ordinal of a row group is a signed 16-bit number.
    package static let maximumRowGroupCount = 1 << 15

    /// Pages of one column chunk.
    package static let maximumPageCount = 1 << 20

    /// Entries of the footer's key-value metadata.
    package static let maximumKeyValueCount = 1 << 12

    /// Nesting of Thrift structures.
    ///
    /// The deepest that Parquet defines are six; unknown fields may add some.
    package static let maximumThriftDepth = 16

    /// Bytes of a value of a column of fixed length.
    ///
    /// Ids and hashes have up to 64. Their minimum and maximum are never shortened, so that this bounds them as well.
    package static let maximumFixedByteCount = 256

    /// Bytes of a minimum or maximum of a column of byte arrays; longer ones are shortened.
    ///
    /// A resource name begins with some 75 bytes that all names of an organization share, and those of a cluster share
    /// 120: with fewer bytes nothing could be told apart.
    package static let maximumStatisticByteCount = 192

    /// Bytes of a bloom filter's bitset: what Arrow's readers accept at most.
    package static let maximumBloomFilterByteCount = 128 << 20
}
