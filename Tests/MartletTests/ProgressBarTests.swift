// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import martlet

@Suite struct ProgressBarTests {
    @Test(arguments: [
        (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (123_456, "123,456"),
        (1_000_000, "1,000,000"), (-1, "-1"), (-999, "-999"), (-1000, "-1,000"), (.max, "9,223,372,036,854,775,807"),
    ])
    func `thousands are grouped`(number: Int, text: String) {
        #expect(ProgressBar.grouped(number) == text)
    }

    @Test(
        arguments: [
            (0.5, 1000, 2_000_000, "━━━━━━━━━━────────── 50%  1,000 events  500 events/s  1 MB/s  2 s left"),
            (nil, 1000, nil, "1,000 events  500 events/s"), (nil, nil, 4_000_000, "4 MB  2 MB/s"),
            (2, nil, nil, "━━━━━━━━━━━━━━━━━━━━ 100%  0 s left"),
        ] as [(Double?, Int?, Int?, String)]
    )
    func `what is not known is not told`(fraction: Double?, events: Int?, byteCount: Int?, text: String) {
        #expect(ProgressBar.text(fraction: fraction, events: events, byteCount: byteCount, seconds: 2) == text)
    }

    @Test func `durations in seconds keep their fractions`() {
        #expect(Duration.milliseconds(1500).seconds == 1.5)
        #expect(Duration.zero.seconds == 0)
    }
}
