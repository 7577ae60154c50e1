// SPDX-License-Identifier: Apache-2.0

/// A regular expression as a tree, and the sets of scalars that its leaves name.
struct RegexSyntax {
    /// A part of an expression.
    ///
    /// Parts that match nothing but the empty text are always `empty`, so every other part has a
    /// position, and what is done for each copy of a part is bounded by the number of positions.
    indirect enum Node {
        case empty
        /// One scalar of the set with this number.
        case set(Int)
        case sequence([Node])
        case choice([Node])
        /// Any number of times from `minimum`; nil is without an end.
        case repeated(Node, minimum: Int, maximum: Int?)
    }

    let root: Node
    let sets: [ScalarSet]

    /// Positions, with counted repeats written out.
    let positionCount: Int
}

extension RegexSyntax.Node {
    var isEmpty: Bool {
        if case .empty = self { true } else { false }
    }

    /// One after the other, in the simplest form.
    static func inOrder(_ parts: [RegexSyntax.Node]) -> RegexSyntax.Node {
        let kept = parts.filter { !$0.isEmpty }
        guard let first = kept.first else { return .empty }
        return kept.count == 1 ? first : .sequence(kept)
    }

    /// One of them, in the simplest form.
    static func anyOf(_ parts: [RegexSyntax.Node]) -> RegexSyntax.Node {
        let kept = parts.filter { !$0.isEmpty }
        guard let first = kept.first else { return .empty }
        let choice = kept.count == 1 ? first : RegexSyntax.Node.choice(kept)
        return kept.count == parts.count ? choice : choice.times(0, 1)
    }

    /// So many times, in the simplest form.
    func times(_ minimum: Int, _ maximum: Int?) -> RegexSyntax.Node {
        switch (self, minimum, maximum) {
        case (.empty, _, _), (_, _, 0): .empty
        case (_, 1, 1), (.repeated(_, minimum: 0, maximum: nil), _, _), (.repeated(_, minimum: 0, maximum: 1), 0, 1):
            self
        default: .repeated(self, minimum: minimum, maximum: maximum)
        }
    }
}
