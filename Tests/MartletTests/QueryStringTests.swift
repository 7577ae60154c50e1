// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import martlet

@Suite struct QueryStringTests {
    @Test(arguments: [
        ("", ""), ("abcXYZ019-._~", "abcXYZ019-._~"), ("a b", "a%20b"), ("a+b&c=d?e#f", "a%2Bb%26c%3Dd%3Fe%23f"),
        ("é", "%C3%A9"), ("🐦", "%F0%9F%90%A6"), ("%41", "%2541"), ("\n\u{0}", "%0A%00"),
        ("principal:User:alice", "principal%3AUser%3Aalice"), ("crn:///a=b/*", "crn%3A%2F%2F%2Fa%3Db%2F%2A"),
    ])
    func `only unreserved characters stand as they are`(text: String, encoded: String) {
        #expect(QueryString.percentEncoded(text) == encoded)
        #expect(encoded.removingPercentEncoding == text)
    }

    @Test func `parameters keep their order`() {
        #expect(QueryString.encoded([]) == "")
        #expect(QueryString.encoded([("q", "a b"), ("limit", "1"), ("q", "")]) == "?q=a%20b&limit=1&q=")
    }
}
