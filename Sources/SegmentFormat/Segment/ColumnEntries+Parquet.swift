// SPDX-License-Identifier: Apache-2.0

extension ColumnEntries {
    /// The values of a column of a file.
    ///
    /// - Throws: `inconsistent` for types that no path's column has.
    init(_ values: ParquetValues) throws(SegmentError) {
        switch values {
        case .int64(let integers): self = .integers(integers)
        case .fixed(let bytes, let byteCount): self = .fixed(byteCount: byteCount, bytes: bytes)
        case .byteArrays(let arrays): self = .variable(offsets: arrays.offsets, bytes: arrays.bytes)
        case .booleans, .int32: throw SegmentError(.inconsistent, "values of an impossible type")
        }
    }
}
