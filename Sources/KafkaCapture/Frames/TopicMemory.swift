// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The topics that a connection has named in one API.
struct TopicMemory {
    private var bytes: [UInt8] = []
    private var places: [UInt64: Range<Int>] = [:]

    /// The one that was asked for last: most connections name one topic again and again.
    private var last = 0..<0

    var byteCount: Int { bytes.capacity + places.capacity * 32 }

    /// Notes a topic's name or id.
    ///
    /// Two names of one hash are told apart by their bytes; the second counts as new every time, so that no name can hide behind
    /// another.
    ///
    /// Returns: Whether it was not there.
    mutating func insert(_ name: RawSpan) -> Bool {
        let hash = Self.hash(name)
        if let place = places[hash] {
            // SAFETY: every byte of an array of bytes is initialised.
            return unsafe !bytes.span.bytes.extracting(place).equals(name)
        }
        if places.count >= CaptureLimits.topicCount || bytes.count + name.byteCount > CaptureLimits.topicByteCount {
            bytes = []
            places = [:]
            last = 0..<0
        }
        let start = bytes.count
        // SAFETY: the buffer is copied inside the closure only.
        unsafe name.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        places[hash] = start..<bytes.count
        return true
    }

    /// Whether a topic was noted.
    mutating func holds(_ name: RawSpan) -> Bool {
        // SAFETY: every byte of an array of bytes is initialised.
        if !last.isEmpty, unsafe bytes.span.bytes.extracting(last).equals(name) { return true }
        guard let place = places[Self.hash(name)] else { return false }
        // SAFETY: as above.
        guard unsafe bytes.span.bytes.extracting(place).equals(name) else { return false }
        last = place
        return true
    }

    /// FNV-1a, 64 bits.
    private static func hash(_ name: RawSpan) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for offset in 0..<name.byteCount { hash = (hash ^ UInt64(name.byte(at: offset))) &* 0x100_0000_01b3 }
        return hash
    }
}
