// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Finds the entries of dictionaries that have given words.
package struct IndexedWords: Sendable {
    /// Entries of all dictionaries together.
    static let maximumEntryCount = 1 << 25

    /// Entries of a dictionary that may match.
    package struct Candidates: Equatable, Sendable {
        /// The columns that have this dictionary, by their places in `IndexedColumns`.
        package let columns: [Int]
        /// In rising order.
        package let entries: [Int]
    }

    private let dictionaries: [Dictionary]
    private let entryCount: Int
    private let text: [UInt8]
    /// Where each word begins in the text, and last where all end.
    private let offsets: [UInt32]
    /// Bits of the places of every 16th word.
    private let placeOffsets: [Int]
    private let places: [UInt8]
    private let grams: GramFilter

    private struct Dictionary: Sendable {
        let columns: [Int]
        let entries: Range<Int>
    }

    package var wordCount: Int { offsets.count - 1 }

    /// Bytes of memory, about.
    package var byteCount: Int {
        text.count + offsets.count * 4 + placeOffsets.count * 8 + places.count + GramFilter.byteCount
    }

    /// Columns whose entries have their words here, by their places in `IndexedColumns`.
    ///
    /// Values of other columns are found only by looking through their dictionaries or the values themselves.
    package var columns: [Int] { dictionaries.flatMap(\.columns).sorted() }

    /// A word's text; the empty word stands for all that are too long to be kept.
    package func word(_ number: Int) -> String {
        String(decoding: text[range(of: number)], as: UTF8.self)
    }

    private func range(of number: Int) -> Range<Int> {
        Int(offsets[number])..<Int(offsets[number + 1])
    }

    // MARK: - Finding

    /// The entries that have, for each pattern, a word that it fits; entries with a word that is not kept are among
    /// them.
    ///
    /// Without patterns all entries.
    ///
    /// - Throws: `truncated`, `inconsistent`.
    package func candidates(_ patterns: [WordPattern]) throws(SegmentError) -> [Candidates] {
        var all: [UInt64]?
        for pattern in patterns {
            var found = [UInt64](repeating: 0, count: (entryCount + 63) / 64)
            try add(words(pattern), to: &found)
            if let earlier = all { for place in found.indices { found[place] &= earlier[place] } }
            all = found
        }
        let found = all ?? Array(repeating: .max, count: (entryCount + 63) / 64)
        return dictionaries.compactMap { dictionary in
            let entries = Self.bits(of: found, in: dictionary.entries)
            return entries.isEmpty ? nil : Candidates(columns: dictionary.columns, entries: entries)
        }
    }

    private static func bits(of words: [UInt64], in range: Range<Int>) -> [Int] {
        var bits: [Int] = []
        guard !range.isEmpty else { return bits }
        for number in range.lowerBound / 64...(range.upperBound - 1) / 64 {
            var word = words[number]
            while word != 0 {
                let bit = number * 64 + word.trailingZeroBitCount
                if range.contains(bit) { bits.append(bit - range.lowerBound) }
                word &= word - 1
            }
        }
        return bits
    }

    /// Marks the places of words, whose numbers rise.
    private func add(_ numbers: [Int], to found: inout [UInt64]) throws(SegmentError) {
        let bits = unsafe places.span.bytes
        var reader = BitReader()
        var next = 0
        for number in numbers {
            let group = number / IndexLimits.wordsPerOffset
            if next == 0 || group > (next - 1) / IndexLimits.wordsPerOffset {
                reader = BitReader(atBit: group == 0 ? 0 : placeOffsets[group - 1])
                next = group * IndexLimits.wordsPerOffset
            }
            while next <= number {
                try WordPlaces.read(bits, &reader, entryCount: entryCount, into: &found, isWanted: next == number)
                next += 1
            }
        }
    }

    /// The numbers of the words that fit a pattern, rising, and that of the empty word.
    func words(_ pattern: WordPattern) -> [Int] {
        let empty = wordCount > 0 && offsets[1] == 0 ? [0] : []
        guard !pattern.text.isEmpty else { return Array(0..<wordCount) }
        switch pattern.place {
        case .whole, .atStart:
            let first = firstWord(notBefore: pattern.text)
            var end = first
            while end < wordCount, pattern.matches(text[range(of: end)]) { end += 1 }
            return empty + Array(first..<end)
        case .atEnd, .anywhere:
            return empty + wordsContaining(pattern)
        }
    }

    private func firstWord(notBefore text: [UInt8]) -> Int {
        var range = 0..<wordCount
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if self.text[self.range(of: middle)].lexicographicallyPrecedes(text) {
                range = middle + 1..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }

    private func wordsContaining(_ pattern: WordPattern) -> [Int] {
        guard grams.mayContain(pattern.text) else { return [] }
        var found: [Int] = []
        var start = 0
        while let place = TextSearch.first(pattern.text, in: text, from: start) {
            let number = word(at: place)
            let end = Int(offsets[number + 1])
            start = place + 1
            // A place may span two words that stand side by side.
            guard pattern.place == .atEnd ? place + pattern.text.count == end : place + pattern.text.count <= end else {
                continue
            }
            found.append(number)
            start = end
        }
        return found
    }

    /// The word that a byte of the text belongs to.
    private func word(at place: Int) -> Int {
        var range = 0..<wordCount
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            range = Int(offsets[middle]) <= place ? middle..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    // MARK: - Reading

    /// Reads the words of columns that have so many entries each.
    ///
    /// - Throws: `truncated`, `inconsistent`, `tooLarge`.
    init(_ words: [UInt8], places: [UInt8], entryCounts: [Int]) throws(SegmentError) {
        let raw = unsafe words.span.bytes
        var offset = 0
        (dictionaries, entryCount) = try Self.dictionaries(raw, at: &offset, entryCounts: entryCounts)
        let wordCount = try raw.count(at: &offset, upTo: raw.byteCount, "words")
        (text, offsets) = try Self.text(raw, at: &offset, wordCount: wordCount)
        var placeOffsets: [Int] = []
        var end = 0
        for _ in stride(from: 0, to: wordCount, by: IndexLimits.wordsPerOffset) {
            end += try raw.count(at: &offset, upTo: places.count * 8 - end, "bits of places")
            placeOffsets.append(end)
        }
        guard offset == raw.byteCount, (end + 7) / 8 == places.count else {
            throw SegmentError(.inconsistent, "\(raw.byteCount) bytes of words, \(places.count) of places")
        }
        grams = GramFilter(text)
        self.placeOffsets = placeOffsets
        self.places = places
    }

    private static func dictionaries(
        _ bytes: RawSpan,
        at offset: inout Int,
        entryCounts: [Int]
    ) throws(SegmentError) -> ([Dictionary], entryCount: Int) {
        var dictionaries: [Dictionary] = []
        var start = 0
        for _ in 0..<(try bytes.count(at: &offset, upTo: entryCounts.count, "dictionaries")) {
            let entryCount = try bytes.count(at: &offset, upTo: maximumEntryCount - start, "entries")
            var columns: [Int] = []
            for _ in 0..<(try bytes.count(at: &offset, upTo: entryCounts.count, "columns")) {
                columns.append(try bytes.count(at: &offset, upTo: entryCounts.count - 1, "as the number of a column"))
            }
            guard columns.allSatisfy({ entryCounts[$0] == entryCount }) else {
                throw SegmentError(.inconsistent, "a dictionary of \(entryCount) entries in columns of others")
            }
            dictionaries.append(Dictionary(columns: columns, entries: start..<start + entryCount))
            start += entryCount
        }
        return (dictionaries, start)
    }

    /// The words, of which each was written as what differs from the one before.
    private static func text(
        _ bytes: RawSpan,
        at offset: inout Int,
        wordCount: Int
    ) throws(SegmentError) -> ([UInt8], [UInt32]) {
        let (shared, rest) = (offset, offset + wordCount)
        guard bytes.byteCount - offset >= 2 * wordCount else {
            throw SegmentError(.truncated, "the words are cut off", .init(byteOffset: offset))
        }
        offset += 2 * wordCount
        var text: [UInt8] = []
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(wordCount + 1)
        var last = 0..<0
        for word in 0..<wordCount {
            let (sharedCount, restCount) = (Int(bytes.byte(at: shared + word)), Int(bytes.byte(at: rest + word)))
            guard sharedCount <= last.count, restCount <= bytes.byteCount - offset,
                sharedCount + restCount <= IndexLimits.maximumWordByteCount
            else { throw SegmentError(.inconsistent, "\(sharedCount) and \(restCount) bytes of a word") }
            let start = text.count
            // A shared beginning is written once and read for every word.
            guard start <= IndexLimits.maximumSectionByteCount else {
                throw SegmentError(.tooLarge, "words of more than \(start) bytes")
            }
            for place in last.prefix(sharedCount) { text.append(text[place]) }
            text.append(bytes.extracting(offset..<offset + restCount))
            offset += restCount
            offsets.append(UInt32(text.count))
            last = start..<text.count
        }
        return (text, offsets)
    }
}
