// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner
import Testing

/// One event, and what is found in it by `AcceptedText.paths`: slot, kind, and the text of the value.
struct AcceptedText: Sendable, CustomTestStringConvertible {
    let text: String
    let found: [Expected]

    struct Expected: Equatable, Sendable {
        let slot: UInt16
        let kind: JSONKind
        let text: String
    }

    init(_ text: String, _ found: (slot: UInt16, kind: JSONKind, text: String)...) {
        self.text = text
        self.found = found.map { Expected(slot: $0.slot, kind: $0.kind, text: $0.text) }
    }

    var testDescription: String { text }

    static let paths: [(path: String, slot: UInt16)] = [
        ("a", 0), ("a.b", 1), ("l[]", 2), ("l[].a", 3), ("l[][]", 4), ("é", 5), ("", 6),
        ("data.authenticationInfo.principal", 7), ("data.authenticationInfo.principal.email", 7),
        ("a key of more than sixteen bytes", 8), ("a key of more than sixteen bytes.id", 9), ("n[].m[].x", 10),
        ("sixteen bytes ok", 11), ("e/f", 12), ("😀", 13),
    ]

    static let all = [
        AcceptedText(#"{}"#),
        AcceptedText(" \t\r\n{ \t\r\n} \t\r\n"),
        AcceptedText(#"{"z":1}"#),
        AcceptedText(#"{"a":1}"#, (0, .number, "1")),
        AcceptedText(#"{"a":-0}"#, (0, .number, "-0")),
        AcceptedText(#"{"a":0}"#, (0, .number, "0")),
        AcceptedText(#"{"a":1.0}"#, (0, .number, "1.0")),
        AcceptedText(#"{"a":1e5}"#, (0, .number, "1e5")),
        AcceptedText(#"{"a":1E+5}"#, (0, .number, "1E+5")),
        AcceptedText(#"{"a":-1.25e-007}"#, (0, .number, "-1.25e-007")),
        AcceptedText(#"{"a":0e0}"#, (0, .number, "0e0")),
        AcceptedText(#"{"a":1e400}"#, (0, .number, "1e400")),
        AcceptedText(#"{"a":12345678901234567890}"#, (0, .number, "12345678901234567890")),
        AcceptedText(#"{"a":12345678901234567890123}"#, (0, .number, "12345678901234567890123")),
        AcceptedText(#"{"a":0.1234567890123456789}"#, (0, .number, "0.1234567890123456789")),
        AcceptedText(#"{"a":true}"#, (0, .true, "true")),
        AcceptedText(#"{"a":false}"#, (0, .false, "false")),
        AcceptedText(#"{"a":null}"#, (0, .null, "null")),
        AcceptedText(#"{"a":""}"#, (0, .string, "")),
        AcceptedText(#"{"a":"x"}"#, (0, .string, "x")),
        AcceptedText("{\"a\":\"⟨7F⟩\"}", (0, .string, "\u{7F}")),
        AcceptedText(#"{"a":"é€😀"}"#, (0, .string, "é€😀")),
        AcceptedText(
            "{\"a\":\"⟨C2 80 DF BF E0 A0 80 EF BF BF F0 90 80 80 F4 8F BF BF⟩\"}",
            (0, .string, "\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}")
        ),
        AcceptedText("{\"a\":\"⟨ED 9F BF EE 80 80⟩\"}", (0, .string, "\u{D7FF}\u{E000}")),
        AcceptedText("{\"a\":\"⟨EF BB BF⟩\"}", (0, .string, "\u{FEFF}")),
        AcceptedText("{\"a\":\"\u{2028}\u{2029}\"}", (0, .string, "\u{2028}\u{2029}")),
        AcceptedText(#"{"a":"\"\\\/\b\f\n\r\t"}"#, (0, .escapedString, #"\"\\\/\b\f\n\r\t"#)),
        AcceptedText(#"{"a":"\u0041\u00e9\uFFFF\u0000"}"#, (0, .escapedString, #"\u0041\u00e9\uFFFF\u0000"#)),
        AcceptedText(#"{"a":"\ud83d\ude00"}"#, (0, .escapedString, #"\ud83d\ude00"#)),
        AcceptedText(#"{"a":"\uD800\uDC00\uDBFF\uDFFF"}"#, (0, .escapedString, #"\uD800\uDC00\uDBFF\uDFFF"#)),
        AcceptedText(#"{"a":"\\u0041"}"#, (0, .escapedString, #"\\u0041"#)),
        AcceptedText(#"{"a":"\\"}"#, (0, .escapedString, #"\\"#)),
        AcceptedText(#"{"a":"{\"a\":[1,]}"}"#, (0, .escapedString, #"{\"a\":[1,]}"#)),
        AcceptedText(#"{"a":"/* no comment */"}"#, (0, .string, "/* no comment */")),
        AcceptedText(#"{"a":"0123456789ABCDEF0123456789ABCD"}"#, (0, .string, "0123456789ABCDEF0123456789ABCD")),
        AcceptedText(#"{"a":"0123456789ABCDEF0123456789ABCDE"}"#, (0, .string, "0123456789ABCDEF0123456789ABCDE")),
        AcceptedText(#"{"a":"0123456789ABCDEF0123456789ABCDEF"}"#, (0, .string, "0123456789ABCDEF0123456789ABCDEF")),
        AcceptedText(#"{"a":"0123456789ABCDEF0123456789ABCDEFé"}"#, (0, .string, "0123456789ABCDEF0123456789ABCDEFé")),
        AcceptedText(#"{"a":{}}"#, (0, .object, "{}")),
        AcceptedText(#"{"a":[]}"#, (0, .array, "[]")),
        AcceptedText(#"{"a":{"b":1}}"#, (0, .object, #"{"b":1}"#), (1, .number, "1")),
        AcceptedText(#"{"a":{"b":{"b":2}},"b":3}"#, (0, .object, #"{"b":{"b":2}}"#), (1, .object, #"{"b":2}"#)),
        AcceptedText(#"{"a":[{"b":1}]}"#, (0, .array, #"[{"b":1}]"#)),
        AcceptedText(#"{"a":"no object","b":{"a":1}}"#, (0, .string, "no object")),
        AcceptedText(#"{"a.b":1}"#),
        AcceptedText(#"{"A":1}"#),
        AcceptedText(#"{"aa":1,"\u0061\u0061\u0061":2}"#),
        AcceptedText(#"{"l":[]}"#),
        AcceptedText(#"{"l":1}"#),
        AcceptedText(#"{"l":{"a":1}}"#),
        AcceptedText(#"{"l":[1]}"#, (2, .number, "1")),
        AcceptedText(#"{"l":[1,"x",null]}"#, (2, .number, "1"), (2, .string, "x"), (2, .null, "null")),
        AcceptedText(
            #"{"l":[{"a":1},{"a":2},{"b":3}]}"#,
            (2, .object, #"{"a":1}"#),
            (3, .number, "1"),
            (2, .object, #"{"a":2}"#),
            (3, .number, "2"),
            (2, .object, #"{"b":3}"#)
        ),
        AcceptedText(
            #"{"l":[[1,2],[],3]}"#,
            (2, .array, "[1,2]"),
            (4, .number, "1"),
            (4, .number, "2"),
            (2, .array, "[]"),
            (2, .number, "3")
        ),
        AcceptedText(#"{"l":[[{"a":1}]]}"#, (2, .array, #"[{"a":1}]"#), (4, .object, #"{"a":1}"#)),
        AcceptedText(
            #"{"n":[{"m":[{"x":1},{"x":2}]},{"m":[{"x":3}]}]}"#,
            (10, .number, "1"),
            (10, .number, "2"),
            (10, .number, "3")
        ),
        AcceptedText(#"{"é":1}"#, (5, .number, "1")),
        AcceptedText("{\"e\u{301}\":1}"),
        AcceptedText("{\"é\":1,\"e\u{301}\":2}", (5, .number, "1")),
        AcceptedText(#"{"\u00e9":1}"#, (5, .number, "1")),
        AcceptedText(#"{"":1}"#, (6, .number, "1")),
        AcceptedText(#"{"\u0061":{"\u0062":"x"}}"#, (0, .object, #"{"\u0062":"x"}"#), (1, .string, "x")),
        AcceptedText(#"{"e\/f":1}"#, (12, .number, "1")),
        AcceptedText(#"{"\ud83d\ude00":1}"#, (13, .number, "1")),
        AcceptedText(#"{"data":{"authenticationInfo":{"principal":"User:alice"}}}"#, (7, .string, "User:alice")),
        AcceptedText(
            #"{"data":{"authenticationInfo":{"principal":{"email":"a@b.c"}}}}"#,
            (7, .object, #"{"email":"a@b.c"}"#),
            (7, .string, "a@b.c")
        ),
        AcceptedText(#"{"data":{"authenticationInfo":{"principal":null}}}"#, (7, .null, "null")),
        AcceptedText(#"{"data":[{"authenticationInfo":{"principal":1}}]}"#),
        AcceptedText(
            #"{"a key of more than sixteen bytes":{"id":1}}"#,
            (8, .object, #"{"id":1}"#),
            (9, .number, "1")
        ),
        AcceptedText(#"{"a key of more than sixteen bytez":{"id":1}}"#),
        AcceptedText(#"{"a key of more ":1,"a key of more than sixteen bytes and more":2}"#),
        AcceptedText(#"{"sixteen bytes ok":1,"sixteen bytes o":2,"sixteen bytes ok!":3}"#, (11, .number, "1")),
        AcceptedText(#"{"x":{"a":1},"y":{"a":1},"a":1}"#, (0, .number, "1")),
        AcceptedText(#"{"x":[{"a":1},{"a":1}],"y":[[{"a":1}]]}"#),
        AcceptedText(#"{"A":1,"a":2,"\u0041a":3}"#, (0, .number, "2")),
        AcceptedText(#"{"a\u0000":1,"a":2}"#, (0, .number, "2")),
        AcceptedText(
            #"{ "a" : { "b" : [ 1 , 2 ] } , "l" : [ 3 , { "a" : 4 } ] }"#,
            (0, .object, #"{ "b" : [ 1 , 2 ] }"#),
            (1, .array, "[ 1 , 2 ]"),
            (2, .number, "3"),
            (2, .object, #"{ "a" : 4 }"#),
            (3, .number, "4")
        ),
        AcceptedText("\n{\n\t\"a\"\r\n:\t-1\n}\n", (0, .number, "-1")),
    ]
}

@Suite struct AcceptedTextTests {
    @Test(arguments: AcceptedText.all)
    func `an event is accepted and its values are found`(_ row: AcceptedText) throws {
        let bytes = Notation(row.text).bytes

        guard case .valid(let object, let found) = scan(bytes, AcceptedText.paths) else {
            Issue.record("rejected")
            return
        }

        let texts = found.map { hit in
            AcceptedText.Expected(
                slot: hit.slot,
                kind: hit.kind,
                text: String(decoding: bytes[hit.range], as: UTF8.self)
            )
        }
        #expect(texts == row.found)
        #expect(bytes[object].first == UInt8(ascii: "{") && bytes[object].last == UInt8(ascii: "}"))
    }

    @Test(arguments: AcceptedText.all)
    func `the first hit of a slot is the first in the text`(_ row: AcceptedText) throws {
        let bytes = Notation(row.text).bytes
        var scanner = ObjectScanner(PathTable(AcceptedText.paths))
        try scanner.scan(bytes.span.bytes, in: 0..<bytes.count)

        for slot in AcceptedText.paths.map(\.slot) {
            let first = scanner.first(slot)
            let expected = scanner.hits.first { $0.slot == slot }
            #expect(first == expected)
        }
    }

    @Test func `every scalar is reported once, wanted ones in their slot`() throws {
        let bytes = Array(#"{"a":1,"x":{"y":["s",null,{"a":true}]},"l":[{"z":false}]}"#.utf8)

        guard case .valid(_, let found) = scan(bytes, AcceptedText.paths, wantsEveryScalar: true) else {
            Issue.record("rejected")
            return
        }

        let any = PathTable.anySlot
        #expect(
            found.map { "\($0.slot) \(String(decoding: bytes[$0.range], as: UTF8.self))" } == [
                "0 1", "\(any) s", "\(any) null", "\(any) true", #"2 {"z":false}"#, "\(any) false",
            ]
        )
    }

    @Test func `a scanner gives the same for the same event whatever came before`() {
        var scanner = ObjectScanner(PathTable(AcceptedText.paths))
        let fresh = AcceptedText.all.map { scan(Notation($0.text).bytes, AcceptedText.paths) }
        for _ in 0..<2 {
            for (row, verdict) in zip(AcceptedText.all, fresh) {
                #expect(scan(Notation(row.text).bytes, with: &scanner) == verdict)
            }
        }
    }
}
