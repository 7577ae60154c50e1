// SPDX-License-Identifier: Apache-2.0

/// Numbers pairs of codes in the order in which they first come.
///
/// Open addressing, a power of two wide and at most half full. No secret goes into the hash: the codes are numbers given
/// out here, which a sender can choose only by their order.
package struct CodePairs: Sendable {
    private var keys: [UInt64] = []
    private var numbers: [UInt32] = []
    private var mask = 0
    package private(set) var count = 0

    package init() {}

    private static let free = UInt64.max

    /// The number of a pair, a new one if need be; neither code may be the greatest of its type.
    @inline(__always)
    package mutating func number(of first: UInt32, _ second: UInt32) -> Int {
        let key = UInt64(first) &<< 32 | UInt64(second)
        if 2 * count >= keys.count { grow() }
        var place = Self.hash(key) & mask
        while keys[place] != key {
            if keys[place] == Self.free {
                keys[place] = key
                numbers[place] = UInt32(truncatingIfNeeded: count)
                count += 1
                break
            }
            place = (place &+ 1) & mask
        }
        return Int(numbers[place])
    }

    @inline(__always)
    private static func hash(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> 24)
    }

    @inline(never)
    private mutating func grow() {
        let (oldKeys, oldNumbers) = (keys, numbers)
        keys = Array(repeating: Self.free, count: max(64, 2 * oldKeys.count))
        numbers = Array(repeating: 0, count: keys.count)
        mask = keys.count - 1
        for (old, key) in oldKeys.enumerated() where key != Self.free {
            var place = Self.hash(key) & mask
            while keys[place] != Self.free { place = (place &+ 1) & mask }
            keys[place] = key
            numbers[place] = oldNumbers[old]
        }
    }
}
