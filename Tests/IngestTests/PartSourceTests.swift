// SPDX-License-Identifier: Apache-2.0

import NIOPosix
import Testing

@testable import Ingest

@Suite struct PartSourceTests {
    @Test func `lines in front of the first wanted are left out`() async throws {
        let input = Array("a\nbb\n\nccc".utf8)

        for first in 1...6 {
            let parts = try await Self.parts(of: input, from: first)
            let lines = ["a\n", "bb\n", "\n", "ccc"].dropFirst(first - 1)
            #expect(parts.flatMap(\.bytes) == Array(lines.joined().utf8), "from line \(first)")
            guard let part = parts.first else { continue }
            #expect(part.firstLine == first)
            #expect(part.lineCount == lines.count)
            #expect(part.byteOffset == input.count - part.bytes.count)
        }
    }

    @Test(arguments: [BatchLayout.array, .objects])
    func `with values the first event counts, whatever lines it is on`(layout: BatchLayout) async throws {
        let events = (1...4).map { Samples.event("\($0)").replacing(",", with: ",\n") }
        let text = layout == .array ? "[\(events.joined(separator: ",\n"))]" : events.joined(separator: "\n")

        for first in 1...5 {
            let parts = try await Self.parts(of: Array(text.utf8), from: first)
            let found = parts.flatMap { part in part.events() }
            #expect(found.map(\.line) == Array(first..<5), "from event \(first)")
            let texts = try found.map { String(decoding: try $0.event.get(), as: UTF8.self) }
            #expect(texts == Array(events.dropFirst(first - 1)))
            #expect(parts.reduce(0) { $0 + $1.lineCount } == 5 - first)
        }
    }

    @Test func `a line in a later part is found`() async throws {
        let input = Samples.lines(byteCount: (3 << 20) / 2, padding: 4000)
        let count = input.count { $0 == UInt8(ascii: "\n") }

        let parts = try await Self.parts(of: input, from: count)

        #expect(parts.map(\.firstLine) == [count])
        #expect(parts.map(\.byteOffset) == [input.count - (parts.first?.bytes.count ?? 0)])
    }

    private static func parts(of input: [UInt8], from line: Int) async throws -> [StreamReader.Part] {
        let scratch = try Scratch()
        let reader = try StreamReader(path: scratch.file(input), layout: nil, maximumEventByteCount: 1 << 20)
        let source = PartSource(reader, firstLine: line, pool: .singleton)
        var parts: [StreamReader.Part] = []
        while let part = try await source.next() { parts.append(part) }
        return parts
    }
}
