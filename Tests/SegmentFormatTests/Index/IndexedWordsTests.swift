// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct IndexedWordsTests {
    private static func index(_ entries: [String], _ type: ParquetLogicalType = .string) throws -> IndexedWords {
        let codes = entries.indices.map(UInt32.init)
        let data = ParquetColumnData(.byteArrays(ByteArrays(entries.map(\.utf8))), codes: codes)
        let columns = [(column: ParquetColumn("a", .byteArray, type), data: data)]
        return try ReadIndex(IndexSample.index(columns, rowCount: entries.count)).words
    }

    private static func entries(_ words: IndexedWords, _ patterns: [WordPattern]) throws -> [Int] {
        let candidates = try words.candidates(patterns)
        try #require(candidates.count <= 1)
        return candidates.first?.entries ?? []
    }

    /// The words of a text, made the slow way.
    private static func words(_ text: String) -> [String] {
        let isInWord = { (scalar: Unicode.Scalar) in
            scalar.value >= 0x80 || "abcdefghijklmnopqrstuvwxyz0123456789.-_".unicodeScalars.contains(scalar)
        }
        // Only ASCII has two cases here.
        let lowercase = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.isASCII ? Character($0).lowercased().unicodeScalars.first ?? $0 : $0 }
            )
        )
        return lowercase.unicodeScalars.split { !isInWord($0) }.map { String(String.UnicodeScalarView($0)) }
    }

    private static func fits(_ word: String, _ text: String, _ place: WordPattern.Place) -> Bool {
        let (word, text) = (Array(word.utf8), Array(text.utf8))
        return switch place {
        case .whole: word == text
        case .atStart: word.starts(with: text)
        case .atEnd: word.reversed().starts(with: text.reversed())
        case .anywhere: word.indices.contains { word[$0...].starts(with: text) }
        }
    }

    @Test func `words are those of a tokeniser made by hand`() throws {
        var random = SeededRandom(9)
        let parts = [
            "crn:", "/", "=", "Topic", "payments-", "EU", "ab", "é", ".x", "_", " ", "\t", "1", "\u{0}", "ÀB", ",",
        ]
        let entries = (0..<600).map { number in
            (0..<Int.random(in: 0..<9, using: &random)).compactMap { _ in parts.randomElement(using: &random) }.joined()
                + "#\(number)"
        }
        let words = try Self.index(entries)
        let expected = entries.map(Self.words)

        #expect(Set((0..<words.wordCount).map { words.word($0) }) == Set(expected.joined()))
        for text in ["ab", "EU", "é", "payments-", "s-eu", "1", "topic", "topicab", "\u{0}", ".x_", "59", "zz", "b1"] {
            for place in [WordPattern.Place.whole, .atStart, .atEnd, .anywhere] {
                let fitting = entries.indices.filter {
                    expected[$0].contains { Self.fits($0, text.lowercased(), place) }
                }
                #expect(try Self.entries(words, [WordPattern(text.utf8, place)]) == fitting, "\(text) \(place)")
            }
        }
    }

    @Test(arguments: [
        "Payments-1", "payments-", "=lkc-3/", "crn:///kafka", "b7", "café", "\"b4\"", "a/b", "x y", "n", "16",
    ])
    func `whoever has a text is among its candidates`(text: String) throws {
        let sample = IndexSample(rowCount: 3_000)
        let index = try ReadIndex(sample.index())
        let candidates = try index.words.candidates(WordPattern.all(in: text.utf8))

        for number in index.words.columns {
            let (column, data) = sample.columns[number]
            guard case .byteArrays(let entries) = data.values else { continue }
            let found = Set(candidates.filter { $0.columns.contains(number) }.flatMap(\.entries))
            for entry in 0..<entries.count {
                let value = String(decoding: entries.value(entry), as: UTF8.self)
                let decoded = value.replacing(#"\u00e9"#, with: "é").replacing(#"\""#, with: "\"").replacing(
                    #"\/"#,
                    with: "/"
                )
                guard value.lowercased().contains(text.lowercased()) || decoded.lowercased().contains(text.lowercased())
                else { continue }
                #expect(found.contains(entry), "\(value) in \(column.name)")
            }
        }
    }

    @Test func `columns of one word each are not repeated, nor are the same dictionaries`() throws {
        let index = try ReadIndex(IndexSample(rowCount: 500).index())
        let names = index.words.columns.map { index.columns.columns[$0].name }

        #expect(names == ["data.resourceName", "resource", "data.request.data"])
        let candidates = try index.words.candidates([WordPattern("kafka".utf8, .whole)])
        #expect(
            candidates.map { $0.columns.map { index.columns.columns[$0].name } } == [["data.resourceName", "resource"]]
        )
    }

    @Test func `an entry with a word too long to be kept is a candidate for everything`() throws {
        let long = String(repeating: "x", count: 256)
        let words = try Self.index(["a b", "c \(long)", "d \(long.dropLast())"])

        #expect(try Self.entries(words, [WordPattern("nowhere".utf8, .whole)]) == [1])
        #expect(try Self.entries(words, [WordPattern("b".utf8, .atStart)]) == [0, 1])
        #expect(try Self.entries(words, [WordPattern("xx".utf8, .anywhere)]) == [1, 2])
        #expect(try Self.entries(words, [WordPattern("a".utf8, .whole), WordPattern("b".utf8, .atEnd)]) == [0, 1])
    }

    @Test func `no patterns leave all entries`() throws {
        let words = try Self.index(["a b", "c", ""])
        #expect(try Self.entries(words, []) == [0, 1, 2])
    }

    @Test func `words in runs of entries come back`() throws {
        let entries = (0..<2_000).map { "n-\($0) \($0 % 100 < 70 ? "common" : "other") \($0 / 500)" }
        let words = try Self.index(entries)

        #expect(try Self.entries(words, [WordPattern("common".utf8, .whole)]) == (0..<2_000).filter { $0 % 100 < 70 })
        #expect(try Self.entries(words, [WordPattern("3".utf8, .whole)]) == Array(1_500..<2_000))
        #expect(try Self.entries(words, [WordPattern("n-1999".utf8, .whole)]) == [1_999])
    }
}
