// SPDX-License-Identifier: Apache-2.0

import AuditModel
import DurableFiles
import QueryLanguage

@testable import QueryEngine

/// Makes queries, most of them of values that some event has.
struct RandomQueries {
    private var random: SeededGenerator
    private let rows: [ReferenceRow]
    private let now = Timestamp(nanosecondsSinceEpoch: TestLog.received)

    init(seed: UInt64, _ rows: [ReferenceRow]) {
        random = SeededGenerator(seed: seed)
        self.rows = rows
    }

    /// A query as it is read from its text; one that can't be written is given as it was made.
    mutating func query() -> Query {
        var filter = filter(depth: 2)
        if random.isOneIn(8) { filter = .conjunction([filter, .field(.audit(.stream), streamComparison())]) }
        let query = Query(filter, pipes: random.isOneIn(2) ? [] : pipes())
        return (try? Query.parse(query.description, now: now)) ?? query
    }

    mutating func request(_ query: Query) -> QueryRequest {
        let order = QueryRequest.Order.allCases[random.below(QueryRequest.Order.allCases.count)]
        return QueryRequest(query, order: order, limit: [1, 2, 7, 50, 10_000, 10_000][random.below(6)])
    }

    // MARK: - Filters

    private mutating func filter(depth: Int) -> Filter {
        switch random.below(depth > 0 ? 16 : 9) {
        case 0, 1, 2: return condition(on: auditField())
        case 3, 4, 5: return pathCondition()
        case 6: return time()
        case 7: return .freeText(freeText())
        case 8: return random.isOneIn(2) ? .all : index()
        case 9, 10: return .conjunction([filter(depth: depth - 1), filter(depth: depth - 1)])
        case 11, 12:
            return .disjunction((0..<2 + random.below(3)).map { _ in filter(depth: depth - 1) })
        case 13:
            // Several values of one field.
            let field = auditField()
            return .disjunction((0..<2 + random.below(4)).map { _ in condition(on: field) })
        default: return .negation(filter(depth: depth - 1))
        }
    }

    private mutating func auditField() -> AuditField {
        while true {
            let field = AuditField.allCases[random.below(AuditField.allCases.count)]
            if !field.isTime, field != .stream, field != .index { return field }
        }
    }

    private mutating func condition(on field: AuditField) -> Filter {
        guard let value = value(of: .audit(field)) else {
            return .field(.audit(field), .exists)
        }
        return .field(.audit(field), comparison(with: value, .audit(field)))
    }

    private mutating func pathCondition() -> Filter {
        let path = path()
        guard let value = value(of: path) ?? value(of: .audit(auditField())) else { return .field(path, .exists) }
        return .field(path, comparison(with: value, path))
    }

    /// A path that can be written; mostly to a value, sometimes to what is above it or nowhere.
    private mutating func path() -> FieldReference {
        for _ in 0..<20 {
            let event = row().event
            guard !event.scalars.isEmpty else { continue }
            let scalar = event.scalars[random.below(event.scalars.count)]
            guard scalar.steps.count > 1, scalar.steps.first == ReferenceEvent.Step(name: Array("data".utf8)) else {
                continue
            }
            let names = scalar.steps.map { String(decoding: $0.name, as: UTF8.self) }
            guard names.allSatisfy({ !$0.isEmpty && !$0.contains(".") && !$0.hasSuffix("[]") }) else { continue }
            switch random.below(12) {
            case 0, 1, 2: return .path(scalar.path)
            case 3: return .path(names.dropLast(names.count > 2 ? 1 : 0).joined(separator: "."))
            case 4: return .path(names.joined(separator: ".") + ".none")
            default: return .path(names.joined(separator: "."))
            }
        }
        return .path("data.methodName")
    }

    private mutating func comparison(with text: String, _ field: FieldReference) -> Comparison {
        let ipPaths = ["data.request.data.source_ip", "data.requestMetadata.clientAddress"]
        let isAddress = field == .audit(.clientIP) || ipPaths.contains(field.description)
        if isAddress, random.isOneIn(2), let network = network() { return .network(network) }
        switch random.below(14) {
        case 0, 1, 2: return .equals(text)
        case 3: return .equals(random.isOneIn(2) ? text.uppercased() : String(text.split(separator: ":").last ?? ""))
        case 4: return .pattern(TextPattern(pieces(of: text) + [.anyText]))
        case 5: return .pattern(TextPattern([.anyText] + bytes(text.unicodeScalars.suffix(1 + random.below(8)))))
        case 6: return .pattern(TextPattern(containing: pieces(of: text), ignoresCase: random.isOneIn(4)))
        case 7: return .pattern(TextPattern(bytes(text.unicodeScalars.dropLast()) + [.anyCharacter]))
        case 8, 9: return regularExpression(of: text).map(Comparison.regex) ?? .equals(text)
        case 10, 11:
            let other = [value(of: field) ?? "5", "5", "1.00", "-2", "a", "100000.0"][random.below(6)]
            return range(.text(text), .text(other))
        default: return .exists
        }
    }

    private mutating func range(_ lower: Bound.Value, _ upper: Bound.Value) -> Comparison {
        let low = Bound(lower, isInclusive: random.isOneIn(2))
        let high = Bound(upper, isInclusive: random.isOneIn(2))
        switch random.below(3) {
        case 0: return .range(lower: low, upper: nil)
        case 1: return .range(lower: nil, upper: high)
        default: return .range(lower: low, upper: high)
        }
    }

    private mutating func time() -> Filter {
        let field = random.isOneIn(3) ? AuditField.received : .time
        let value = { (row: ReferenceRow) in field == .time ? row.time : row.context.received }
        switch random.below(8) {
        case 0: return .field(.audit(field), .exists)
        case 1: return .field(.audit(field), .pattern(TextPattern(pieces(of: value(row()).description) + [.anyText])))
        case 2:
            guard let expression = regularExpression(of: value(row()).description) else { return .all }
            return .field(.audit(field), .regex(expression))
        case 3:
            let point = Bound(.time(value(row())), isInclusive: true)
            return .field(.audit(field), .range(lower: point, upper: point))
        default: return .field(.audit(field), range(.time(value(row())), .time(value(row()))))
        }
    }

    private mutating func index() -> Filter {
        let numbers = [
            String(random.below(rows.count)), String(random.below(rows.count)), "0\(random.below(rows.count))",
            "+\(random.below(rows.count))",
        ]
        switch random.below(3) {
        case 0: return .field(.audit(.index), .equals(numbers[0]))
        case 1: return .field(.audit(.index), .pattern(TextPattern(pieces(of: numbers[0]) + [.anyText])))
        default: return .field(.audit(.index), range(.text(numbers[1]), .text(numbers[2 + random.below(2)])))
        }
    }

    private mutating func streamComparison() -> Comparison {
        switch random.below(4) {
        case 0: .exists
        case 1: .equals("audit")
        case 2: .equals("system")
        default: .pattern(TextPattern(bytes("s".unicodeScalars) + [.anyText]))
        }
    }

    private mutating func freeText() -> TextPattern {
        let scalars = row().event.scalars
        let text = scalars.isEmpty ? "a" : scalars[random.below(scalars.count)].text
        let first = random.below(max(1, text.unicodeScalars.count))
        let part = text.unicodeScalars.dropFirst(first).prefix(1 + random.below(12))
        var pieces = bytes(
            random.isOneIn(3) ? Array(String(String.UnicodeScalarView(part)).uppercased().unicodeScalars) : Array(part)
        )
        if random.isOneIn(6) { pieces.insert(.anyText, at: random.below(pieces.count + 1)) }
        if pieces.isEmpty { pieces = bytes("a".unicodeScalars) }
        return TextPattern(containing: pieces, ignoresCase: true)
    }

    private mutating func network() -> AddressRange? {
        let address = ["10.1.2.3", "10.9.9.9", "192.0.2.7", "2001:db8::7", "::ffff:10.1.2.3", "fe80::1"][
            random.below(6)
        ]
        let lengths = address.contains(":") ? [0, 16, 32, 48, 95, 96, 104, 127, 128] : [0, 8, 15, 24, 30, 32]
        return AddressRange("\(address)/\(lengths[random.below(lengths.count)])")
    }

    // MARK: - Texts

    private mutating func row() -> ReferenceRow { rows[random.below(rows.count)] }

    private mutating func value(of field: FieldReference) -> String? {
        for _ in 0..<6 {
            let values = row().values(of: field)
            if !values.isEmpty { return values[random.below(values.count)] }
        }
        return nil
    }

    private func bytes(_ scalars: some Sequence<Unicode.Scalar>) -> [TextPattern.Element] {
        scalars.flatMap { String($0).utf8.map(TextPattern.Element.byte) }
    }

    /// The beginning of a text, some of it open.
    private mutating func pieces(of text: String) -> [TextPattern.Element] {
        let length = 1 + random.below(max(1, text.unicodeScalars.count))
        return text.unicodeScalars.prefix(length).flatMap { scalar -> [TextPattern.Element] in
            if random.isOneIn(20) { return [.anyCharacter] }
            if random.isOneIn(40) { return [.anyText] }
            return bytes([scalar])
        }
    }

    /// An expression that fits the text, or nearly: of what Foundation reads as well.
    private mutating func regularExpression(of text: String) -> RegularExpression? {
        let ignoresCase = random.isOneIn(3)
        var source = ""
        for scalar in text.unicodeScalars.prefix(60) {
            let isDigit = ("0"..."9").contains(scalar)
            let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            let escaped =
                isDigit || isLetter || scalar.value >= 0x7F || scalar.value < 0x20 ? String(scalar) : "\\\(scalar)"
            switch random.below(24) {
            case 0: source += "."
            case 1: source += isDigit ? #"\d"# : escaped
            case 2: source += isDigit || isLetter ? #"\w+"# : #"[^\w]"#
            case 3: source += "(?:\(escaped)|xyz)"
            case 4: source += "\(escaped)?"
            case 5: source += "\(escaped){1,3}"
            case 6: source += isDigit ? "[0-9]" : isLetter ? "[a-zA-Z_]" : escaped
            case 7: source += isDigit ? "[^a-f]" : escaped
            case 8 where !ignoresCase: source += isLetter ? #"\D"# : #"\S*"#
            case 9: source += "(\(escaped))"
            case 10 where random.isOneIn(3): source += ".*"
            default: source += escaped
            }
        }
        source += [".*", ".*", "", ".+", #"\s*"#][random.below(5)]
        if random.isOneIn(6) { source += "|kafka\\..*" }
        return try? RegularExpression(source, ignoresCase: ignoresCase)
    }

    // MARK: - Pipes

    private mutating func pipes() -> [Pipe] {
        guard !random.isOneIn(4) else { return eventPipes() }
        var pipes = [table()]
        var columns = Query(.all, pipes: pipes).columns ?? []
        while random.isOneIn(3), !columns.isEmpty {
            switch random.below(3) {
            case 0:
                var keys: [SortKey] = []
                for column in columns.shuffled(using: &random).prefix(1 + random.below(3)) {
                    keys.append(SortKey(column.name, isDescending: random.isOneIn(2)))
                }
                pipes.append(.sort(keys))
            case 1: pipes.append(.limit(random.below(12)))
            default:
                let names = columns.map(\.name).shuffled(using: &random)
                pipes.append(.columns(Array(names.prefix(1 + random.below(names.count)))))
                columns = Query(.all, pipes: pipes).columns ?? []
            }
        }
        return pipes
    }

    /// Pipes that leave rows events.
    private mutating func eventPipes() -> [Pipe] {
        (0..<1 + random.below(3)).map { _ in
            switch random.below(4) {
            case 0: return .limit(random.below(30))
            case 1: return .fields(fields())
            default:
                // An order by several keys only tells apart what the ones before leave together.
                let fields = random.isOneIn(3) ? [.audit(.time)] : fields()
                return .sort(fields.map { SortKey($0.description, isDescending: random.isOneIn(2)) })
            }
        }
    }

    private mutating func table() -> Pipe {
        let steps = ["1s", "1m", "7m", "1h", "1d", "3d", "1w", "2w", "366d"].compactMap { TimeStep($0) }
        let step = steps[random.below(steps.count)]
        switch random.below(12) {
        case 0: return .count(by: [], every: nil)
        case 1, 2: return .count(by: fields(), every: nil)
        case 3: return .count(by: [], every: step)
        case 4: return .count(by: fields().filter { $0 != .audit(.time) }, every: step)
        case 5: return .top(1 + random.below(8), field(), by: .count)
        case 6: return .top(1 + random.below(8), field(), by: .distinct(field()))
        case 7: return .distinct(field())
        case 8: return .facets(random.isOneIn(2) ? [] : fields())
        case 9: return .timeline(field())
        case 10: return .joinRequest
        default: return .sessions(gap: step)
        }
    }

    private mutating func field() -> FieldReference {
        random.isOneIn(3) ? path() : .audit(AuditField.allCases[random.below(AuditField.allCases.count)])
    }

    private mutating func fields() -> [FieldReference] {
        var fields: [FieldReference] = []
        for _ in 0..<1 + random.below(3) {
            let field = field()
            if !fields.contains(field) { fields.append(field) }
        }
        return fields
    }
}
