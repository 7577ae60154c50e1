// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Access

@Suite struct Base62Tests {
    @Test(arguments: [
        (0, "000000"),
        (9, "000009"),
        (10, "00000A"),
        (35, "00000Z"),
        (36, "00000a"),
        (61, "00000z"),
        (62, "000010"),
        (UInt32.max, "4gfFC3"),
    ])
    func `numbers are written with the most significant digit first`(number: UInt32, expected: String) {
        #expect(Base62.encode(number, digitCount: 6) == expected)
    }

    @Test func `256 bits fit 43 digits`() {
        #expect(
            Base62.encode([UInt8](repeating: 0xFF, count: 32), digitCount: 43)
                == "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1"
        )
        #expect(Base62.encode([UInt8](repeating: 0, count: 32), digitCount: 43) == String(repeating: "0", count: 43))
    }

    @Test func `sixty-two bytes are digits`() {
        #expect((UInt8.min...UInt8.max).count(where: Base62.isDigit) == 62)
    }
}
