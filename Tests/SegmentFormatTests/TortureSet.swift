// SPDX-License-Identifier: Apache-2.0

/// Events that are odd in every way we know of; all that stores events has to give each of them back byte for byte.
///
/// The same on every machine and in every run. What is invalid as JSON stands apart: a store never gets it, a segment
/// does not mind it.
enum TortureSet {
    /// A name and what makes its events.
    static let groups: [(name: String, events: @Sendable () -> [String])] = [
        ("values", { valueEvents }),
        ("structures", { structures }),
        ("no events", { invalid }),
        ("numbers", { numberEvents }),
        ("times", { timeEvents }),
        ("identifiers", { identifierEvents }),
        ("keys", { keyEvents }),
        ("derived values", { derivedEvents }),
        ("arrays", { arrayEvents }),
        ("nesting", { nestedEvents }),
        ("huge strings", { hugeStrings }),
        ("payloads", { payloads(count: 12) }),
        ("shapes", { shapes(count: 10_000) }),
        ("paths", { paths(count: 3000) }),
        ("2,000 keys", { wideEvents(count: 12) }),
    ]

    static func events(of group: String) -> [String] {
        groups.filter { $0.name == group }.flatMap { $0.events() }
    }

    /// All groups shuffled into each other, so that shapes, columns and raw events change from row to row.
    static func mixed(seed: UInt64) -> [String] {
        var numbers = SeededNumbers(seed: seed)
        return groups.flatMap { $0.events() }.shuffled(using: &numbers)
    }

    // MARK: - Values

    /// JSON values, each of which is text that some other text means as well, or nearly a value of another kind.
    static let values = strings + numbers + literals + identifiers + times

    private static let strings = [
        #""""#, #""a""#, #""\u003d""#, #""\u003D""#, #""\"\\\/\b\f\n\r\t""#, #""/""#, #""\u002f""#, #""\u0000""#,
        #""é€😀""#, #""\u00e9\u20AC\ud83d\ude00""#, #""\uD83D\uDE00""#, #""\ud83d""#, #""\ude00\ud83d""#, #""a\ud83dz""#,
        "\"\u{7F}\"", "\"\u{2028}\u{FEFF}\"", "\"e\u{301}\"", #""203.0.113.77""#, #""crn://a/b=c/topic=x""#, #""=""#,
        #""a=""#, #""==""#, #""User:u-1""#, #""{\"a\":1}""#, #""[1]""#, #""null""#, #""true""#, #"" ""#, #""  a  ""#,
    ]

    private static let numbers = [
        "0", "-0", "1", "-1", "0.0", "-0.0", "1.0", "0.10", "1e5", "1E5", "1E+5", "1e+05", "1e-0", "-1.25e-007",
        "1e400",
        "1E-400", "0.1234567890123456789", "3.14", "12345678901234567890", "-12345678901234567890",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "18446744073709551616", "100000000000000000000000000000000000000000000000000",
        #""0""#, #""-0""#, #""007""#, #""+1""#, #""1.0""#, #""9223372036854775807""#, #""9223372036854775808""#,
        #"" 1""#, #""1 ""#, #""-""#, #""１""#, #""\u0031""#,
    ]

    private static let literals = [
        "true", "false", "null", "{}", "[]", "{ }", "[ ]", "[\n]", #"[1,"2",[3,[4]],{"a":5}]"#, "[[],[[]],{}]",
    ]

    private static let identifiers = [
        #""e957a2c3-8455-475a-a0ef-f917b55069f9""#, #""E957A2C3-8455-475A-A0EF-F917B55069F9""#,
        #""e957a2c3-8455-475a-a0ef-f917b55069f""#, #""e957a2c3-8455-475a-a0ef_f917b55069f9""#,
        #""e957a2c3-8455-475g-a0ef-f917b55069f9""#, #""e957a2c3-8455-475A-a0ef-f917b55069f9""#,
        #""e957a2c38455475aa0eff917b55069f9""#, #""{e957a2c3-8455-475a-a0ef-f917b55069f9}""#,
        #""00000000-0000-0000-0000-000000000000""#, #""ffffffff-ffff-ffff-ffff-ffffffffffff""#,
        #""00""#, #""0g""#, #""0""#, #""abc""#, #""ABCD""#, #""aBcd""#, #""deadbeef""#, #""deadbee""#, #""0xdead""#,
        #""deadbeef0102030405060708090a0b0c0d0e0f""#, #""deadbeef0102030405060708090a0b0c0d0e0""#,
        #""deadbeef0102030405060708090a0b0c0d0e0fg""#,
    ]

    private static let times = [
        #""2026-03-01T00:00:04Z""#, #""2026-03-01T00:00:04.8Z""#, #""2026-03-01T00:00:04.81Z""#,
        #""2026-03-01T00:00:04.811Z""#, #""2026-03-01T00:00:04.8112Z""#, #""2026-03-01T00:00:04.81123Z""#,
        #""2026-03-01T00:00:04.811234Z""#, #""2026-03-01T00:00:04.8112345Z""#, #""2026-03-01T00:00:04.81123456Z""#,
        #""2026-03-01T00:00:04.811234567Z""#, #""2026-03-01T00:00:04.8112345678Z""#, #""2026-03-01T00:00:04.Z""#,
        #""2026-03-01T00:00:04.811+02:00""#, #""2026-03-01T00:00:04.811-00:00""#, #""2026-03-01T00:00:04.811+0200""#,
        #""2026-03-01T00:00:04.811""#, #""2026-03-01t00:00:04.811z""#, #""2026-03-01 00:00:04.811Z""#,
        #""2026-02-29T00:00:00.000Z""#, #""2024-02-29T23:59:59.999Z""#, #""2026-13-01T00:00:00.000Z""#,
        #""2026-00-00T00:00:00.000Z""#, #""2026-01-01T24:00:00.000Z""#, #""2016-12-31T23:59:60Z""#,
        #""2016-12-31T23:59:60.000Z""#, #""2016-12-31T23:59:60.999999999Z""#, #""2016-12-31T23:59:61.000Z""#,
        #""0000-01-01T00:00:00.000Z""#, #""9999-12-31T23:59:59.999Z""#, #""1677-09-21T00:12:43.145224191Z""#,
        #""2262-04-11T23:47:16.854775808Z""#, #""1969-12-31T23:59:59.999999999Z""#, #""1969-12-31T23:59:59.999Z""#,
        #""9999-12-31T23:59:59.999999999Z""#, #""+999999999-12-31T23:59:59.999999999-18:00""#,
        #""-999999999-01-01T00:00:00+18:00""#, #""+10000-01-01T00:00:00Z""#, #""-0001-01-01T00:00:00.000Z""#,
        #""2026-03-01""#, #""2026-03-01T00:00Z""#, #""2026-060T00:00:00Z""#, #""1772323204811""#,
    ]

    /// Every value beside every tenth other, in columns that so have all kinds at once.
    private static var valueEvents: [String] {
        values.indices.flatMap { place in
            stride(from: place % 10, to: values.count, by: 10).map { other in
                #"{"id":\#(values[place]),"data":{"x":[\#(values[other])]},"b":true}"#
            }
        }
    }

    /// Columns of one kind with one value that is not of it, at the beginning, in the middle and at the end.
    private static func columns(of regular: (Int) -> String, with odd: [String]) -> [String] {
        let plain = (0..<60).map { #"{"v":\#(regular($0)),"w":"x"}"# }
        return odd.enumerated().flatMap { number, value in
            // A column of its own for each, or the first odd value would make it text for all.
            let key = #""v\#(number)""#
            let one = #"{"v":\#(value),"w":"x"}"#
            return ([one] + plain[..<20] + [one, one] + plain[20..<40] + [one]).map {
                $0.replacing(#""v""#, with: key)
            }
        }
    }

    private static var numberEvents: [String] {
        columns(of: { "\($0 * 7919)" }, with: numbers) + columns(of: { #""\#($0 * 7919)""# }, with: numbers)
    }

    private static var timeEvents: [String] {
        columns(of: { #""2026-03-01T00:00:\#(10 + $0 % 50).\#(100 + $0)Z""# }, with: times)
            + times.map { #"{"id":"t","time":\#($0)}"# }
    }

    private static var identifierEvents: [String] {
        columns(of: { #""e957a2c3-8455-475a-a0ef-\#(100_000_000_000 + $0)""# }, with: identifiers)
            + columns(of: { #""\#(10_000_000 + $0)abcdef""# }, with: identifiers)
    }

    // MARK: - Structures

    /// White space, keys and containers in odd places.
    static let structures = [
        " {\"a\" : 1 ,\t\"b\":[ 1 , 2 ]\r\n} \n", "{\"a\":1}", "{\"a\":1 }", "{ \"a\":1}", "{}", " { } ",
        "{\n\n\"a\":\r1}",
        "\t{\t\"a\"\t:\t[\t]\t}\t", "{\"a\":[1 ,2]}", "{\"a\":[1, 2]}", "{\"a\":{ }}", "\u{20}\u{20}{}",
        #"{"":1}"#, #"{"":{"":{"":""}}}"#, #"{"a.b":1,"a":{"b":2}}"#, #"{"a[0]":1,"a":[2]}"#, #"{"\u0061":1}"#,
        #"{"é":1,"é":2}"#, #"{"\"":1}"#, #"{"a":[[[[1]]]],"b":[[],[1],[[2]]]}"#, #"{"a":[1,2],"b":[{"c":3},{"c":4}]}"#,
        #"{"a":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]}"#, #"{"a":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}"#,
        #"{"a":[[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17],[1],"x"]}"#,
        #"{"data":{"request":{"data":{"a":[1,{"b":"}\"]"}]}}}}"#, #"{"data":{"request":{"data":{}}}}"#,
        #"{"data":{"request":{"data":"text"}}}"#, #"{"data":{"request":{"data":[]}}}"#,
        #"{"data":{"request":{"data": { "a" : 1 } }}}"#, #"{"data":{"request":{"data":null}}}"#,
        #"{"data":{"request":{"data":17}}}"#, #"{"data":{"request":{"data":true}}}"#,
        #"{"data":{"result":{"data":[1,2]},"request":{"d\u0061ta":{"x":1}}}}"#,
        #"{"data":1}"#, #"{"data":[{"request":{"data":{"x":1}}}]}"#, #"{"data.request.data":{"x":1}}"#,
        #"{"subject":"a/b=c","data":{"resourceName":"a/b=c","authorizationInfo":{"resourceName":"c"}}}"#,
        #"{"subject":"a/b=c","data":{"resourceName":"a/b=d","authorizationInfo":{"resourceName":"c"}}}"#,
        #"{"data":{"resourceName":"c","authorizationInfo":{"resourceName":"c"}},"subject":"c"}"#,
        #"{"data":{"resourceName":7},"subject":"7"}"#, #"{"data":{"resourceName":"7"},"subject":7}"#,
    ]

    /// No events, but a segment loses nothing even so.
    static let invalid = [
        "", "x", "[1]", "{", "{\"a\":", "{\"a\":1,\"a\":2}", "{\"a\":\"\\", "{\"a\":tru", "{\"a\":[}", "\u{0}",
        "{\"a\":1}{\"a\":1}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":\"\\x\"}",
        "{\"a\":\"\n\"}", "{a:1}", "{\"a\":'b'}", "\u{FEFF}{}", "{\"a\":NaN}", "{\"a\" 1}", "null", "\"a\"", "1",
    ]

    private static let keys = [
        "", " ", "a.b", "a[0]", "[0]", "0", ".", "..", #"\""#, #"\\"#, #"\/"#, #"\n"#, #"\u0000"#, #"\u0061"#, "a", "A",
        "é", #"\u00e9"#, "€", "😀", #"\ud83d\ude00"#, #"\ud83d"#, "日本語", "\u{202E}x", "martlet.index",
        "martlet",
        "principal", "outcome", "method", "resource", "time", "id", #"\u0069d"#, "data.methodName", "null", "true",
        String(repeating: "k", count: 1023), String(repeating: "k", count: 1024), String(repeating: "k", count: 1025),
        String(repeating: "é.", count: 600),
    ]

    /// Each key at each level, each pair of keys beside each other; some are one key in two spellings.
    private static var keyEvents: [String] {
        var events: [String] = []
        for key in keys {
            for number in 0..<3 {
                events.append(#"{"\#(key)":"\#(number)"}"#)
                events.append(#"{"x":{"\#(key)":\#(number)}}"#)
                events.append(#"{"\#(key)":[{"\#(key)":"\#(number)"}]}"#)
                events.append(#"{"\#(key)":true}"#)
                events.append(#"{"data":{"request":{"data":{"\#(key)":\#(number)}}}}"#)
            }
        }
        let short = keys.filter { $0.utf8.count < 100 }
        for one in short.indices {
            for other in short[..<one] {
                events.append(#"{"\#(short[one])":"1","\#(other)":{"\#(short[one])":2}}"#)
            }
        }
        return events
    }

    /// Values that follow from others, and such as nearly do.
    private static var derivedEvents: [String] {
        let texts = ["a/b=c", "c", "=", "a=", "=c", "a=b=c", "", #"a\u003dc"#, #"a/b\u003Dc"#, "é=é", #"a=\""#]
        var events: [String] = []
        for base in texts {
            for other in texts {
                events.append(
                    #"{"subject":"\#(other)","data":{"resourceName":"\#(base)","#
                        + #""authorizationInfo":{"resourceName":"\#(other)"}}}"#
                )
                events.append(
                    #"{"data":{"authenticationInfo":{"principal":"\#(base)"},"authorizationInfo":{"#
                        + #""actingPrincipal":"\#(base)","assignedPrincipals":["\#(other)","\#(base)"]}}}"#
                )
                events.append(
                    #"{"data":{"request":{"clientId":"\#(other)"},"requestMetadata":{"clientId":"\#(base)"}}}"#
                )
            }
        }
        return events
    }

    private static var arrayEvents: [String] {
        var events: [String] = []
        for count in [0, 1, 2, 15, 16, 17, 18, 255, 1000] {
            for form in 0..<5 {
                let array = (0..<count).map { element(form, $0) }.joined(separator: ",")
                events.append(#"{"a":[\#(array)],"b":"x"}"#)
                events.append(#"{"a":{"b":[[\#(array)],[ \#(array) ]]}}"#)
            }
        }
        return events
    }

    private static func element(_ form: Int, _ place: Int) -> String {
        switch form {
        case 0: "\(place)"
        case 1: #""\#(place)""#
        case 2: #"{"n":\#(place)}"#
        case 3: place.isMultiple(of: 2) ? "[\(place)]" : "null"
        default: "{}"
        }
    }

    /// Up to far past every limit; a reader that recursed would not come back.
    private static var nestedEvents: [String] {
        var events: [String] = []
        for depth in [1, 2, 31, 32, 33, 63, 64, 65, 500, 20_000] {
            events.append(nested(#"{"a":["#, "1", "]}", depth))
            events.append(nested(#"{"a":"#, #""x""#, "}", depth))
            let arrays = nested("[", "", "]", depth)
            events.append(#"{"a":\#(arrays)}"#)
            events.append(#"{"data":{"request":{"data":\#(arrays)}}}"#)
        }
        return events
    }

    private static func nested(_ opening: String, _ core: String, _ closing: String, _ depth: Int) -> String {
        String(repeating: opening, count: depth) + core + String(repeating: closing, count: depth)
    }

    // MARK: - Sizes

    /// Strings around the sizes at which pages are cut, in one column among short ones.
    private static var hugeStrings: [String] {
        let sizes = [
            1, 31, 32, 33, 63, 64, 65, 4095, 65_535, 65_536, 1 << 19, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20,
        ]
        var events: [String] = []
        for size in sizes {
            events.append(#"{"id":"\#(size)","s":"\#(String(repeating: "x", count: size))"}"#)
            events.append(#"{"id":"\#(size)","s":"short"}"#)
            events.append(#"{"id":"\#(size)","s":"\#(String(repeating: #"\n"#, count: size / 2))"}"#)
        }
        return events
    }

    /// Requests with 200 KB of data, and 200 KB of text beside.
    static func payloads(count: Int) -> [String] {
        (0..<count).map { number in
            let rows = (0..<5000).map { #"{"n":"\#($0 * number)","s":"\"}]\""}"# }.joined(separator: ",")
            let text = rows.filter { $0 != "\"" && $0 != "\\" }
            return #"{"id":"\#(number)","data":{"request":{"data":{"rows":[\#(rows)]}}},"text":"\#(text)"}"#
        }
    }

    /// Events of as many different shapes: each bit of the number is a boolean.
    static func shapes(count: Int) -> [String] {
        (0..<count).map { number in
            let bits = (0..<14).map { #""k\#($0)":\#(number >> $0 & 1 == 1 ? "true" : "false")"# }
            return #"{"id":"\#(number)",\#(bits.joined(separator: ","))}"#
        }
    }

    /// Events of as many different paths.
    static func paths(count: Int) -> [String] {
        (0..<count).map { #"{"id":"\#($0)","key\#($0)":"\#($0)"}"# }
    }

    /// Events with 2,000 keys each.
    static func wideEvents(count: Int) -> [String] {
        (0..<count).map { number in
            "{" + (0..<2000).map { #""k\#($0)":"\#($0 * number)""# }.joined(separator: ",") + "}"
        }
    }
}
