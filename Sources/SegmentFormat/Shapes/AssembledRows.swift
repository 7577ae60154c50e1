// SPDX-License-Identifier: Apache-2.0

/// Events made by `SegmentAssembler`, one behind the other.
///
/// Used again from batch to batch, so that its memory is touched for the first time only once.
package struct AssembledRows: Sendable {
    /// The events' bytes; what lies behind `byteCount` means nothing.
    package internal(set) var bytes: [UInt8] = []
    package private(set) var byteCount = 0
    /// End of each event in `bytes`.
    package private(set) var ends: [Int] = []

    package init() {}

    package var count: Int { ends.count }

    /// Where an event stands in `bytes`.
    package func range(of place: Int) -> Range<Int> {
        (place == 0 ? 0 : ends[place - 1])..<ends[place]
    }

    /// Forgets the events and keeps the memory.
    package mutating func removeAll() {
        byteCount = 0
        ends.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    mutating func makeRoom(for count: Int) {
        if bytes.count - byteCount < count { grow(count) }
    }

    @inline(never)
    private mutating func grow(_ count: Int) {
        let needed = max(byteCount + count, 2 * bytes.count, 1 << 16)
        bytes.append(contentsOf: repeatElement(0, count: needed - bytes.count))
    }

    @inline(__always)
    mutating func close(at end: Int) {
        byteCount = end
        ends.append(end)
    }
}
