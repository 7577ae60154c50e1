// SPDX-License-Identifier: Apache-2.0

/// Every set of states that an automaton can be in, by number, and where each class leads from it.
///
/// Expressions that people write have some dozens of such sets; others have exponentially many, and
/// then there is no table.
struct StateTable: Sendable {
    private let classCount: Int
    /// `classCount` numbers for every set.
    ///
    /// Number 0 is the empty set, 1 the one at the start.
    private let next: [UInt16]
    private let isEnd: [Bool]

    /// Finds all sets.
    ///
    /// - Returns: nil with more than `QueryLimits.maximumRegexStates` sets, or a table of more than
    ///   `QueryLimits.maximumRegexTableEntries`.
    init?(wordCount: Int, classCount: Int, followers: [UInt64], readers: [UInt64], ends: [UInt64]) {
        let nothing = [UInt64](repeating: 0, count: wordCount)
        var start = nothing
        start[0] = 1
        var found = [nothing, start]
        var numbers = [nothing: 0, start: 1]
        var next = [UInt16](repeating: 0, count: classCount)
        var followingStates = nothing
        var done = 1
        while done < found.count {
            PositionAutomaton.step(from: found[done], followers, into: &followingStates)
            for base in stride(from: 0, to: classCount * wordCount, by: wordCount) {
                let states = (0..<wordCount).map { followingStates[$0] & readers[base + $0] }
                let number = numbers[states, default: found.count]
                if number == found.count {
                    guard number < QueryLimits.maximumRegexStates else { return nil }
                    numbers[states] = number
                    found.append(states)
                }
                guard next.count < QueryLimits.maximumRegexTableEntries else { return nil }
                next.append(UInt16(truncatingIfNeeded: number))
            }
            done += 1
        }
        self.classCount = classCount
        self.next = next
        isEnd = found.map { states in (0..<wordCount).contains { states[$0] & ends[$0] != 0 } }
    }

    /// Whether the set at the end of the text holds a state in which it may end.
    func accepts(_ text: Span<UInt8>, _ classes: ScalarClasses) -> Bool {
        let next = next.span
        var state = 1
        var index = 0
        while index < text.count {
            state = Int(next[state * classCount + classes.next(in: text, at: &index)])
            if state == 0 { return false }
        }
        return isEnd[state]
    }
}
