// SPDX-License-Identifier: Apache-2.0

import QueryLanguage
import Testing

@Suite struct RegularExpressionTests {
    @Test func `what fits is what fits in Python`() throws {
        var count = 0
        for row in PythonTables.rows(of: PythonTables.expressions) {
            let expression = try RegularExpression(row[0], ignoresCase: row[1] == "i")
            for text in row[3...] {
                #expect(expression.matches(text) == (row[2] == "fits"), "\(expression) on \(text)")
                count += 1
            }
        }
        #expect(count > 2_000)
    }

    @Test(arguments: [
        (#"\xFF"#, "unknown escape \\x", 0..<2),
        (#"a\"#, "backslash with nothing behind it", 1..<2),
        (#"(a)\1"#, "there are no backreferences", 3..<5),
        ("(?=a)", "there is no look-ahead and no look-behind", 0..<3),
        ("b(?<!a)", "there is no look-ahead and no look-behind", 1..<4),
        ("(?P<n>a)", "groups have no names", 0..<3),
        ("(?<n>a)", "groups have no names", 0..<3),
        ("(?i)a", "options stand behind the closing slash", 0..<3),
        ("(?#a)", "no such group", 0..<3),
        ("(?", "no such group", 0..<2),
        ("^a", "^ means nothing: the whole value has to fit", 0..<1),
        ("a$", "$ means nothing: the whole value has to fit", 1..<2),
        (#"é\bc"#, #"\b means nothing: the whole value has to fit"#, 2..<4),
        ("*a", "nothing to repeat before *", 0..<1),
        ("a|+", "nothing to repeat before +", 2..<3),
        ("({2})", "nothing to repeat before {", 1..<2),
        ("a**", "a repeat of a repeat", 2..<3),
        ("a+?", "a repeat of a repeat", 2..<3),
        ("a{2}{3}", "a repeat of a repeat", 4..<5),
        ("a{", "braces that count nothing", 1..<2),
        ("a{}", "braces that count nothing", 1..<2),
        ("a{,}", "braces that count nothing", 1..<2),
        ("a{x}", "braces that count nothing", 1..<2),
        ("a{3,2}", "a repeat of at least 3 and at most 2", 1..<6),
        ("a{513}", "a repeat of more than 512", 1..<5),
        ("(a", "group without its end", 0..<1),
        ("a)", "unexpected )", 1..<2),
        ("[a", "class without its end", 0..<1),
        ("[]", "class without its end", 0..<1),
        ("[z-a]", "a range that ends before it begins", 1..<4),
        (#"[a-\d]"#, "a range from or to a class", 1..<5),
        ("[[:alpha:]]", "a bracket inside a class", 1..<2),
        ("", "an empty regular expression", 0..<0),
        ("(a{100}b){6}", "a regular expression of 606 positions, more than 512", 0..<12),
    ])
    func `what is none says why and where`(_ source: String, _ message: String, _ range: Range<Int>) throws {
        let error = try #require(throws: RegularExpressionError.self) { try RegularExpression(source) }

        #expect(error.message == message)
        #expect(error.byteRange == range)
    }

    @Test func `limits are errors, and one below them is not`() throws {
        let (deep, limit) = (QueryLimits.maximumDepth, QueryLimits.maximumRegexPositions)
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }

        #expect(try RegularExpression(nested(deep)).matches("a"))
        #expect(throws: RegularExpressionError.self) { try RegularExpression(nested(deep + 1)) }
        #expect(try RegularExpression("a{\(limit)}").matches(String(repeating: "a", count: limit)))
        #expect(throws: RegularExpressionError.self) { try RegularExpression("a{\(limit)}b") }
        #expect(try RegularExpression("(){512}((b{0}){512}){512}a").matches("a"))
        #expect(try RegularExpression("((((a{0,2}){2}){2}){2}){2}").positionCount == 32)
    }

    /// Backtracking would take longer than the world is old.
    @Test(
        .timeLimit(.minutes(20)),
        arguments: [
            ("(a*)*b", false), ("(a|aa)*", true), ("(a|aa)*b", false), ("(a*)*(a*)*(a*)*b", false),
            ("(a+)+(a+)+b?", true), ("(.*a){20}.*", true), ("(.*a){20}b", false), ("(a|b)*a(a|b){12}", true),
            ("(a?){100}a{100}.*", true), ("(x+x+)+y|.*", true),
        ]
    )
    func `hostile expressions take one step for each scalar`(_ source: String, _ expected: Bool) throws {
        let expression = try RegularExpression(source)
        let text = String(repeating: "a", count: 100_000)
        let clock = ContinuousClock()
        var isMatch = !expected

        let duration = clock.measure { isMatch = expression.matches(text) }

        #expect(isMatch == expected)
        // Generous, for slow machines and builds without optimisation.
        #expect(duration < .seconds(200), "\(source) took \(duration)")
    }

    @Test func `case is ASCII's`() throws {
        #expect(try RegularExpression("k", ignoresCase: true).matches("K"))
        #expect(try !RegularExpression("k", ignoresCase: true).matches("\u{212A}"))
        #expect(try !RegularExpression("ä", ignoresCase: true).matches("Ä"))
        #expect(try !RegularExpression("[^a]", ignoresCase: true).matches("A"))
    }

    @Test func `bytes that are no UTF-8 are characters that nothing names`() throws {
        let dots = try RegularExpression("a.*b")
        let letters = try RegularExpression("[a-z]*")

        for bytes in [[0x61, 0xFF, 0x62], [0x61, 0x80, 0x62], [0x61, 0x62, 0xF0, 0x9F]] as [[UInt8]] {
            let isMatch = letters.matches(bytes.span)
            #expect(!isMatch)
        }
        let cut = [0x61, 0xFF, 0x62] as [UInt8]
        let isMatch = dots.matches(cut.span)
        #expect(isMatch)
    }

    @Test(arguments: [("a/b", #"/a\/b/"#), (#"a\/b"#, #"/a\/b/"#), (#"a\\/"#, #"/a\\\//"#), (#"\."#, #"/\./"#)])
    func `slashes need a backslash only in queries`(_ source: String, _ description: String) throws {
        let expression = try RegularExpression(source)

        #expect(expression.description == description)
        #expect(try expression == RegularExpression(String(description.dropFirst().dropLast())))
    }
}
