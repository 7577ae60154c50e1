// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import martlet

@Suite struct ByteTextTests {
    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (9994, "9.99 kB"), (9996, "10.0 kB"), (62_812_345, "62.8 MB"),
        (999_600_000, "1.00 GB"), (1_196_353_534, "1.20 GB"), (.max, "9223 PB"),
    ])
    func `sizes have three digits that mean something`(byteCount: Int, text: String) {
        #expect(ByteText.short(byteCount) == text)
    }

    @Test(arguments: [
        (0, 2, "0.00"), (48.468, 1, "48.5"), (48.468, 2, "48.47"), (0.999, 2, "1.00"), (-0.001, 2, "0.00"), (7, 0, "7"),
        (1.05, 3, "1.050"), (.nan, 1, "–"), (.infinity, 1, "–"),
    ])
    func `numbers have the digits asked for`(value: Double, digits: Int, text: String) {
        #expect(ByteText.fixed(value, digits: digits) == text)
    }

    @Test(arguments: [
        (0, ""), (-1, ""), (.nan, ""), (0.001, "▏"), (0.5, "█████"), (0.55, "█████▌"), (1, "██████████"),
        (7, "██████████"),
    ])
    func `bars are as long as their part`(fraction: Double, bar: String) {
        #expect(ByteText.bar(fraction, width: 10) == bar)
    }

    @Test(arguments: [(0, "0 events"), (1, "1 event"), (1234, "1,234 events")])
    func `one thing is one thing`(count: Int, text: String) {
        #expect(Count.of(count, "event") == text)
    }
}
