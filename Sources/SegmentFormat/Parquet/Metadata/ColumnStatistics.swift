// SPDX-License-Identifier: Apache-2.0

/// The smallest and the largest value of a column chunk, and how many are absent.
///
/// Values are in PLAIN encoding without a length. Order: signed numbers by value, unsigned numbers by value, bytes
/// unsigned and from the front. A bound that is not exact is below or above every value.
package struct ColumnStatistics: Equatable, Sendable {
    package var nullCount: Int64?
    package var minimum: [UInt8]?
    package var maximum: [UInt8]?
    package var isMinimumExact: Bool?
    package var isMaximumExact: Bool?

    package init(
        nullCount: Int64? = nil,
        minimum: [UInt8]? = nil,
        maximum: [UInt8]? = nil,
        isMinimumExact: Bool? = nil,
        isMaximumExact: Bool? = nil
    ) {
        self.nullCount = nullCount
        self.minimum = minimum
        self.maximum = maximum
        self.isMinimumExact = isMinimumExact
        self.isMaximumExact = isMaximumExact
    }

    func encode(into writer: inout ThriftWriter) {
        if let nullCount { writer.field(3, nullCount) }
        if let maximum { writer.field(5, maximum) }
        if let minimum { writer.field(6, minimum) }
        if let isMaximumExact { writer.field(7, isMaximumExact) }
        if let isMinimumExact { writer.field(8, isMinimumExact) }
    }

    init(from reader: inout ThriftReader, _ field: ThriftReader.Field) throws(SegmentError) {
        var statistics = ColumnStatistics()
        try reader.structure(field) { (reader, field) throws(SegmentError) in
            switch field.id {
            case 3: statistics.nullCount = try reader.int64(field)
            case 5: statistics.maximum = try reader.binary(field)
            case 6: statistics.minimum = try reader.binary(field)
            case 7: statistics.isMaximumExact = try reader.bool(field)
            case 8: statistics.isMinimumExact = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        self = statistics
    }
}
