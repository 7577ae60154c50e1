// SPDX-License-Identifier: Apache-2.0

/// Random numbers that are the same for the same seed on every machine and in every version (SplitMix64, as published
/// by Steele, Lea and Flood, 2014).
///
/// Not for secrets.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is 1 or more.
    ///
    /// Slightly uneven for huge bounds; the standard library's way of evening that out is not promised to stay the
    /// same.
    package mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// True once in `count` times.
    package mutating func isOneIn(_ count: Int) -> Bool {
        below(count) == 0
    }
}
