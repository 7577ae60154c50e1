// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct WordPatternTests {
    @Test func `a text has the words that it must stand in`() {
        #expect(
            WordPattern.all(in: "/topic=Payments-".utf8)
                == [WordPattern("topic".utf8, .whole), WordPattern("payments-".utf8, .atStart)]
        )
        #expect(WordPattern.all(in: "203.0.113.77".utf8) == [WordPattern("203.0.113.77".utf8, .anywhere)])
        #expect(
            WordPattern.all(in: "key leaked!".utf8)
                == [WordPattern("key".utf8, .atEnd), WordPattern("leaked".utf8, .whole)]
        )
        #expect(WordPattern.all(in: "User".utf8, beginsValue: true) == [WordPattern("user".utf8, .atStart)])
        #expect(
            WordPattern.all(in: "User".utf8, beginsValue: true, endsValue: true) == [WordPattern("USER".utf8, .whole)]
        )
        #expect(WordPattern.all(in: "x".utf8, endsValue: true) == [WordPattern("x".utf8, .atEnd)])
    }

    @Test(arguments: ["", "://", " "])
    func `a text without words says nothing`(text: String) {
        #expect(WordPattern.all(in: text.utf8).isEmpty)
    }
}
