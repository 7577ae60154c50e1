// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a segment, or cannot become one, and where.
package struct SegmentError: Error, Equatable, Sendable {
    package enum Code: String, Sendable {
        /// The bytes end before what they announce does.
        case truncated
        /// The file does not begin or end as a Parquet file does.
        case notParquet
        /// These bytes are no table of shapes.
        case notShapes
        /// Written by a newer version of the format.
        case unsupportedVersion
        /// A checksum does not fit its bytes, or a page has none.
        case checksumMismatch
        /// A length, count, offset or code contradicts another.
        case inconsistent
        /// Legal Parquet that this program does not write and therefore does not read.
        case unsupported
        /// Larger or deeper than `ParquetLimits` or `SegmentLimits` allow.
        case tooLarge
        /// The segment has taken all the bytes it may.
        case segmentFull
        /// The compression library refused.
        case compressionFailed
        /// The caller handed over values that do not fit the column or the row group.
        case invalidArgument
        /// The source of bytes could not give what it was asked for.
        case unreadable
    }

    /// Where it happened, as far as that is known.
    package struct Context: Equatable, Sendable {
        package var byteOffset: Int?
        package var column: String?
        package var rowGroup: Int?

        package init(byteOffset: Int? = nil, column: String? = nil, rowGroup: Int? = nil) {
            self.byteOffset = byteOffset
            self.column = column
            self.rowGroup = rowGroup
        }
    }

    package let code: Code
    package let message: String
    package private(set) var context: Context

    package init(_ code: Code, _ message: String, _ context: Context = Context()) {
        self.code = code
        self.message = message
        self.context = context
    }

    /// The same error with what an outer level knows; what the inner level knew stays.
    package func within(column: String? = nil, rowGroup: Int? = nil, startingAt start: Int = 0) -> SegmentError {
        var error = self
        error.context.column = context.column ?? column
        error.context.rowGroup = context.rowGroup ?? rowGroup
        error.context.byteOffset = context.byteOffset.map { $0 &+ start }
        return error
    }
}

extension SegmentError: CustomStringConvertible {
    package var description: String {
        var text = "\(code.rawValue): \(message)"
        if let column = context.column { text += ", column \"\(column)\"" }
        if let rowGroup = context.rowGroup { text += ", row group \(rowGroup)" }
        if let byteOffset = context.byteOffset { text += ", byte \(byteOffset)" }
        return text
    }
}
