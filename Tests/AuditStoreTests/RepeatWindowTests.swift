// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AuditStore

@Suite struct RepeatWindowTests {
    @Test func `what was forgotten is not found, and what was put behind it is`() {
        var window = RepeatWindow(eventCount: 8)
        // All of one slot, one behind the other.
        for index in 0..<6 as Range<UInt64> { window.insert(index << 40, index: index) }

        window.remove(2)
        window.remove(99)

        for index in 0..<6 as Range<UInt64> {
            #expect(window.candidates(for: index << 40) == (index == 2 ? [] : [index]))
        }
    }

    @Test func `a hash like the mark of a forgotten one finds nothing that was forgotten`() {
        var window = RepeatWindow(eventCount: 8)
        let hash: UInt64 = 1 << 32
        window.insert(hash, index: 0)
        window.insert(hash, index: 1)

        window.remove(0)
        #expect(window.candidates(for: hash) == [1])
        window.insert(hash, index: 2)

        #expect(window.candidates(for: hash) == [1, 2])
    }

    @Test func `both generations forget`() {
        var window = RepeatWindow(eventCount: 2)
        for index in 0..<3 as Range<UInt64> { window.insert(7, index: index) }

        window.remove(0)
        window.remove(2)

        #expect(window.candidates(for: 7) == [1])
    }
}
