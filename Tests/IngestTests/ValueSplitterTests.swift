// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Ingest

@Suite struct ValueSplitterTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let layout: ValueSplitter.Layout
        let text: String
        let values: [String]
        var fault: String?

        var testDescription: String { "\(layout) \(text)" }
    }

    static let rows: [Row] = [
        Row(layout: .array, text: "[]", values: []),
        Row(layout: .array, text: " \n[ \t\r\n] \n", values: []),
        Row(layout: .array, text: "[{}]", values: ["{}"]),
        Row(layout: .array, text: "[{},{}]", values: ["{}", "{}"]),
        Row(layout: .array, text: "[ {} , {} ]\n", values: ["{}", "{}"]),
        Row(
            layout: .array,
            text: #"[{"a":[1,{"b":[]}]},[[]],"x"]"#,
            values: [#"{"a":[1,{"b":[]}]}"#, "[[]]", #""x""#]
        ),
        Row(
            layout: .array,
            text: #"["]","[","}{",",",", "]"#,
            values: [#""]""#, #""[""#, #""}{""#, #"",""#, #"", ""#]
        ),
        Row(layout: .array, text: #"["\"]","\\","\\\""]"#, values: [#""\"]""#, #""\\""#, #""\\\"""#]),
        Row(layout: .array, text: #"[{"\"}":"\\"},null]"#, values: [#"{"\"}":"\\"}"#, "null"]),
        Row(layout: .array, text: "[1,-2.5e3,true , null]", values: ["1", "-2.5e3", "true", "null"]),
        Row(layout: .array, text: "[{}}]", values: ["{}"], fault: "betweenEvents"),
        Row(layout: .array, text: "[{} {}]", values: ["{}"], fault: "betweenEvents"),
        Row(layout: .array, text: "[{},]", values: ["{}"], fault: "trailingComma"),
        Row(layout: .array, text: "[{},", values: ["{}"], fault: "betweenEvents"),
        Row(layout: .array, text: "[{}", values: ["{}"], fault: "betweenEvents"),
        Row(layout: .array, text: "[", values: [], fault: "betweenEvents"),
        Row(layout: .array, text: "", values: [], fault: "betweenEvents"),
        Row(layout: .array, text: "{}", values: [], fault: "betweenEvents"),
        Row(layout: .array, text: "[{}] []", values: ["{}"], fault: "betweenEvents"),
        Row(layout: .array, text: "[,{}]", values: [","], fault: "betweenEvents"),
        Row(layout: .array, text: #"[{"a":"#, values: [#"{"a":"#], fault: "betweenEvents"),
        Row(layout: .array, text: #"["a"#, values: [#""a"#], fault: "betweenEvents"),
        Row(layout: .sequence, text: "", values: []),
        Row(layout: .sequence, text: " \r\n\t", values: []),
        Row(layout: .sequence, text: "{}", values: ["{}"]),
        Row(layout: .sequence, text: "{}{}\n{} {}", values: ["{}", "{}", "{}", "{}"]),
        Row(layout: .sequence, text: "{\n \"a\" : [ 1 ]\n}\n{\n}\n", values: ["{\n \"a\" : [ 1 ]\n}", "{\n}"]),
        Row(layout: .sequence, text: #""a""b" 1 2"#, values: [#""a""#, #""b""#, "1", "2"]),
        Row(layout: .sequence, text: "{},{}", values: ["{}", ",", "{}"]),
        Row(layout: .sequence, text: "} {}", values: ["}", "{}"]),
        Row(layout: .sequence, text: #"{"a":"\"#, values: [#"{"a":"\"#]),
        Row(layout: .sequence, text: "{}{", values: ["{}", "{"]),
        Row(layout: .sequence, text: "{\"é🐦\":\"🐦}\"}{}", values: ["{\"é🐦\":\"🐦}\"}", "{}"]),
    ]

    @Test(arguments: rows)
    func `values end where their brackets and strings do`(row: Row) {
        let found = Self.split(row.text, row.layout, windowEnds: [])

        #expect(found.values == row.values)
        #expect(found.fault?.code == row.fault)
    }

    @Test(arguments: rows)
    func `every cut of the bytes yields the same values`(row: Row) {
        let whole = Self.split(row.text, row.layout, windowEnds: [])

        for cut in 0...row.text.utf8.count {
            let found = Self.split(row.text, row.layout, windowEnds: [cut])
            #expect(found == whole, "cut at \(cut)")
        }
    }

    @Test(arguments: rows)
    func `a byte at a time yields the same values`(row: Row) {
        let whole = Self.split(row.text, row.layout, windowEnds: [])

        let found = Self.split(row.text, row.layout, windowEnds: Array(0..<row.text.utf8.count))

        #expect(found == whole)
    }

    @Test func `a fault names the byte`() {
        #expect(Self.split("[{} {}]", .array, windowEnds: []).fault?.byteOffset == 4)
        #expect(Self.split("[{}]x", .array, windowEnds: [2]).fault?.byteOffset == 4)
        #expect(Self.split("  {}", .array, windowEnds: []).fault?.byteOffset == 2)
    }

    // MARK: - Splitting

    struct Found: Equatable {
        var values: [String] = []
        var fault: Rejection?
    }

    /// Splits a text that arrives up to each of these places, then whole, and drops what was used, as a stream's reader
    /// does.
    private static func split(_ text: String, _ layout: ValueSplitter.Layout, windowEnds: [Int]) -> Found {
        let bytes = Array(text.utf8)
        var found = Found()
        var splitter = ValueSplitter(layout)
        var used = 0
        for end in windowEnds + [bytes.count] {
            let isLast = end == bytes.count
            let window = Array(bytes[min(used, end)..<end])
            var index = 0
            do throws(Rejection) {
                steps: while true {
                    switch try splitter.next(window.span.bytes, from: index, isLast: isLast) {
                    case .value(let range):
                        found.values.append(String(decoding: window[range], as: UTF8.self))
                        index = range.upperBound
                    case .needsMore(let from):
                        index = from
                        break steps
                    case .end:
                        return found
                    }
                }
            } catch {
                found.fault = Rejection(error.reason, byteOffset: error.byteOffset + used)
                return found
            }
            used += index
        }
        return found
    }
}
