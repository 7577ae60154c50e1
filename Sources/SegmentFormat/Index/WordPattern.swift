// SPDX-License-Identifier: Apache-2.0

/// Which words are looked for.
package struct WordPattern: Equatable, Sendable {
    /// Where the text stands in the word.
    package enum Place: Sendable {
        case whole
        case atStart
        case atEnd
        case anywhere
    }

    package let place: Place
    /// In lower case, as words are.
    let text: [UInt8]

    /// - Parameters:
    ///   - text: bytes of words, in either case.
    ///   - place: where they stand in the word.
    package init(_ text: some Sequence<UInt8>, _ place: Place) {
        self.text = text.map(WordText.lowercase)
        self.place = place
    }

    /// The words that every value has in which this text stands.
    ///
    /// What divides words is not looked for, so this says less than the text. At an open end of the text a word may go
    /// on: `/topic=payments-` has the word `topic`, and one that begins with `payments-`. No patterns say nothing.
    ///
    /// - Parameters:
    ///   - text: a text without wildcards, or what is between two of them.
    ///   - beginsValue: whether values begin with the text.
    ///   - endsValue: whether values end with the text.
    /// - Returns: a pattern for each word, in the order of the text.
    package static func all(
        in text: some Sequence<UInt8>,
        beginsValue: Bool = false,
        endsValue: Bool = false
    ) -> [WordPattern] {
        let bytes = Array(text)
        let runs = bytes.indices.split { WordText.folded[Int(bytes[$0])] == 0 }
        return runs.map { run in
            let startsWord = run.startIndex > 0 || beginsValue
            let endsWord = run.endIndex < bytes.count || endsValue
            let place: Place = startsWord ? (endsWord ? .whole : .atStart) : (endsWord ? .atEnd : .anywhere)
            return WordPattern(bytes[run], place)
        }
    }

    /// Whether a word, in lower case, fits.
    func matches(_ word: ArraySlice<UInt8>) -> Bool {
        switch place {
        case .whole: word.elementsEqual(text)
        case .atStart: word.starts(with: text)
        case .atEnd: word.suffix(text.count).elementsEqual(text)
        case .anywhere:
            text.isEmpty || word.indices.contains { word[$0...].starts(with: text) }
        }
    }
}
