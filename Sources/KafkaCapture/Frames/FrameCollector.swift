// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Bytes put aside: the cut beginning of a frame, or a frame that is wanted whole.
struct FrameCollector {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }
    var isEmpty: Bool { bytes.isEmpty }

    mutating func add(_ part: RawSpan) {
        // SAFETY: the buffer is copied inside the closure only.
        unsafe part.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func removeFirst(_ count: Int) {
        bytes.removeFirst(count)
    }

    /// Hands the bytes over and keeps no memory.
    mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    /// Forgets the bytes, of which some may be secrets.
    mutating func erase() {
        for index in bytes.indices { bytes[index] = 0 }
        bytes = []
    }
}
