// SPDX-License-Identifier: Apache-2.0

/// What one query may cost.
///
/// Beyond any of these it ends early and says so.
package enum QueryEngineLimits {
    /// Rows of one answer in order of time, which are held until the answer is complete.
    package static let maximumRowCount = 10_000

    /// Bytes of the events of one such answer.
    ///
    /// A row is about 1 KB; one in a thousand may be a megabyte.
    package static let maximumRowByteCount = 64 << 20

    /// Bytes of columns and indexes of segments that are kept between queries, unless the caller says otherwise.
    package static let defaultViewByteCount = 192 << 20

    /// Bytes of what is gathered for a table, by one of the threads that work at it.
    package static let maximumTableByteCount = 64 << 20

    /// How long a query may run unless the caller says otherwise.
    package static let defaultDeadline = Duration.seconds(30)
}
