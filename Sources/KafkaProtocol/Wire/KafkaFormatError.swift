// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not the message that they should be, and where.
///
/// It never holds any of the bytes, so that no secret gets into a log with it.
package struct KafkaFormatError: Error, Equatable, Sendable {
    package enum Problem: String, Sendable {
        /// A value or a count goes beyond the end.
        case truncated
        /// A length below -1.
        case negativeLength
        /// Null where the layout allows none.
        case unexpectedNull
        /// More than five bytes, or more than 32 bits.
        case varintTooLong
        /// A tagged field that we know is longer or shorter than its size says.
        case tagSizeMismatch
        /// The API is not described, or not in this version.
        case unknownLayout
        /// More values than `DecodingLimits` allows to keep.
        case tooManyValues
        /// A rewritten value does not fit where it belongs.
        case unencodable
    }

    package let problem: Problem
    /// Counted from the first byte that was handed in.
    package let byteOffset: Int

    package init(_ problem: Problem, at byteOffset: Int) {
        self.problem = problem
        self.byteOffset = byteOffset
    }
}
