// SPDX-License-Identifier: Apache-2.0

private import AuditModel

/// Makes pipes of tokens and checks that each makes sense behind the ones before it.
struct PipeParser {
    private let tokens: [PipeToken]
    private let text: [UInt8]
    private var index = 0
    /// What the pipes so far make of the events.
    private var rows = Rows.events
    private var pipes: [Pipe] = []

    /// Tokens that begin with the first pipe, or none.
    init(tokens: [PipeToken], text: [UInt8]) {
        self.tokens = tokens
        self.text = text
    }

    mutating func parse() throws(QueryError) -> [Pipe] {
        while let bar = next {
            guard bar.kind == .pipe else {
                throw error(.unexpected, "unexpected \(shown(bar))", at: bar.byteRange, expected: ["|", "the end"])
            }
            index += 1
            guard pipes.count < QueryLimits.maximumPipes else {
                let message = "more than \(QueryLimits.maximumPipes) pipes"
                throw error(.tooLarge, message, at: bar.byteRange, expected: [])
            }
            let pipe = try pipe(behind: bar)
            rows.pass(pipe)
            pipes.append(pipe)
        }
        return pipes
    }

    // MARK: - Pipes

    private mutating func pipe(behind bar: PipeToken) throws(QueryError) -> Pipe {
        guard let token = next, case .word(let word) = token.kind else {
            throw error(.missing, "a pipe without its name", at: behind(bar), expected: Self.names)
        }
        index += 1
        guard let name = PipeName(rawValue: word) else { throw unknown(word, token) }
        try requireOrder(name, token)
        switch name {
        case .count: return try count()
        case .top: return try top(token)
        case .distinct: return .distinct(try field(behind: token))
        case .facets: return .facets(isAtWord ? try fields(behind: token) : [])
        case .timeline: return .timeline(try field(behind: token))
        case .joinRequest: return .joinRequest
        case .sessions: return try sessions(token)
        case .fields:
            guard case .table(let columns) = rows else { return .fields(try fields(behind: token)) }
            return .columns(try self.columns(behind: token, of: columns))
        case .sort: return .sort(try keys(behind: token))
        case .limit:
            return .limit(try number(0...QueryLimits.maximumLimit, behind: token, as: "limit 10"))
        }
    }

    private static let names = PipeName.allCases.map(\.rawValue)

    private func unknown(_ word: String, _ token: PipeToken) -> QueryError {
        let isCondition = PipeName.filterWords.contains(word.lowercased())
        let what = "\"\(QueryError.excerpt(word))\" is no pipe"
        return error(
            .unknownPipe,
            isCondition ? "\(what): conditions stand before the first |" : what,
            at: token.byteRange,
            expected: isCondition ? ["the condition before the first |"] : Self.names,
            suggestion: isCondition ? nil : PipeName.suggestion(for: word)
        )
    }

    /// One table at most, made of all events that the filter finds.
    private func requireOrder(_ name: PipeName, _ token: PipeToken) throws(QueryError) {
        guard name.makesTable, !pipes.isEmpty else { return }
        if rows.isTable {
            throw error(
                .misplacedPipe,
                "\(name.rawValue) is made of events, and there is a table already",
                at: token.byteRange,
                expected: ["fields, sort or limit behind a table", "a query of its own"]
            )
        }
        throw error(
            .misplacedPipe,
            "\(name.rawValue) is made of all events that the filter finds, so no pipe stands before it",
            at: token.byteRange,
            expected: ["\(name.rawValue) as the first pipe, and the others behind it"]
        )
    }

    private mutating func count() throws(QueryError) -> Pipe {
        var by: [FieldReference] = []
        if let word = take("by") { by = try fields(behind: word) }
        guard let word = take("every") else { return .count(by: by, every: nil) }
        if by.contains(.audit(.time)) {
            throw error(
                .repeatedField,
                "time stands in the list, and every gives a column time",
                at: word.byteRange,
                expected: ["one of both"]
            )
        }
        let step = try step(behind: word, as: "every 1h")
        if let late = next, late.kind == .word("by") {
            let expected = ["count by … every \(step)"]
            throw error(.unexpected, "by stands before every", at: late.byteRange, expected: expected)
        }
        return .count(by: by, every: step)
    }

    private mutating func top(_ token: PipeToken) throws(QueryError) -> Pipe {
        let count = try number(1...QueryLimits.maximumTop, behind: token, as: "top 10 principal")
        // The number stands before the field.
        let field = try field(behind: tokens[index - 1])
        if take("by") == nil || take("count") != nil { return .top(count, field, by: .count) }
        guard let distinct = take("distinct") else {
            throw error(.unexpected, "no measure behind by", at: place, expected: ["count", "distinct and a field"])
        }
        return .top(count, field, by: .distinct(try self.field(behind: distinct)))
    }

    private mutating func sessions(_ token: PipeToken) throws(QueryError) -> Pipe {
        guard let gap = take("gap") else {
            throw error(.missing, "sessions need a gap", at: place(behind: token), expected: ["gap 30m"])
        }
        return .sessions(gap: try step(behind: gap, as: "gap 30m"))
    }

    // MARK: - Names

    /// A word and where it stands, without the hyphen that may turn an order round.
    private struct Name {
        var text: String
        var byteRange: Range<Int>
    }

    private mutating func field(behind token: PipeToken) throws(QueryError) -> FieldReference {
        guard let token = next, case .word(let text) = token.kind else {
            let expected = ["a field such as principal"]
            throw error(.missing, "no field behind \(shown(token))", at: place(behind: token), expected: expected)
        }
        index += 1
        return try reference(Name(text: text, byteRange: token.byteRange))
    }

    private mutating func fields(behind token: PipeToken) throws(QueryError) -> [FieldReference] {
        try list(behind: token, name: \.description) { (parser, name) throws(QueryError) in
            try parser.reference(name)
        }
    }

    private mutating func columns(
        behind token: PipeToken,
        of columns: [ResultColumn]
    ) throws(QueryError) -> [String] {
        try list(behind: token, name: { $0 }) { (parser, name) throws(QueryError) in
            try parser.column(name, of: columns)
        }
    }

    private mutating func keys(behind token: PipeToken) throws(QueryError) -> [SortKey] {
        try list(behind: token, name: \.column) { (parser, name) throws(QueryError) in
            try parser.key(name)
        }
    }

    private mutating func key(_ written: Name) throws(QueryError) -> SortKey {
        var name = written
        let isNegative = name.text.hasPrefix("-")
        if isNegative {
            name.text.removeFirst()
            name.byteRange = name.byteRange.lowerBound + 1..<name.byteRange.upperBound
        }
        let column: String
        if case .table(let columns) = rows {
            column = try self.column(name, of: columns)
        } else {
            column = try reference(name).description
        }
        guard let direction = next, direction.kind == .word("asc") || direction.kind == .word("desc") else {
            return SortKey(column, isDescending: isNegative)
        }
        guard !isNegative else {
            let expected = ["- before the name, or asc or desc behind it"]
            throw error(.unexpected, "a direction twice", at: direction.byteRange, expected: expected)
        }
        index += 1
        return SortKey(column, isDescending: direction.kind == .word("desc"))
    }

    private func reference(_ name: Name) throws(QueryError) -> FieldReference {
        if let field = FieldReference(name: name.text) { return field }
        throw error(
            .unknownField,
            "unknown field \"\(QueryError.excerpt(name.text))\"",
            at: name.byteRange,
            expected: ["a field", "a path that begins with data."],
            suggestion: NearestName.field(for: name.text)
        )
    }

    private func column(_ name: Name, of columns: [ResultColumn]) throws(QueryError) -> String {
        let names = columns.map(\.name)
        // The short name of a field is the one of its column too.
        let column = FieldReference(name: name.text)?.description ?? name.text
        if names.contains(column) { return column }
        throw error(
            .unknownColumn,
            "the table has no column \"\(QueryError.excerpt(name.text))\"",
            at: name.byteRange,
            expected: names,
            suggestion: NearestName.nearest(to: name.text, among: names)
        )
    }

    /// What stands between commas, each at most once.
    private mutating func list<Item>(
        behind token: PipeToken,
        name: (Item) -> String,
        _ item: (inout PipeParser, Name) throws(QueryError) -> Item
    ) throws(QueryError) -> [Item] {
        var items: [Item] = []
        var names: Set<String> = []
        var last = token
        while true {
            guard let token = next, case .word(let text) = token.kind else {
                let message = "no name behind \(shown(last))"
                throw error(.missing, message, at: place(behind: last), expected: ["a name"])
            }
            index += 1
            let made = try item(&self, Name(text: text, byteRange: token.byteRange))
            guard names.insert(name(made)).inserted else {
                throw error(.repeatedField, "\(shown(token)) stands twice", at: token.byteRange, expected: [])
            }
            guard items.count < QueryLimits.maximumFields else {
                let message = "more than \(QueryLimits.maximumFields) names in a list"
                throw error(.tooLarge, message, at: token.byteRange, expected: [])
            }
            items.append(made)
            guard let comma = next, comma.kind == .comma else { return items }
            index += 1
            last = comma
        }
    }

    // MARK: - Numbers

    private mutating func number(
        _ limits: ClosedRange<Int>,
        behind token: PipeToken,
        as example: String
    ) throws(QueryError) -> Int {
        let expected = ["a number from \(limits.lowerBound) to \(limits.upperBound), as in \(example)"]
        guard let word = next, case .word(let digits) = word.kind else {
            throw error(.missing, "no number behind \(shown(token))", at: place(behind: token), expected: expected)
        }
        index += 1
        guard let number = WholeNumber.read(digits), limits.contains(number) else {
            let message = "\"\(QueryError.excerpt(digits))\" is no number that \(shown(token)) takes"
            throw error(.invalidNumber, message, at: word.byteRange, expected: expected)
        }
        return number
    }

    private mutating func step(behind token: PipeToken, as example: String) throws(QueryError) -> TimeStep {
        let expected = ["a step of 1s to 366d with one of the units s m h d w, as in \(example)"]
        guard let word = next, case .word(let written) = word.kind else {
            throw error(.missing, "no step behind \(shown(token))", at: place(behind: token), expected: expected)
        }
        index += 1
        guard let step = TimeStep(written) else {
            let message = "\"\(QueryError.excerpt(written))\" is no step of time"
            throw error(.invalidNumber, message, at: word.byteRange, expected: expected)
        }
        return step
    }

    // MARK: - Tokens

    private var next: PipeToken? { index < tokens.count ? tokens[index] : nil }

    private var isAtWord: Bool {
        if case .word? = next?.kind { true } else { false }
    }

    /// The word, if it is the next token.
    private mutating func take(_ word: String) -> PipeToken? {
        guard let token = next, token.kind == .word(word) else { return nil }
        index += 1
        return token
    }

    // MARK: - Errors

    /// Where the next token stands, or the end.
    private var place: Range<Int> { next?.byteRange ?? text.count..<text.count }

    /// Where something is missing: the token that stands there instead, or right behind the last.
    private func place(behind token: PipeToken) -> Range<Int> {
        next?.byteRange ?? behind(token)
    }

    private func behind(_ token: PipeToken) -> Range<Int> { token.byteRange.upperBound..<token.byteRange.upperBound }

    private func shown(_ token: PipeToken) -> String {
        QueryError.excerpt(String(decoding: text[token.byteRange], as: UTF8.self))
    }

    private func error(
        _ code: QueryError.Code,
        _ message: String,
        at range: Range<Int>,
        expected: [String],
        suggestion: String? = nil
    ) -> QueryError {
        QueryError(code, message, at: range, of: text, expected: expected, suggestion: suggestion)
    }
}
