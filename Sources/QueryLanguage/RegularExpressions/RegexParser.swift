// SPDX-License-Identifier: Apache-2.0

/// Reads the notation of regular expressions, by recursive descent with a bound on its depth.
struct RegexParser {
    private let scalars: [Unicode.Scalar]
    private let ignoresCase: Bool
    private var index = 0
    private var depth = 0
    private var sets: [ScalarSet] = []
    private var setNumbers: [ScalarSet: Int] = [:]

    /// A part and how many positions it has.
    private typealias Part = (node: RegexSyntax.Node, positionCount: Int)

    static func syntax(of source: String, ignoresCase: Bool) throws(RegularExpressionError) -> RegexSyntax {
        var parser = RegexParser(scalars: Array(source.unicodeScalars), ignoresCase: ignoresCase)
        guard !parser.scalars.isEmpty else {
            throw parser.error("an empty regular expression", 0..<0, [#""" for the empty text"#])
        }
        let part = try parser.choice()
        guard parser.index == parser.scalars.count else {
            throw parser.error("unexpected )", parser.here, [#"\) for a parenthesis"#])
        }
        return RegexSyntax(root: part.node, sets: parser.sets, positionCount: part.positionCount)
    }

    private init(scalars: [Unicode.Scalar], ignoresCase: Bool) {
        self.scalars = scalars
        self.ignoresCase = ignoresCase
    }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    // MARK: - Structure

    private mutating func choice() throws(RegularExpressionError) -> Part {
        var parts = [try sequence()]
        while next == "|" {
            index += 1
            parts.append(try sequence())
        }
        let count = try sum(of: parts)
        return (.anyOf(parts.map(\.node)), count)
    }

    private mutating func sequence() throws(RegularExpressionError) -> Part {
        var parts: [Part] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = index
            let part = try repeats(of: try atom(), from: start)
            parts.append(part)
        }
        let count = try sum(of: parts)
        return (.inOrder(parts.map(\.node)), count)
    }

    private func sum(of parts: [Part]) throws(RegularExpressionError) -> Int {
        // Each part is within the limit, and there are at most as many as bytes in a query.
        let count = parts.reduce(0) { $0 + $1.positionCount }
        try requireLimit(count, from: 0)
        return count
    }

    private mutating func atom() throws(RegularExpressionError) -> Part {
        guard let scalar = next else { return (.empty, 0) }
        switch scalar {
        case "(": return try group()
        case "[": return leaf(try characterClass())
        case "\\": return leaf(try escape())
        case ".":
            index += 1
            return leaf(.all)
        case "*", "+", "?", "{":
            throw error("nothing to repeat before \(scalar)", here, [#"\\#(scalar) for the character"#])
        case "^", "$":
            throw error("\(scalar) means nothing: the whole value has to fit", here, Self.insteadOfAnchor(scalar))
        default:
            index += 1
            return leaf(ScalarSet(scalar))
        }
    }

    private static func insteadOfAnchor(_ scalar: Unicode.Scalar) -> [String] {
        [".* for any text before or behind", #"\\#(scalar) for the character"#]
    }

    private mutating func leaf(_ set: ScalarSet) -> Part {
        let set = ignoresCase ? set.ignoringCase : set
        if let number = setNumbers[set] { return (.set(number), 1) }
        let number = sets.count
        sets.append(set)
        setNumbers[set] = number
        return (.set(number), 1)
    }

    private mutating func group() throws(RegularExpressionError) -> Part {
        let start = index
        index += 1
        if next == "?" {
            guard index + 1 < scalars.count, scalars[index + 1] == ":" else { throw wrongGroup(from: start) }
            index += 2
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= QueryLimits.maximumDepth else {
            throw error("groups nested deeper than \(QueryLimits.maximumDepth)", start..<start + 1, [])
        }
        let part = try choice()
        guard next == ")" else {
            throw error("group without its end", start..<start + 1, ["a closing )", #"\( for a parenthesis"#])
        }
        index += 1
        return part
    }

    private func wrongGroup(from start: Int) -> RegularExpressionError {
        let kind = index + 1 < scalars.count ? scalars[index + 1] : nil
        let second = index + 2 < scalars.count ? scalars[index + 2] : nil
        let range = start..<min(index + 2, scalars.count)
        switch (kind, second) {
        case ("=", _), ("!", _), ("<", "="), ("<", "!"):
            return error("there is no look-ahead and no look-behind", range, ["NOT field:/…/ for an exclusion"])
        case ("P", _), ("<", _), ("'", _):
            return error("groups have no names", range, ["(", "(?:"])
        case ("i", _):
            return error("options stand behind the closing slash", range, ["/…/i"])
        default:
            return error("no such group", range, ["(", "(?:"])
        }
    }

    // MARK: - Repeats

    private mutating func repeats(of part: Part, from start: Int) throws(RegularExpressionError) -> Part {
        let bounds: (minimum: Int, maximum: Int?)
        switch next {
        case "*": bounds = (0, nil)
        case "+": bounds = (1, nil)
        case "?": bounds = (0, 1)
        case "{": bounds = try counted()
        default: return part
        }
        index += 1
        if let again = next, again == "*" || again == "+" || again == "?" || again == "{" {
            throw error(
                "a repeat of a repeat",
                here,
                ["one of * + ? {m,n}, as what fits does not depend on greed", #"\\#(again) for the character"#]
            )
        }
        let copies = max(bounds.maximum ?? bounds.minimum, bounds.maximum == nil ? 1 : 0)
        let count = part.positionCount * copies
        try requireLimit(count, from: start)
        return (part.node.times(bounds.minimum, bounds.maximum), count)
    }

    /// `{m}`, `{m,}`, `{,n}` or `{m,n}`; leaves the closing brace.
    private mutating func counted() throws(RegularExpressionError) -> (minimum: Int, maximum: Int?) {
        let start = index
        index += 1
        let minimum = try number(from: start)
        var maximum = minimum
        if next == "," {
            index += 1
            maximum = try number(from: start)
            // `{,}` says nothing.
            if minimum == nil, maximum == nil { throw wrongRepeat(from: start) }
        } else if minimum == nil {
            throw wrongRepeat(from: start)
        }
        guard next == "}" else { throw wrongRepeat(from: start) }
        if let minimum, let maximum, minimum > maximum {
            throw error("a repeat of at least \(minimum) and at most \(maximum)", start..<index + 1, [])
        }
        return (minimum ?? 0, maximum)
    }

    private mutating func number(from start: Int) throws(RegularExpressionError) -> Int? {
        let first = index
        var number = 0
        while let digit = next, ("0"..."9").contains(digit) {
            number = number * 10 + Int(digit.value - 0x30)
            guard number <= QueryLimits.maximumRegexPositions else {
                throw error("a repeat of more than \(QueryLimits.maximumRegexPositions)", start..<index + 1, [])
            }
            index += 1
        }
        return index > first ? number : nil
    }

    private func wrongRepeat(from start: Int) -> RegularExpressionError {
        error("braces that count nothing", start..<start + 1, ["{m}", "{m,}", "{m,n}", #"\{ for a brace"#])
    }

    private func requireLimit(_ count: Int, from start: Int) throws(RegularExpressionError) {
        guard count > QueryLimits.maximumRegexPositions else { return }
        throw error(
            "a regular expression of \(count) positions, more than \(QueryLimits.maximumRegexPositions)",
            start..<index,
            []
        )
    }

    // MARK: - Characters

    private mutating func escape() throws(RegularExpressionError) -> ScalarSet {
        let start = index
        index += 1
        guard let scalar = next else {
            throw error("backslash with nothing behind it", start..<index, [#"\\ for a backslash"#])
        }
        index += 1
        if let set = ScalarSet.named(scalar) { return set }
        switch scalar {
        case "n": return ScalarSet("\n")
        case "r": return ScalarSet("\r")
        case "t": return ScalarSet("\t")
        case "0"..."9":
            throw error("there are no backreferences", start..<index, ["the text itself"])
        case "A", "B", "b", "Z", "z":
            throw error(
                "\\\(scalar) means nothing: the whole value has to fit",
                start..<index,
                [".* for any text before or behind"]
            )
        case "a"..."z", "A"..."Z":
            throw error(
                "unknown escape \\\(scalar)",
                start..<index,
                [#"\d \w \s \D \W \S \n \r \t, or \ before what is no letter"#]
            )
        default: return ScalarSet(scalar)
        }
    }

    private mutating func characterClass() throws(RegularExpressionError) -> ScalarSet {
        let start = index
        index += 1
        let isInverted = next == "^"
        if isInverted { index += 1 }
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        // A bracket right at the start is a member, as everywhere.
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            let place = index
            let lower = try member()
            // A hyphen right before the end is a member.
            guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
                ranges += lower.ranges
                continue
            }
            index += 1
            let upper = try member()
            guard let first = lower.single, let last = upper.single else {
                throw error("a range from or to a class", place..<index, [#"\- for a hyphen"#])
            }
            guard first <= last else {
                throw error("a range that ends before it begins", place..<index, [])
            }
            ranges.append(first...last)
        }
        guard next == "]" else {
            throw error("class without its end", start..<start + 1, ["a closing ]", #"\[ for a bracket"#])
        }
        index += 1
        let set = ScalarSet(ranges)
        // Before it is turned round: [^a] without case leaves out A as well.
        let folded = ignoresCase ? set.ignoringCase : set
        return isInverted ? folded.inverted : folded
    }

    private mutating func member() throws(RegularExpressionError) -> ScalarSet {
        guard let scalar = next, scalar != "\\" else { return try escape() }
        // Other languages have sets inside of sets here.
        if scalar == "[" { throw error("a bracket inside a class", here, [#"\[ for a bracket"#]) }
        index += 1
        return ScalarSet(scalar)
    }

    // MARK: - Errors

    private var here: Range<Int> { index..<min(index + 1, scalars.count) }

    private func error(_ message: String, _ range: Range<Int>, _ expected: [String]) -> RegularExpressionError {
        func byteOffset(_ place: Int) -> Int { scalars[..<place].reduce(0) { $0 + UTF8.width($1) } }
        let bytes = byteOffset(range.lowerBound)..<byteOffset(range.upperBound)
        return RegularExpressionError(message: message, byteRange: bytes, expected: expected)
    }
}

extension ScalarSet {
    /// The only member; nil for sets with more or none.
    fileprivate var single: UInt32? {
        guard ranges.count == 1, ranges[0].lowerBound == ranges[0].upperBound else { return nil }
        return ranges[0].lowerBound
    }
}
