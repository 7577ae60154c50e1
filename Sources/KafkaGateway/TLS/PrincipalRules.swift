// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What becomes of a certificate's subject: the brokers' `ssl.principal.mapping.rules` (KIP-371).
///
/// Rules with commas between: `DEFAULT`, which takes the subject as it is, or `RULE:pattern/replacement/`, behind which `L` or
/// `U` changes the case of the result. The first rule whose pattern matches all of the subject counts. A slash or a comma in a
/// pattern has a backslash before it, or for the comma none.
package final class PrincipalRules: Sendable {
    package struct Problem: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    private enum Letters {
        case asTheyAre
        case lower
        case upper
    }

    private enum Rule {
        case asItIs
        case pattern(Regex<AnyRegexOutput>, replacement: String, Letters)
    }

    /// `Mutex`: compiled patterns may not be used by two threads at once.
    private let rules: Mutex<[Rule]>

    /// - Throws: `Problem` that names the rule which can't be read.
    package init(_ text: String) throws(Problem) {
        rules = Mutex([])
        var parsed: [(pattern: String, replacement: String, letters: Letters)?] = []
        var rest = text[...].drop { $0.isWhitespace }
        while !rest.isEmpty {
            parsed.append(try Self.takeRule(&rest))
        }
        guard !parsed.isEmpty else { throw Problem(description: "no rule; DEFAULT takes the subject as it is") }
        for rule in parsed {
            guard let rule else {
                rules.withLock { $0.append(.asItIs) }
                continue
            }
            let isPattern = rules.withLock { rules in
                guard let pattern = try? Regex(rule.pattern) else { return false }
                rules.append(.pattern(pattern, replacement: rule.replacement, rule.letters))
                return true
            }
            guard isPattern else { throw Problem(description: "\"\(rule.pattern)\" is no pattern") }
        }
    }

    /// The name that follows from a subject; nil when no rule matches.
    package func name(of subject: String) -> String? {
        rules.withLock { rules in
            for rule in rules {
                switch rule {
                case .asItIs:
                    return subject
                case .pattern(let pattern, let replacement, let letters):
                    guard let match = try? pattern.wholeMatch(in: subject) else { continue }
                    let name = Self.fill(replacement, match.output)
                    return switch letters {
                    case .asTheyAre: name
                    case .lower: name.lowercased()
                    case .upper: name.uppercased()
                    }
                }
            }
            return nil
        }
    }

    /// Puts groups in the places of `$1` to `$9`; numbers of groups that there are not stay as they are.
    private static func fill(_ replacement: String, _ groups: AnyRegexOutput) -> String {
        var name = ""
        var rest = replacement[...]
        while let character = rest.popFirst() {
            guard character == "$", let digit = rest.first, digit.isASCIIDigit, let number = digit.wholeNumberValue,
                number < groups.count
            else {
                name.append(character)
                continue
            }
            rest.removeFirst()
            name += groups[number].substring ?? ""
        }
        return name
    }

    // MARK: - Reading rules

    /// Takes a rule and the comma behind it; nil for `DEFAULT`.
    private static func takeRule(
        _ rest: inout Substring
    ) throws(Problem) -> (pattern: String, replacement: String, letters: Letters)? {
        defer { rest = rest.drop { $0.isWhitespace } }
        if rest.hasPrefix("DEFAULT") {
            rest.removeFirst("DEFAULT".count)
            try takeComma(&rest)
            return nil
        }
        guard rest.hasPrefix("RULE:") else { throw Problem(description: "\"\(rest)\" is neither RULE: nor DEFAULT") }
        rest.removeFirst("RULE:".count)
        guard let pattern = takePart(&rest), let replacement = takePart(&rest) else {
            throw Problem(description: "a rule has the form RULE:pattern/replacement/ with an L or U behind it or not")
        }
        var letters = Letters.asTheyAre
        if rest.first == "L" || rest.first == "U" { letters = rest.removeFirst() == "L" ? .lower : .upper }
        try takeComma(&rest)
        return (pattern, replacement, letters)
    }

    /// What stands before the next slash without a backslash.
    private static func takePart(_ rest: inout Substring) -> String? {
        var part = ""
        while let character = rest.popFirst() {
            if character == "/" { return part }
            if character == "\\", let next = rest.popFirst() {
                part += next == "/" ? "/" : "\\\(next)"
            } else {
                part.append(character)
            }
        }
        return nil
    }

    private static func takeComma(_ rest: inout Substring) throws(Problem) {
        rest = rest.drop { $0.isWhitespace }
        guard let next = rest.popFirst() else { return }
        guard next == "," else { throw Problem(description: "\"\(next)\" stands where a comma or the end should") }
    }
}
