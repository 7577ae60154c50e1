// SPDX-License-Identifier: Apache-2.0

import EventScanner
import JournalFormat
import Testing

@testable import Ingest

@Suite struct BatchTests {
    private static let one = Samples.event("1")
    private static let two = Samples.event("2")

    @Test(arguments: [
        (BatchLayout.lines, "\(one)\n\(two)\n"), (.lines, "\(one)\n\(two)"),
        (.lines, "\r\n\n \t\n\(one)\r\n\n\(two)\r\n"),
        (.lines, " \(one) \n\t\(two)"), (.array, "[\(one),\(two)]"), (.array, "\n[ \(one) ,\n\(two) ]\n"),
        (.objects, "\(one)\(two)"), (.objects, "\(one)\n\n \(two) "),
    ])
    func `events are taken out of their layout byte for byte`(layout: BatchLayout, text: String) throws {
        let output = Self.scan(text, layout)

        #expect(output.frame?.texts == [Self.one, Self.two])
        #expect(output.rejected.isEmpty)
    }

    @Test func `one object is taken, whatever lines it is on`() {
        let text = Self.one.replacing(",", with: ",\n")

        #expect(Self.scan(text, .object).frame?.texts == [text])
        #expect(Self.scan(text + text, .object).rejected.first?.rejection.reason == .scan(.trailingBytes))
    }

    // MARK: - Bad pieces

    @Test func `bad lines are named by line and byte, and the rest goes on`() throws {
        let text = "\(Self.one)\n\n{\"a\":01}\n\(Self.two)\nnonsense\n{}"

        let output = Self.scan(text, .lines)

        #expect(output.frame?.texts == [Self.one, Self.two])
        #expect(output.lineCount == 6)
        let offsets = [Self.one.utf8.count + 2, Self.one.utf8.count + Self.two.utf8.count + 12]
        #expect(
            output.rejected.map(\.rejection) == [
                Rejection(.scan(.invalidNumber), byteOffset: offsets[0] + 5, line: 3),
                Rejection(.scan(.notAnObject), byteOffset: offsets[1], line: 5),
                Rejection(.missingAttribute("specversion"), byteOffset: offsets[1] + 9, line: 6),
            ]
        )
        #expect(output.rejected.map { String(decoding: $0.bytes, as: UTF8.self) } == ["{\"a\":01}", "nonsense", "{}"])
    }

    @Test func `lines and bytes count on from where the part begins`() {
        let output = Self.scan("\(Self.one)\nx\n", .lines, firstLine: 100, byteOffset: 5000)

        #expect(output.rejected.map(\.rejection.line) == [101])
        #expect(output.rejected.map(\.rejection.byteOffset) == [5000 + Self.one.utf8.count + 1])
    }

    @Test func `a bad value of an array does not spoil the others`() {
        let output = Self.scan("[\(Self.one),{\"a\":},17,\(Self.two)]", .array)

        #expect(output.frame?.texts == [Self.one, Self.two])
        #expect(output.rejected.map(\.rejection.line) == [2, 3])
        #expect(output.rejected.map(\.rejection.code) == ["unexpectedByte", "notAnObject"])
    }

    @Test func `behind a fault between values nothing is read`() {
        let text = "[\(Self.one) \(Self.two)]"

        let output = Self.scan(text, .array)

        #expect(output.frame?.texts == [Self.one])
        #expect(output.rejected.map(\.rejection.code) == ["betweenEvents"])
        #expect(output.rejected.map { String(decoding: $0.bytes, as: UTF8.self) } == ["\(Self.two)]"])
    }

    @Test func `nothing is nothing`() {
        for (layout, text) in [(BatchLayout.lines, ""), (.lines, "\n\r\n "), (.array, "[]"), (.objects, " ")] {
            let output = Self.scan(text, layout)
            #expect(output.frame == nil)
            #expect(output.rejected.isEmpty)
        }
    }

    @Test func `an event longer than the limit is rejected and the next one is not`() {
        var limits = ScanLimits()
        limits.maximumByteCount = 200
        let long = Samples.event("long", and: ",\"data\":\"\(String(repeating: "x", count: 200))\"")

        let output = Self.scan("\(long)\n\(Self.one)\n", .lines, limits: limits)

        #expect(output.frame?.texts == [Self.one])
        #expect(output.rejected.map(\.rejection.reason) == [.scan(.tooLong)])
    }

    // MARK: - All or nothing

    @Test(arguments: [
        (BatchLayout.lines, "\(one)\nx\n{}\n", "notAnObject", 2), (.array, "[\(one),{}]", "missingAttribute", 2),
        (.array, "[\(one)", "betweenEvents", 2), (.array, "[\(one),]", "trailingComma", 2),
        (.array, "", "betweenEvents", 1),
        (.lines, "", "noEvents", 1), (.lines, "\n\n", "noEvents", 1), (.objects, "\(one) x", "notAnObject", 2),
    ])
    func `a strict scan stops at the first fault`(layout: BatchLayout, text: String, code: String, line: Int) {
        let rejection = #expect(throws: Rejection.self) {
            try Self.scanner().scanStrictly(Batch(bytes: Array(text.utf8), layout: layout))
        }

        #expect(rejection?.code == code)
        #expect(rejection?.line == line)
    }

    @Test func `a strict scan of good events is the lenient one`() throws {
        let batch = Batch(bytes: Array("\(Self.one)\n\n\(Self.two)".utf8), layout: .lines)

        let output = try Self.scanner().scanStrictly(batch)

        #expect(output.frame?.texts == [Self.one, Self.two])
        #expect(output.lineCount == 3)
    }

    @Test func `every prefix of a batch gives whole events and at most one fault`() {
        let text = Array("\(Self.one)\n\(Self.two)\n".utf8)

        for length in 0...text.count {
            let output = Self.scan(String(decoding: text[..<length], as: UTF8.self), .lines)
            #expect(output.rejected.count <= 1, "\(length)")
            #expect([Self.one, Self.two].starts(with: output.frame?.texts ?? []), "\(length)")
        }
    }

    // MARK: - Scanning

    private static func scanner(_ limits: ScanLimits = ScanLimits()) -> BatchScanner {
        BatchScanner(stream: .audit, submitter: "User:alice", source: "test", keySeed: 7, limits: limits)
    }

    private static func scan(
        _ text: String,
        _ layout: BatchLayout,
        firstLine: Int = 1,
        byteOffset: Int = 0,
        limits: ScanLimits = ScanLimits()
    ) -> BatchScanner.Output {
        scanner(limits).scan(
            Batch(bytes: Array(text.utf8), layout: layout, firstLine: firstLine, byteOffset: byteOffset)
        )
    }
}
