// SPDX-License-Identifier: Apache-2.0

/// An expression as an automaton whose states are its positions (Glushkov, 1961).
///
/// State 0 stands before the text; state i has just read a scalar of position i. All states that
/// can be reached are kept at once, as bits of words, so no text makes it try again. Sets of states
/// become numbers in a table as long as there are few, see `StateTable`.
final class PositionAutomaton: Sendable {
    let positionCount: Int
    let wordCount: Int
    let classes: ScalarClasses

    /// `wordCount` words for every state: those that may come behind it.
    let followers: [UInt64]

    /// `wordCount` words for every class: the states that read it.
    let readers: [UInt64]

    /// The states in which a text may end.
    let ends: [UInt64]

    private let table: StateTable?

    init(_ syntax: RegexSyntax) {
        var builder = Builder(positionCount: syntax.positionCount)
        let whole = builder.build(syntax.root)
        builder.finish(whole)
        let wordCount = builder.wordCount
        let (classes, members) = ScalarClasses.dividing(syntax.sets)
        var readersOfSet = [[UInt64]](repeating: .init(repeating: 0, count: wordCount), count: syntax.sets.count)
        for (position, set) in builder.sets.enumerated() {
            readersOfSet[set][(position + 1) / 64] |= 1 << UInt64((position + 1) % 64)
        }
        var readers: [UInt64] = []
        readers.reserveCapacity(classes.count * wordCount)
        for sets in members {
            for word in 0..<wordCount { readers.append(sets.reduce(0) { $0 | readersOfSet[$1][word] }) }
        }
        positionCount = builder.sets.count
        self.wordCount = wordCount
        self.classes = classes
        self.readers = readers
        followers = builder.followers
        ends = builder.ends
        table = StateTable(
            wordCount: wordCount,
            classCount: classes.count,
            followers: builder.followers,
            readers: readers,
            ends: builder.ends
        )
    }

    /// Whether the automaton ends well at the end of the text.
    func accepts(_ text: Span<UInt8>) -> Bool {
        if let table { return table.accepts(text, classes) }
        var state = [UInt64](repeating: 0, count: wordCount)
        state[0] = 1
        var next = state
        var index = 0
        while index < text.count {
            let base = classes.next(in: text, at: &index) * wordCount
            Self.step(from: state, followers, into: &next)
            var any: UInt64 = 0
            for word in 0..<wordCount {
                next[word] &= readers[base + word]
                any |= next[word]
            }
            if any == 0 { return false }
            swap(&state, &next)
        }
        return (0..<wordCount).contains { state[$0] & ends[$0] != 0 }
    }

    /// All states that may come behind any of these.
    static func step(from states: [UInt64], _ followers: [UInt64], into next: inout [UInt64]) {
        let wordCount = states.count
        for word in 0..<wordCount { next[word] = 0 }
        for word in 0..<wordCount {
            var rest = states[word]
            while rest != 0 {
                let base = (word * 64 + rest.trailingZeroBitCount) * wordCount
                for other in 0..<wordCount { next[other] |= followers[base + other] }
                rest &= rest - 1
            }
        }
    }
}

// MARK: - From the tree

extension PositionAutomaton {
    /// The states where a part can begin and end, and whether it fits the empty text.
    private struct Fragment {
        var first: [UInt64]
        var last: [UInt64]
        var isNullable: Bool
    }

    private struct Builder {
        let wordCount: Int
        /// The set that each position reads.
        private(set) var sets: [Int] = []
        private(set) var followers: [UInt64]
        private(set) var ends: [UInt64]

        init(positionCount: Int) {
            wordCount = positionCount / 64 + 1
            followers = .init(repeating: 0, count: (positionCount + 1) * wordCount)
            ends = .init(repeating: 0, count: wordCount)
        }

        /// Recursion goes as deep as the tree, which the parser bounds.
        mutating func build(_ node: RegexSyntax.Node) -> Fragment {
            switch node {
            case .empty:
                return nothing
            case .set(let set):
                sets.append(set)
                var bits = nothing.first
                bits[sets.count / 64] |= 1 << UInt64(sets.count % 64)
                return Fragment(first: bits, last: bits, isNullable: false)
            case .sequence(let parts):
                var whole = nothing
                for part in parts { append(build(part), to: &whole) }
                return whole
            case .choice(let parts):
                var whole = nothing
                whole.isNullable = false
                for part in parts {
                    let fragment = build(part)
                    Self.unite(&whole.first, fragment.first)
                    Self.unite(&whole.last, fragment.last)
                    whole.isNullable = whole.isNullable || fragment.isNullable
                }
                return whole
            case .repeated(let part, let minimum, let maximum):
                var whole = nothing
                for copy in 0..<(maximum ?? max(minimum, 1)) {
                    var fragment = build(part)
                    // Without an end, the last copy comes again and again.
                    if maximum == nil, copy + 1 >= minimum { connect(fragment.last, to: fragment.first) }
                    if copy >= minimum { fragment.isNullable = true }
                    append(fragment, to: &whole)
                }
                return whole
            }
        }

        /// Puts state 0 in front.
        mutating func finish(_ whole: Fragment) {
            for word in 0..<wordCount { followers[word] |= whole.first[word] }
            ends = whole.last
            if whole.isNullable { ends[0] |= 1 }
        }

        private var nothing: Fragment {
            let none = [UInt64](repeating: 0, count: wordCount)
            return Fragment(first: none, last: none, isNullable: true)
        }

        private mutating func append(_ part: Fragment, to whole: inout Fragment) {
            connect(whole.last, to: part.first)
            if whole.isNullable { Self.unite(&whole.first, part.first) }
            if part.isNullable { Self.unite(&whole.last, part.last) } else { whole.last = part.last }
            whole.isNullable = whole.isNullable && part.isNullable
        }

        private mutating func connect(_ states: [UInt64], to first: [UInt64]) {
            for word in 0..<wordCount {
                var rest = states[word]
                while rest != 0 {
                    let base = (word * 64 + rest.trailingZeroBitCount) * wordCount
                    for other in 0..<wordCount { followers[base + other] |= first[other] }
                    rest &= rest - 1
                }
            }
        }

        private static func unite(_ left: inout [UInt64], _ right: [UInt64]) {
            for word in left.indices { left[word] |= right[word] }
        }
    }
}
