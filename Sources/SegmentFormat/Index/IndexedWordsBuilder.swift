// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Makes the sections of words: which entries of dictionaries have which words.
///
/// Only of columns in which an entry has more than one word: of the others the dictionary is the list of words.
struct IndexedWordsBuilder {
    private var dictionaries: [(values: ByteArrays, columns: [Int])] = []
    private var entryCount = 0

    private var words = TextDictionary()
    /// Finding is all that it is for: the order of the words is that of their text.
    private let keyHash = KeyHash(seed: .random(in: .min ... .max))
    /// For each word one more than the last entry that it was found in.
    private var lastEntry: [UInt32] = []
    /// For each time an entry has a word the word and, in the lower half, the entry.
    private var finds: [UInt64] = []
    private var folded: [UInt8] = []

    /// Takes the dictionary of a column.
    ///
    /// Dictionaries that are the same are taken once.
    mutating func add(column: Int, _ entries: ByteArrays, rowCount: Int) {
        let limit = max(IndexLimits.minimumTextByteCount, rowCount * IndexLimits.maximumTextBytesPerRow)
        guard entries.bytes.count <= limit, entryCount + entries.count <= IndexedWords.maximumEntryCount else { return }
        if let same = dictionaries.firstIndex(where: { $0.values == entries }) {
            dictionaries[same].columns.append(column)
            return
        }
        WordText.fold(entries.bytes.span, into: &folded)
        guard Self.hasSeveralWords(folded, entries) else { return }
        dictionaries.append((entries, [column]))
        for entry in 0..<entries.count { addWords(of: entries, entry) }
        entryCount += entries.count
    }

    private static func hasSeveralWords(_ folded: [UInt8], _ entries: ByteArrays) -> Bool {
        let text = unsafe folded.span.bytes
        for entry in 0..<entries.count {
            let range = entries[entry]
            guard let first = WordText.next(text, from: range.lowerBound, to: range.upperBound) else { continue }
            if WordText.next(text, from: first.upperBound, to: range.upperBound) != nil { return true }
        }
        return false
    }

    private mutating func addWords(of entries: ByteArrays, _ entry: Int) {
        let place = UInt32(entryCount + entry)
        addWords(of: folded, entries[entry], place)
        // Text between the quotes of JSON, perhaps: the words are then those of what it stands for. It may also be what
        // it is, so both are taken.
        let text = entries.bytes[entries[entry]]
        guard text.contains(UInt8(ascii: "\\")) else { return }
        var decoded: [UInt8] = []
        JSONString.decode(Array(text).span, into: &decoded)
        var foldedText: [UInt8] = []
        WordText.fold(decoded.span, into: &foldedText)
        addWords(of: foldedText, 0..<foldedText.count, place)
    }

    private mutating func addWords(of folded: [UInt8], _ range: Range<Int>, _ place: UInt32) {
        let text = unsafe folded.span.bytes
        var start = range.lowerBound
        while let word = WordText.next(text, from: start, to: range.upperBound) {
            start = word.upperBound
            // The empty word stands for words too long to be kept: whoever has it may have any word.
            let kept = word.count <= IndexLimits.maximumWordByteCount ? word : word.lowerBound..<word.lowerBound
            let number = words.code(of: text, kept, keyHash)
            if number == lastEntry.count { lastEntry.append(0) }
            if lastEntry[number] != place + 1 {
                lastEntry[number] = place + 1
                finds.append(UInt64(number) << 32 | UInt64(place))
            }
        }
    }

    // MARK: - Bytes

    /// The words as text, and the places of each.
    func finish() -> (words: [UInt8], places: [UInt8]) {
        var text: [UInt8] = []
        text.appendVarint(UInt64(dictionaries.count))
        for dictionary in dictionaries {
            text.appendVarint(UInt64(dictionary.values.count))
            text.appendVarint(UInt64(dictionary.columns.count))
            for column in dictionary.columns { text.appendVarint(UInt64(column)) }
        }
        let order = sortedWords()
        let (bits, ends) = places(order)
        text.appendVarint(UInt64(order.count))
        appendText(order, to: &text)
        for place in ends.indices { text.appendVarint(UInt64(ends[place] - (place > 0 ? ends[place - 1] : 0))) }
        return (text, bits)
    }

    /// The numbers of the words in the order of their text.
    private func sortedWords() -> [Int] {
        // The first eight bytes decide nearly always.
        let keyed = (0..<words.count).map { number in
            let range = words.range(of: number)
            var key: UInt64 = 0
            for place in 0..<8 {
                key = key << 8 | UInt64(place < range.count ? words.bytes[range.lowerBound + place] : 0)
            }
            return (key: key, number: number)
        }
        return keyed.sorted { left, right in
            if left.key != right.key { return left.key < right.key }
            return words.bytes[words.range(of: left.number)].lexicographicallyPrecedes(
                words.bytes[words.range(of: right.number)]
            )
        }.map(\.number)
    }

    /// How many bytes each word shares with the one before, how many follow, and those that follow.
    private func appendText(_ order: [Int], to text: inout [UInt8]) {
        var (shared, rest, bytes): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        var last = 0..<0
        for number in order {
            let range = words.range(of: number)
            var count = 0
            while count < min(last.count, range.count),
                words.bytes[last.lowerBound + count] == words.bytes[range.lowerBound + count]
            { count += 1 }
            shared.append(UInt8(count))
            rest.append(UInt8(range.count - count))
            bytes += words.bytes[range.dropFirst(count)]
            last = range
        }
        text += shared
        text += rest
        text += bytes
    }

    /// The places of all words as bits, and where those of every 16 words end.
    private func places(_ order: [Int]) -> (bits: [UInt8], ends: [Int]) {
        let (grouped, ends) = groupedFinds()
        var writer = BitWriter()
        var offsets: [Int] = []
        for (rank, number) in order.enumerated() {
            let start = number == 0 ? 0 : Int(ends[number - 1])
            WordPlaces.append(grouped.span.extracting(start..<Int(ends[number])), entryCount: entryCount, to: &writer)
            if rank % IndexLimits.wordsPerOffset == IndexLimits.wordsPerOffset - 1 || rank == order.count - 1 {
                offsets.append(writer.bitCount)
            }
        }
        return (writer.bytes(), offsets)
    }

    /// The places word by word, sorted by counting, and where each word's end.
    private func groupedFinds() -> (places: [UInt32], ends: [UInt32]) {
        var ends = [UInt32](repeating: 0, count: words.count)
        var next = ends.mutableSpan
        let finds = finds.span
        for find in finds.indices { next[Int(finds[find] &>> 32)] += 1 }
        var start: UInt32 = 0
        for word in next.indices {
            let count = next[word]
            next[word] = start
            start += count
        }
        var places = [UInt32](repeating: 0, count: finds.count)
        var grouped = places.mutableSpan
        for find in finds.indices {
            let word = Int(finds[find] &>> 32)
            grouped[Int(next[word])] = UInt32(truncatingIfNeeded: finds[find])
            next[word] += 1
        }
        return (places, ends)
    }
}
