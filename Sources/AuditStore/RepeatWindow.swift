// SPDX-License-Identifier: Apache-2.0

/// Finds earlier events with the same key among the newest, in constant time and memory.
///
/// Two generations of one size: inserts go to the young one, and when that is full the old one is forgotten and the
/// young one becomes the old. So the window is at least one generation and at most two.
///
/// A slot has 32 bits of the key's hash and an index relative to the generation, 8 bytes together. What it finds are
/// candidates: the caller compares bytes.
///
/// Of one key a generation remembers the first `maximumEventCountOfKey` events. Each further one with other bytes is
/// marked as a conflict all the same; only that it is itself repeated goes unnoticed. Without that bound, a sender who
/// uses one id for everything would make each step as long as the window.
struct RepeatWindow {
    private var young: Generation
    private var old: Generation?
    private let eventCount: Int

    /// - Parameter count: the size of a generation, rounded up to a power of two.
    init(eventCount count: Int) {
        var eventCount = 1
        while eventCount < count { eventCount *= 2 }
        self.eventCount = eventCount
        young = Generation(eventCount: eventCount)
    }

    /// Indices of earlier events that may have this key, newest generation first.
    func candidates(for keyHash: UInt64) -> [UInt64] {
        var found = young.candidates(for: keyHash)
        if let old { found += old.candidates(for: keyHash) }
        return found
    }

    /// Has the places where some keys are looked up next come into the cache.
    ///
    /// Each lookup is a read from somewhere in 16 MB. One after the other they wait for memory each time; all together they
    /// wait once.
    func prefetch(_ keyHashes: some Sequence<UInt64>) -> UInt64 {
        var sum: UInt64 = 0
        for keyHash in keyHashes { sum &+= young.slot(for: keyHash) &+ (old?.slot(for: keyHash) ?? 0) }
        return sum
    }

    /// Takes note of an event.
    ///
    /// Indices must come in rising order.
    mutating func insert(_ keyHash: UInt64, index: UInt64) {
        if young.isFull(for: index) {
            old = young
            young = Generation(eventCount: eventCount)
        }
        young.insert(keyHash, index: index)
    }

    /// Forgets an event: one with the same key is a new one from then on.
    mutating func remove(_ index: UInt64) {
        young.remove(index)
        old?.remove(index)
    }

    /// Far more than a retrying sender makes, few enough to compare.
    static let maximumEventCountOfKey = 16

    private struct Generation {
        private var firstIndex: UInt64?
        private var count = 0
        private let capacity: Int
        private let mask: Int
        /// Open addressing, at most half full.
        ///
        /// The low half is the relative index plus one, 0 for an empty or a removed slot.
        private var slots: [UInt64]

        /// Stands where an event was forgotten, so that those behind it are still found.
        private static let removed: UInt64 = 1 << 32

        init(eventCount: Int) {
            capacity = eventCount
            mask = eventCount * 2 - 1
            slots = Array(repeating: 0, count: eventCount * 2)
        }

        func isFull(for index: UInt64) -> Bool {
            guard let firstIndex else { return false }
            return count == capacity || index - firstIndex >= UInt64(UInt32.max)
        }

        @inline(__always)
        func slot(for keyHash: UInt64) -> UInt64 { slots[Int(truncatingIfNeeded: keyHash) & mask] }

        func candidates(for keyHash: UInt64) -> [UInt64] {
            guard let firstIndex else { return [] }
            var found: [UInt64] = []
            var place = Int(truncatingIfNeeded: keyHash) & mask
            while slots[place] != 0 {
                let slot = slots[place]
                if slot >> 32 == keyHash >> 32, slot != Self.removed {
                    found.append(firstIndex + (slot & 0xFFFF_FFFF) - 1)
                }
                place = (place + 1) & mask
            }
            return found
        }

        /// Looks at every slot, because an index says nothing about where its key is.
        mutating func remove(_ index: UInt64) {
            guard let firstIndex, index >= firstIndex, index - firstIndex < UInt64(UInt32.max) else { return }
            for place in slots.indices where slots[place] & 0xFFFF_FFFF == index - firstIndex + 1 {
                slots[place] = Self.removed
            }
        }

        mutating func insert(_ keyHash: UInt64, index: UInt64) {
            let first = firstIndex ?? index
            firstIndex = first
            var place = Int(truncatingIfNeeded: keyHash) & mask
            var countOfKey = 0
            while slots[place] != 0 {
                if slots[place] >> 32 == keyHash >> 32, slots[place] != Self.removed { countOfKey += 1 }
                guard countOfKey < RepeatWindow.maximumEventCountOfKey else { return }
                place = (place + 1) & mask
            }
            slots[place] = (keyHash & 0xFFFF_FFFF_0000_0000) | (index - first + 1)
            count += 1
        }
    }
}
