// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct GramFilterTests {
    @Test func `whatever stands in the text may stand in it`() {
        let text = Array("crn:///kafka=lkc-1/topic=payments-eu 203.0.113.77 \u{e9}t\u{e9}".utf8)
        let filter = GramFilter(text)
        for start in text.indices {
            for end in start...text.count { #expect(filter.mayContain(Array(text[start..<end]))) }
        }
    }

    @Test func `what does not is nearly always known not to`() {
        let filter = GramFilter((0..<40_000).flatMap { Array("user-\($0 * 7919 % 99_991)".utf8) })
        let missed = (0..<1000).count { filter.mayContain(Array("sa-n33dl\($0)x".utf8)) }
        #expect(missed < 50)
        #expect(!GramFilter([]).mayContain(Array("abcdef".utf8)))
        #expect(GramFilter([]).mayContain(Array("abcde".utf8)))
    }
}
