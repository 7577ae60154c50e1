// SPDX-License-Identifier: Apache-2.0

/// What the log knows of each event of a segment beside its bytes: the journal's frames, run by run.
///
/// Consecutive events share a run as they shared a frame, so this is small however many events there are.
package struct SegmentRows: Equatable, Sendable {
    /// Events that came in one frame.
    package struct Run: Equatable, Sendable {
        package var rowCount: Int
        /// Nanoseconds since 1970.
        package var received: Int64
        package var stream: String
        package var submitter: String
        package var origin: String
        /// Where in its origin the frame's events came from; what the bytes mean is the origin's business.
        package var position: [UInt8]

        package init(
            rowCount: Int,
            received: Int64,
            stream: String,
            submitter: String,
            origin: String,
            position: [UInt8] = []
        ) {
            self.rowCount = rowCount
            self.received = received
            self.stream = stream
            self.submitter = submitter
            self.origin = origin
            self.position = position
        }
    }

    /// Index of the first event; the others follow without a gap.
    package var firstIndex: UInt64
    package var runs: [Run]

    /// Rows whose event has flags, in rising order, with the flags.
    package var flags: [Flagged]

    package struct Flagged: Equatable, Sendable {
        package var row: Int
        package var flags: UInt32

        package init(row: Int, flags: UInt32) {
            self.row = row
            self.flags = flags
        }
    }

    package init(firstIndex: UInt64, runs: [Run], flags: [Flagged] = []) {
        self.firstIndex = firstIndex
        self.runs = runs
        self.flags = flags
    }

    package var rowCount: Int { runs.reduce(0) { $0 + $1.rowCount } }
}
