// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Access

@Suite struct APITokenTests {
    /// Computed once by a few lines of Python with its own CRC-32C: id from 0x0101010101010101, secret 00 01 … 1f.
    private let golden = "mrt_JlJD9WPB_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf_2XVJTH"

    @Test func `the form is that of another implementation`() throws {
        let id = Base62.encode([UInt8](repeating: 1, count: 8), digitCount: APIToken.identifierDigits)

        let token = APIToken(id: id, secretBytes: Array(0..<32))

        #expect(token.text.reveal() == golden)
    }

    @Test func `a token is taken apart into what it was made of`() throws {
        let token = try APIToken(parsing: Secret(golden))

        #expect(token.id == "JlJD9WPB")
        #expect(token.secret.reveal() == "003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf")
    }

    @Test func `every prefix is malformed`() {
        for count in 0..<golden.count {
            expectMalformed(String(golden.prefix(count)))
        }
    }

    @Test func `every character exchanged for another is malformed`() {
        let characters = Array(golden.utf8)
        for index in characters.indices {
            for replacement in "0Zz_-= \n\u{7F}".utf8 where replacement != characters[index] {
                var changed = characters
                changed[index] = replacement
                expectMalformed(String(decoding: changed, as: UTF8.self))
            }
        }
    }

    @Test(arguments: [
        "", " ", "Bearer mrt_x", "MRT_JlJD9WPB_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf_2XVJTH",
        "mrt_JlJD9WPB003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf2XVJTH",
        "mrt_JlJD9WPB_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf_2XVJTH ",
        "mrt__________________________________________________________",
        String(repeating: "mrt_", count: 100_000),
    ])
    func `other text is malformed`(text: String) {
        expectMalformed(text)
    }

    @Test func `neighbours exchanged are malformed`() {
        let characters = Array(golden.utf8)
        for index in characters.indices.dropLast() where characters[index] != characters[index + 1] {
            var changed = characters
            changed.swapAt(index, index + 1)
            expectMalformed(String(decoding: changed, as: UTF8.self))
        }
    }

    private func expectMalformed(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: AccessError.self, sourceLocation: sourceLocation) {
            try APIToken(parsing: Secret(text))
        }
        #expect(error?.code == .malformedToken, sourceLocation: sourceLocation)
        let leaks = text.count > 20 && error.map { "\($0)".contains(text.suffix(20)) } ?? false
        #expect(!leaks, sourceLocation: sourceLocation)
    }
}
