// SPDX-License-Identifier: Apache-2.0

import QueryLanguage

extension TextPattern {
    /// The texts that every match has in it, in order: what stands between wildcards.
    var literals: [[UInt8]] {
        var runs: [[UInt8]] = [[]]
        for element in elements {
            if case .byte(let byte) = element {
                runs[runs.count - 1].append(byte)
            } else if runs.last?.isEmpty == false {
                runs.append([])
            }
        }
        return runs.filter { !$0.isEmpty }
    }
}

extension Comparison {
    /// A text that every value which passes has in it; empty when there is none to name.
    var literal: [UInt8] {
        switch self {
        case .equals(let text): Array(text.utf8)
        case .pattern(let pattern):
            pattern.ignoresCase ? [] : pattern.literals.max { $0.count < $1.count } ?? []
        case .range, .exists, .regex, .network: []
        }
    }

    /// The texts that every value which passes has in it, ASCII letters in either case; none when there are none to name.
    var wantedTexts: [[UInt8]] {
        switch self {
        case .equals(let text): text.isEmpty ? [] : [Array(text.utf8)]
        case .pattern(let pattern): pattern.literals
        case .range, .exists, .regex, .network: []
        }
    }
}
