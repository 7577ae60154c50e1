// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner
import Testing

/// One text that is no event: `▶` stands before the byte that the error has to name.
struct RejectedText: Sendable, CustomTestStringConvertible {
    let code: ScanError.Code
    let text: String

    init(_ code: ScanError.Code, _ text: String) {
        self.code = code
        self.text = text
    }

    var testDescription: String { "\(code) \(text)" }

    static let all = encodings + topLevel + structure + literals + numbers + strings + escapes + utf8 + keys + truncated

    static let encodings = [
        RejectedText(.notUTF8Encoded, #"▶⟨EF BB BF⟩{}"#),
        RejectedText(.notUTF8Encoded, #" ▶⟨EF BB BF⟩{}"#),
        RejectedText(.notUTF8Encoded, #"▶⟨EF BB BF⟩"#),
        RejectedText(.notUTF8Encoded, #"▶⟨FF FE⟩{⟨00⟩}⟨00⟩"#),
        RejectedText(.notUTF8Encoded, #"▶⟨FE FF 00⟩{⟨00⟩}"#),
        RejectedText(.notUTF8Encoded, #"▶⟨00⟩{⟨00⟩}"#),
        RejectedText(.notUTF8Encoded, #"{▶⟨00⟩}⟨00⟩"#),
        RejectedText(.notUTF8Encoded, #"{▶⟨00⟩"⟨00⟩a⟨00⟩"⟨00⟩:⟨00⟩1⟨00⟩}⟨00⟩"#),
        RejectedText(.notUTF8Encoded, #"▶⟨00 00 FE FF 00 00 00⟩{"#),
        RejectedText(.notUTF8Encoded, #"▶⟨FF FE 00 00⟩{⟨00 00 00⟩"#),
        RejectedText(.notUTF8Encoded, #"▶⟨00 00 00⟩{"#),
        RejectedText(.unexpectedByte, #"{▶⟨EF BB BF⟩}"#),
        RejectedText(.unexpectedByte, #"{"a":▶⟨EF BB BF⟩1}"#),
        RejectedText(.trailingBytes, #"{}▶⟨EF BB BF⟩"#),
    ]

    static let topLevel = [
        RejectedText(.empty, #"▶"#),
        RejectedText(.empty, #"▶ "#),
        RejectedText(.empty, "▶ \t\r\n"),
        RejectedText(.notAnObject, #"▶[]"#),
        RejectedText(.notAnObject, #"▶[{"a":1}]"#),
        RejectedText(.notAnObject, #"▶"a""#),
        RejectedText(.notAnObject, #"▶1"#),
        RejectedText(.notAnObject, #"▶-0"#),
        RejectedText(.notAnObject, #"▶true"#),
        RejectedText(.notAnObject, #"▶false"#),
        RejectedText(.notAnObject, #"  ▶null"#),
        RejectedText(.notAnObject, #"▶}"#),
        RejectedText(.notAnObject, #"▶,{}"#),
        RejectedText(.notAnObject, #"▶// a comment"#),
        RejectedText(.notAnObject, "▶\u{0B}{}"),
        RejectedText(.notAnObject, "▶\u{0C}{}"),
        RejectedText(.notAnObject, "▶\u{A0}{}"),
        RejectedText(.notAnObject, "▶⟨1E⟩{}"),
        RejectedText(.trailingBytes, #"{}▶{}"#),
        RejectedText(.trailingBytes, "{}\n▶{}"),
        RejectedText(.trailingBytes, #"{}▶}"#),
        RejectedText(.trailingBytes, #"{}▶]"#),
        RejectedText(.trailingBytes, #"{} ▶,"#),
        RejectedText(.trailingBytes, #"{}▶x"#),
        RejectedText(.trailingBytes, "{}▶⟨00⟩"),
        RejectedText(.trailingBytes, #"{"a":1}▶// end"#),
        RejectedText(.trailingBytes, "{}▶\u{0B}"),
    ]

    static let structure = [
        RejectedText(.trailingComma, #"{"a":1,▶}"#),
        RejectedText(.trailingComma, #"{"a":1 , ▶}"#),
        RejectedText(.trailingComma, #"{"a":[1,▶]}"#),
        RejectedText(.trailingComma, "{\"a\":[1,\n▶]}"),
        RejectedText(.trailingComma, #"{"a":{"b":[],▶}}"#),
        RejectedText(.unexpectedByte, #"{▶,}"#),
        RejectedText(.unexpectedByte, #"{▶,"a":1}"#),
        RejectedText(.unexpectedByte, #"{"a":1,▶,"b":2}"#),
        RejectedText(.unexpectedByte, #"{"a":[▶,1]}"#),
        RejectedText(.unexpectedByte, #"{"a":[1,▶,2]}"#),
        RejectedText(.unexpectedByte, #"{"a":[▶,]}"#),
        RejectedText(.unexpectedByte, #"{"a":▶}"#),
        RejectedText(.unexpectedByte, #"{"a":▶]}"#),
        RejectedText(.unexpectedByte, #"{"a":▶,"b":1}"#),
        RejectedText(.unexpectedByte, #"{"a"▶}"#),
        RejectedText(.unexpectedByte, #"{"a"▶,"b":1}"#),
        RejectedText(.unexpectedByte, #"{"a"▶1}"#),
        RejectedText(.unexpectedByte, #"{"a"▶=1}"#),
        RejectedText(.unexpectedByte, #"{"a":▶:1}"#),
        RejectedText(.unexpectedByte, #"{"a" ▶"b"}"#),
        RejectedText(.unexpectedByte, #"{"a":1▶"b":2}"#),
        RejectedText(.unexpectedByte, #"{"a":1 ▶"b":2}"#),
        RejectedText(.unexpectedByte, #"{"a":1▶;"b":2}"#),
        RejectedText(.unexpectedByte, #"{"a":1▶:2}"#),
        RejectedText(.unexpectedByte, #"{"a":1▶]"#),
        RejectedText(.unexpectedByte, #"{"a":[1▶}"#),
        RejectedText(.unexpectedByte, #"{"a":[▶}}"#),
        RejectedText(.unexpectedByte, #"{"a":[1 ▶2]}"#),
        RejectedText(.unexpectedByte, #"{"a":["x"▶"y"]}"#),
        RejectedText(.unexpectedByte, #"{"a":["x"▶:1]}"#),
        RejectedText(.unexpectedByte, #"{"a":"x"▶"y"}"#),
        RejectedText(.unexpectedByte, #"{"a":{}▶{}}"#),
        RejectedText(.unexpectedByte, #"{▶{}}"#),
        RejectedText(.unexpectedByte, #"{▶[]}"#),
        RejectedText(.unexpectedByte, #"{▶]"#),
        RejectedText(.unexpectedByte, #"{▶:1}"#),
        RejectedText(.unexpectedByte, #"{▶/* comment */}"#),
        RejectedText(.unexpectedByte, #"{▶// comment"#),
        RejectedText(.unexpectedByte, #"{"a":▶/**/1}"#),
        RejectedText(.unexpectedByte, #"{"a":1▶/**/}"#),
        RejectedText(.unexpectedByte, #"{"a":1▶#}"#),
        RejectedText(.unexpectedByte, "{▶\u{0B}}"),
        RejectedText(.unexpectedByte, "{▶\u{0C}}"),
        RejectedText(.unexpectedByte, "{▶\u{A0}}"),
        RejectedText(.unexpectedByte, "{\"a\":▶\u{2028}1}"),
        RejectedText(.unexpectedByte, "{\"a\":▶\u{3000}1}"),
        RejectedText(.unexpectedByte, "{\"a\":▶⟨00⟩1}"),
        RejectedText(.unexpectedByte, "{\"a\":1▶⟨00⟩}"),
        RejectedText(.unexpectedByte, "{\"a\"▶⟨7F⟩:1}"),
        RejectedText(.unexpectedByte, "{\"a\":▶⟨80⟩}"),
        RejectedText(.unexpectedByte, "{\"a\":▶⟨FF⟩}"),
        RejectedText(.unexpectedByte, #"{"a":▶'b'}"#),
        RejectedText(.unexpectedByte, #"{"a":▶\u0031}"#),
        RejectedText(.unexpectedByte, #"{"a":▶(1)}"#),
        RejectedText(.unexpectedByte, #"{"a":▶*}"#),
    ]

    static let literals = [
        RejectedText(.invalidLiteral, #"{"a":▶NaN}"#),
        RejectedText(.invalidLiteral, #"{"a":▶nan}"#),
        RejectedText(.invalidLiteral, #"{"a":▶Infinity}"#),
        RejectedText(.invalidLiteral, #"{"a":▶inf}"#),
        RejectedText(.invalidLiteral, #"{"a":▶undefined}"#),
        RejectedText(.invalidLiteral, #"{"a":▶None}"#),
        RejectedText(.invalidLiteral, #"{"a":▶True}"#),
        RejectedText(.invalidLiteral, #"{"a":▶TRUE}"#),
        RejectedText(.invalidLiteral, #"{"a":▶False}"#),
        RejectedText(.invalidLiteral, #"{"a":▶NULL}"#),
        RejectedText(.invalidLiteral, #"{"a":▶tru}"#),
        RejectedText(.invalidLiteral, #"{"a":▶nul}"#),
        RejectedText(.invalidLiteral, #"{"a":▶fals }"#),
        RejectedText(.invalidLiteral, #"{"a":▶tRue}"#),
        RejectedText(.invalidLiteral, #"{"a":▶yes}"#),
        RejectedText(.invalidLiteral, #"{"a":▶nope"#),
        RejectedText(.unexpectedByte, #"{"a":true▶x}"#),
        RejectedText(.unexpectedByte, #"{"a":null▶0}"#),
        RejectedText(.unexpectedByte, #"{"a":false▶"}"#),
        RejectedText(.unexpectedByte, #"{"a":true▶true}"#),
    ]

    static let numbers = [
        RejectedText(.invalidNumber, #"{"a":▶01}"#),
        RejectedText(.invalidNumber, #"{"a":▶00}"#),
        RejectedText(.invalidNumber, #"{"a":▶-01}"#),
        RejectedText(.invalidNumber, #"{"a":▶+1}"#),
        RejectedText(.invalidNumber, #"{"a":▶++1}"#),
        RejectedText(.invalidNumber, #"{"a":▶--1}"#),
        RejectedText(.invalidNumber, #"{"a":▶-}"#),
        RejectedText(.invalidNumber, #"{"a":▶- 1}"#),
        RejectedText(.invalidNumber, #"{"a":▶.5}"#),
        RejectedText(.invalidNumber, #"{"a":▶-.5}"#),
        RejectedText(.invalidNumber, #"{"a":▶1.}"#),
        RejectedText(.invalidNumber, #"{"a":▶1.e5}"#),
        RejectedText(.invalidNumber, #"{"a":▶1.2.3}"#),
        RejectedText(.invalidNumber, #"{"a":▶1e}"#),
        RejectedText(.invalidNumber, #"{"a":▶1e+}"#),
        RejectedText(.invalidNumber, #"{"a":▶1E-}"#),
        RejectedText(.invalidNumber, #"{"a":▶1e1.5}"#),
        RejectedText(.invalidNumber, #"{"a":▶1e1e1}"#),
        RejectedText(.invalidNumber, #"{"a":▶1e++1}"#),
        RejectedText(.invalidNumber, #"{"a":▶0x10}"#),
        RejectedText(.invalidNumber, #"{"a":▶0b1}"#),
        RejectedText(.invalidNumber, #"{"a":▶1_000}"#),
        RejectedText(.invalidNumber, #"{"a":▶1-2}"#),
        RejectedText(.invalidNumber, #"{"a":▶1+2}"#),
        RejectedText(.invalidNumber, #"{"a":▶1n}"#),
        RejectedText(.invalidNumber, #"{"a":▶-Infinity}"#),
        RejectedText(.invalidNumber, #"{"a":▶-NaN}"#),
        RejectedText(.invalidNumber, #"{"a":[1,▶02]}"#),
        RejectedText(.unexpectedByte, #"{"a":1 ▶2}"#),
        RejectedText(.unexpectedByte, "{\"a\":1▶\u{FF11}}"),
        RejectedText(.unexpectedByte, "{\"a\":▶\u{FF11}}"),
    ]

    static let strings = [
        RejectedText(.controlCharacter, "{\"a\":\"▶⟨00⟩\"}"),
        RejectedText(.controlCharacter, "{\"a\":\"x▶\ty\"}"),
        RejectedText(.controlCharacter, "{\"a\":\"x▶\ny\"}"),
        RejectedText(.controlCharacter, "{\"a\":\"x▶\ry\"}"),
        RejectedText(.controlCharacter, "{\"a\":\"x▶⟨1F⟩y\"}"),
        RejectedText(.controlCharacter, "{\"a▶⟨01⟩\":1}"),
        RejectedText(.controlCharacter, "{\"▶\n\":1}"),
        RejectedText(.controlCharacter, "{\"a\":\"0123456789ABCDEF0123456789ABCDEF▶\n\"}"),
        RejectedText(.controlCharacter, "{\"a\":\"0123456789ABCDEF0123456789ABCDEF0▶⟨1E⟩\"}"),
        RejectedText(.controlCharacter, "{\"a\":\"\\n▶\n\"}"),
        RejectedText(.controlCharacter, "{\"a\":\"unclosed▶\n"),
    ]

    static let escapes = [
        RejectedText(.invalidEscape, #"{"a":"▶\x41"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\'"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\a"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\0"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\v"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\N"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\U0041"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\ "}"#),
        RejectedText(.invalidEscape, "{\"a\":\"▶\\\n\"}"),
        RejectedText(.invalidEscape, "{\"a\":\"▶\\⟨00⟩\"}"),
        RejectedText(.invalidEscape, "{\"a\":\"▶\\é\"}"),
        RejectedText(.invalidEscape, #"{"a":"▶\u004"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\u"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\uGGGG"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\u-001"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\u+041"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\u 041"}"#),
        RejectedText(.invalidEscape, #"{"a":"▶\u{41}"}"#),
        RejectedText(.invalidEscape, #"{"▶\q":1}"#),
        RejectedText(.invalidEscape, #"{"a":"\\▶\q"}"#),
        RejectedText(.invalidEscape, #"{"a":"\ud83d▶\u00"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\ud83d"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\uD800"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\udbff"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\udc00"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\udfff"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\ud83dx"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\ud83d\n"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\ud83d\u0041"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\ud83d\ud83d"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\udc00\ud800"}"#),
        RejectedText(.loneSurrogate, #"{"a":"▶\ude00\ud83d"}"#),
        RejectedText(.loneSurrogate, #"{"a":"\ud83d\ude00▶\ude00"}"#),
        RejectedText(.loneSurrogate, #"{"▶\ud83d":1}"#),
    ]

    static let utf8 = [
        RejectedText(.invalidUTF8, #"{"a":"▶⟨80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨BF⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨E9⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨FF⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨FE⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨C0 80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨C0 AF⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨C1 BF⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨E0 80 80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨E0 9F BF⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨F0 80 80 80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨F0 8F BF BF⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨ED A0 80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨ED BF BF⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨ED A0 BD ED B8 80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨F4 90 80 80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨F5 80 80 80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨F8 88 80 80 80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨C3⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨E2 82⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨F0 9F 98⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨C3⟩x"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨E2 82⟩x"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨E2⟩xx"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨F0 9F 98⟩x"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨C3⟩\n"}"#),
        RejectedText(.invalidUTF8, #"{"a":"é▶⟨A9⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"é€😀▶⟨FF⟩"}"#),
        RejectedText(.invalidUTF8, #"{"▶⟨C3⟩":1}"#),
        RejectedText(.invalidUTF8, #"{"a":"0123456789ABCDEF0123456789ABCDE▶⟨C3⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"0123456789ABCDEF0123456789ABCDEF01▶⟨80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"\n▶⟨80⟩"}"#),
        RejectedText(.invalidUTF8, #"{"a":"▶⟨80⟩\n0123456789ABCDEF0123456789ABCDEF0123456789"}"#),
    ]

    static let keys = [
        RejectedText(.duplicateKey, #"{"a":1,"▶a":1}"#),
        RejectedText(.duplicateKey, #"{"a":1,"b":2,"▶a":3}"#),
        RejectedText(.duplicateKey, #"{"":1,"▶":2}"#),
        RejectedText(.duplicateKey, #"{"id":1,"▶\u0069d":2}"#),
        RejectedText(.duplicateKey, #"{"\u0069d":1,"▶id":2}"#),
        RejectedText(.duplicateKey, #"{"\u0069d":1,"▶i\u0064":2}"#),
        RejectedText(.duplicateKey, #"{"a/b":1,"▶a\/b":2}"#),
        RejectedText(.duplicateKey, #"{"\n":1,"▶\u000A":2}"#),
        RejectedText(.duplicateKey, #"{"\u000a":1,"▶\u000A":2}"#),
        RejectedText(.duplicateKey, #"{"😀":1,"▶\ud83d\ude00":2}"#),
        RejectedText(.duplicateKey, #"{"é":1,"▶\u00e9":2}"#),
        RejectedText(.duplicateKey, #"{"\u0000":1,"▶\u0000":2}"#),
        RejectedText(.duplicateKey, #"{"a":{"b":1,"▶b":2}}"#),
        RejectedText(.duplicateKey, #"{"a":[{"b":1},{"b":1,"▶b":2}]}"#),
        RejectedText(.duplicateKey, #"{"a":{"a":{"a":1}},"▶a":2}"#),
        RejectedText(.duplicateKey, #"{"a":{"b":{"c":{"d":{"e":1,"▶e":1}}}}}"#),
        RejectedText(.duplicateKey, #"{"x":{"a":1},"y":[[{"q":0,"r":{},"▶q":0}]]}"#),
        RejectedText(.duplicateKey, #"{"abcdefgh":1,"▶abcdefgh":2}"#),
        RejectedText(.duplicateKey, #"{"abcdefghi":1,"▶abcdefghi":2}"#),
        RejectedText(.duplicateKey, #"{"abcdefghijklmnop":1,"▶abcdefghijklmnop":2}"#),
        RejectedText(.duplicateKey, #"{"abcdefghijklmnopq":1,"▶abcdefghijklmnopq":2}"#),
        RejectedText(
            .duplicateKey,
            #"{"abcdefghijklmnopqrstuvwxyz0123456789":1,"▶abcdefghijklmnopqrstuvwxyz012345678\u0039":2}"#
        ),
        RejectedText(.duplicateKey, #"{"a" : 1 , "▶a" : 2}"#),
        RejectedText(.unexpectedByte, #"{▶'a':1}"#),
        RejectedText(.unexpectedByte, #"{▶a:1}"#),
        RejectedText(.unexpectedByte, #"{▶1:1}"#),
        RejectedText(.unexpectedByte, #"{▶null:1}"#),
        RejectedText(.unexpectedByte, #"{"a":1,▶b:1}"#),
    ]

    static let truncated = [
        RejectedText(.truncated, #"{▶"#),
        RejectedText(.truncated, "{ \n▶"),
        RejectedText(.truncated, #"{"▶"#),
        RejectedText(.truncated, #"{"a▶"#),
        RejectedText(.truncated, #"{"a"▶"#),
        RejectedText(.truncated, #"{"a":▶"#),
        RejectedText(.truncated, #"{"a": ▶"#),
        RejectedText(.truncated, #"{"a":"▶"#),
        RejectedText(.truncated, #"{"a":"x▶"#),
        RejectedText(.truncated, #"{"a":"\▶"#),
        RejectedText(.truncated, #"{"a":"\u▶"#),
        RejectedText(.truncated, #"{"a":"\u00e▶"#),
        RejectedText(.truncated, #"{"a":"\ud83d▶"#),
        RejectedText(.truncated, #"{"a":"\ud83d\▶"#),
        RejectedText(.truncated, #"{"a":"\ud83d\u▶"#),
        RejectedText(.truncated, #"{"a":"\ud83d\ude0▶"#),
        RejectedText(.truncated, #"{"a":"\"▶"#),
        RejectedText(.truncated, #"{"a":"\\\"}▶"#),
        RejectedText(.truncated, #"{"a":"⟨C3⟩▶"#),
        RejectedText(.truncated, #"{"a":t▶"#),
        RejectedText(.truncated, #"{"a":fals▶"#),
        RejectedText(.truncated, #"{"a":nul▶"#),
        RejectedText(.truncated, #"{"a":null▶"#),
        RejectedText(.truncated, #"{"a":-▶"#),
        RejectedText(.truncated, #"{"a":0▶"#),
        RejectedText(.truncated, #"{"a":12▶"#),
        RejectedText(.truncated, #"{"a":1.▶"#),
        RejectedText(.truncated, #"{"a":1.5▶"#),
        RejectedText(.truncated, #"{"a":1e▶"#),
        RejectedText(.truncated, #"{"a":1e-▶"#),
        RejectedText(.truncated, #"{"a":1,▶"#),
        RejectedText(.truncated, #"{"a":[▶"#),
        RejectedText(.truncated, #"{"a":[1▶"#),
        RejectedText(.truncated, #"{"a":[1,▶"#),
        RejectedText(.truncated, #"{"a":[]▶"#),
        RejectedText(.truncated, #"{"a":{▶"#),
        RejectedText(.truncated, #"{"a":{}▶"#),
        RejectedText(.truncated, #"{"a":{"b":1}▶"#),
    ]
}

@Suite struct RejectedTextTests {
    @Test(arguments: RejectedText.all)
    func `what is no event is rejected with its code and place`(_ row: RejectedText) throws {
        let text = Notation(row.text)

        let error = try #require(scan(text.bytes, wantsEveryScalar: true).error)

        #expect(error.code == row.code)
        #expect(error.byteOffset == text.markedOffset)
    }

    @Test(arguments: RejectedText.all)
    func `a rejected event leaves no hits and no trace in the next scan`(_ row: RejectedText) throws {
        var scanner = ObjectScanner(PathTable([("a", 0), ("b", 1)]), wantsEveryScalar: true)
        let event = Array(#"{"b":1}"#.utf8)

        let rejected = scan(Notation(row.text).bytes, with: &scanner)
        #expect(!rejected.isValid)
        #expect(scanner.hits.isEmpty)
        #expect(scanner.first(0) == nil)

        let found = [Found(slot: 1, kind: .number, range: 5..<6)]
        #expect(scan(event, with: &scanner) == .valid(object: 0..<7, found: found))
        #expect(scanner.first(0) == nil)
        #expect(scanner.first(1)?.range == 5..<6)
    }

    @Test(arguments: 0..<0x20 as Range<UInt8>)
    func `every control character is refused inside strings and keys`(_ byte: UInt8) {
        for padding in [0, 1, 15, 16, 17, 31, 32, 33, 100] {
            let filler = [UInt8](repeating: UInt8(ascii: "x"), count: padding)
            let value = Array(#"{"a":""#.utf8) + filler + [byte] + Array(#""}"#.utf8)
            #expect(scan(value).error == ScanError(.controlCharacter, at: 6 + padding))
            let key = Array(#"{""#.utf8) + filler + [byte] + Array(#"":1}"#.utf8)
            #expect(scan(key).error == ScanError(.controlCharacter, at: 2 + padding))
        }
    }

    @Test func `the table covers every code that is not about limits`() {
        let limits: Set<ScanError.Code> = [.tooLong, .tooDeep, .tooManyKeys, .tooManyValues, .keyTooLong]
        #expect(Set(RejectedText.all.map(\.code)) == Set(ScanError.Code.allCases).subtracting(limits))
        #expect(RejectedText.all.count >= 150)
        #expect(RejectedText.all.allSatisfy { Notation($0.text).markedOffset != nil })
        #expect(
            Set(ScanError.Code.allCases.map { ScanError($0, at: 0).message }).count == ScanError.Code.allCases.count
        )
    }
}
