// SPDX-License-Identifier: Apache-2.0

/// The answer to a batch: its events survive a power cut.
package struct Acknowledgement: Equatable, Sendable {
    /// Indices of the events that were new, in the order of the batch; nil when none was.
    package var indices: Range<UInt64>?

    /// Events that the log had already, byte for byte, from the same submitter: their place in the batch and their index.
    package var repeated: [Repeated] = []

    /// Places in the batch of events that were stored although an earlier one of the same submitter has the same
    /// `source` and `id`: its bytes are different, and nobody can suppress an event by guessing its id.
    package var conflicts: [Int] = []

    package init(indices: Range<UInt64>? = nil) {
        self.indices = indices
    }

    package struct Repeated: Equatable, Sendable {
        package let place: Int
        package let index: UInt64

        package init(place: Int, index: UInt64) {
            self.place = place
            self.index = index
        }
    }

    /// How many events were new.
    package var acceptedCount: Int { indices.map { Int($0.upperBound - $0.lowerBound) } ?? 0 }
}
