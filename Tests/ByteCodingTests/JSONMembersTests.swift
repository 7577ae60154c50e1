// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ByteCoding

@Suite struct JSONMembersTests {
    private static func members(_ json: String) -> [String]? {
        let bytes = Array(json.utf8)
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        return JSONMember.all(in: bytes.span, 0..<bytes.count)?.map { "\(text($0.name))=\(text($0.value))" }
    }

    @Test func `members are found with their values as they stand`() {
        #expect(Self.members("{}") == [])
        #expect(Self.members(#" { "a" : 1 , "b":"x" } "#) == ["a=1", #"b="x""#])
        #expect(
            Self.members(#"{"a":{"b":[1,{"c":"}"}]},"d":[[]],"e":null}"#) == [
                #"a={"b":[1,{"c":"}"}]}"#, "d=[[]]", "e=null",
            ]
        )
        #expect(Self.members(#"{"a\"b":"\\","c":"\"}"}"#) == [#"a\"b="\\""#, #"c="\"}""#])
        #expect(Self.members("{\"a\":-1.5e3\n}") == ["a=-1.5e3"])
    }

    @Test(arguments: [
        "", "[]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1"#, #"{"a":"x"#, #"{a:1}"#, #"{"a":1,}"#, #"{"a":[1}"#, #"{"\"#,
    ])
    func `what is no object has none, and nothing outside is read`(_ text: String) {
        #expect(Self.members(text) == nil)
    }
}
