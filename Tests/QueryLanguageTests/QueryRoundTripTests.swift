// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

@Suite struct QueryRoundTripTests {
    @Test(arguments: Array(1...10) as [UInt64])
    func `every query prints a text that parses to it`(_ seed: UInt64) {
        var generator = QueryGenerator(seed: seed)
        for _ in 0..<500 {
            let query = generator.query()
            let text = query.description
            let parsed = try? PipeTests.parse(text)
            #expect(parsed == query, "seed \(seed): \(text)")
            #expect(parsed?.description == text, "seed \(seed)")
            #expect(parsed?.columns == query.columns, "seed \(seed): \(text)")
        }
    }
}

/// Makes queries whose pipes fit together.
private struct QueryGenerator {
    private var filters: FilterGenerator

    init(seed: UInt64) {
        filters = FilterGenerator(seed: seed)
    }

    mutating func query() -> Query {
        var query = Query(filters.filter(depth: 2))
        let makesTable = Bool.random(using: &filters.random)
        if makesTable { query.pipes.append(table()) }
        for _ in 0..<below(4) {
            let names = query.columns?.map(\.name) ?? []
            query.pipes.append(makesTable ? tablePipe(names) : eventPipe())
        }
        return query
    }

    private mutating func table() -> Pipe {
        switch below(7) {
        case 0:
            let fields = fields().filter { $0 != .audit(.time) }
            return .count(by: below(3) == 0 ? [] : fields, every: below(2) == 0 ? nil : step())
        case 1: return .top(1 + below(10_000), field(), by: below(2) == 0 ? .count : .distinct(field()))
        case 2: return .distinct(field())
        case 3: return .facets(below(2) == 0 ? [] : fields())
        case 4: return .timeline(field())
        case 5: return .joinRequest
        default: return step().map { .sessions(gap: $0) } ?? .joinRequest
        }
    }

    private mutating func eventPipe() -> Pipe {
        switch below(3) {
        case 0: .fields(fields())
        case 1: .sort(fields().map { SortKey($0.description, isDescending: Bool.random(using: &filters.random)) })
        default: .limit(below(1_000_001))
        }
    }

    private mutating func tablePipe(_ names: [String]) -> Pipe {
        let some = Array(names.shuffled(using: &filters.random).prefix(1 + below(3)))
        return switch below(3) {
        case 0: .columns(some)
        case 1: .sort(some.map { SortKey($0, isDescending: Bool.random(using: &filters.random)) })
        default: .limit(below(1_000_001))
        }
    }

    private mutating func fields() -> [FieldReference] {
        var fields: [FieldReference] = []
        for _ in 0...below(4) {
            let field = field()
            if !fields.contains(field) { fields.append(field) }
        }
        return fields
    }

    private mutating func field() -> FieldReference {
        guard below(3) == 0 else { return .audit(AuditField.allCases.randomElement(using: &filters.random) ?? .id) }
        return .path("data.\(filters.text().replacing(".", with: "")).x")
    }

    private mutating func step() -> TimeStep? {
        TimeStep("\(1 + below(52))\(["s", "m", "h", "d", "w"].randomElement(using: &filters.random) ?? "s")")
    }

    private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &filters.random) }
}
