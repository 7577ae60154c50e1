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

    @Test func `durations in seconds keep their fractions`() {
        #expect(Duration.milliseconds(1500).seconds == 1.5)
        #expect(Duration.zero.seconds == 0)
    }
}
