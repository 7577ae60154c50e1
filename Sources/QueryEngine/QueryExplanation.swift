// SPDX-License-Identifier: Apache-2.0

/// What a query did: which parts of the log it could leave out, and what it read and looked at of the others.
package struct QueryExplanation: Sendable, Equatable {
    /// Segments and frames of the journal.
    package var segmentCount = 0
    package var frameCount = 0

    /// Segments that were left out by the times and streams that the manifest has of them.
    package var segmentsOutsideBounds = 0
    /// Segments that were left out because their index, or the values of a column, cannot have a match.
    package var segmentsWithoutValue = 0
    /// Segments whose columns were looked at.
    package var segmentsRead = 0
    package var framesRead = 0

    /// Rows whose columns were looked at; looking at a column's values counts all rows of the segment.
    package var rowsExamined = 0
    /// Events whose bytes were put together and read, to decide or to show them.
    package var eventsRebuilt = 0
    /// Columns and sections of indexes that were read from files; the others were in memory.
    package var columnsLoaded = 0
    /// Bytes that were read from files for this.
    package var bytesRead = 0
    /// Bytes of the segments' files and their indexes, of all that there are.
    package var bytesStored = 0

    /// Nanoseconds from the first look to the answer.
    package var nanoseconds: Int64 = 0

    package init() {}

    /// Adds what another thread did.
    mutating func add(_ other: QueryExplanation) {
        segmentsOutsideBounds += other.segmentsOutsideBounds
        segmentsWithoutValue += other.segmentsWithoutValue
        segmentsRead += other.segmentsRead
        framesRead += other.framesRead
        rowsExamined += other.rowsExamined
        eventsRebuilt += other.eventsRebuilt
        columnsLoaded += other.columnsLoaded
        bytesRead += other.bytesRead
    }
}
