// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import EventMapping
import Foundation
import KafkaProtocol
import Testing

@Suite struct KafkaPropertyTests {
    /// xorshift64*, so that a failing seed can be run again.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 0x2545_F491_4F6C_DD1D
        }
    }

    private static let refusing: Set<Int64> = [29, 30, 31, 53, 65]
    /// Codes that leave open whether there was a check, in whatever API.
    private static let undecided: [Int64] = [-1, 7, 8, 11, 33, 34, 35, 41, 54, 55, 58, 61, 100, 103, 104, 129, 999, -7]

    @Test(arguments: 1...40)
    func `nothing is allowed without a code that says so`(seed: UInt64) throws {
        var random = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15)
        let rows = OutcomeCases.management + OutcomeCases.groups + OutcomeCases.lookups + OutcomeCases.traffic
        var ids: Set<String> = []
        var mapping = try Mapping(user: Bool.random(using: &random) ? "alice" : nil)
        for step in 0..<200 {
            let row = try #require(rows.randomElement(using: &random))
            let codes = Bool.random(using: &random) ? Self.undecided : Self.undecided + Self.refusing
            let answer = Self.shuffled(row.answer, codes: codes, &random)
            let request = Bool.random(using: &random) ? row.request : Self.shuffled(row.request, codes: [], &random)
            let exchange = KafkaExchange.of(
                Bool.random(using: &random) ? row.key : Int16.random(in: -1...93, using: &random),
                Int16.random(in: 0...16, using: &random),
                [.fields(request), .fields(request), .nothingNew, .notDecoded].randomElement(using: &random)
                    ?? .nothingNew,
                [
                    .fields(answer), .fields(answer), .fields(answer), .missing, .notDecoded, .notWanted,
                    .refused(errorCode: 14),
                ]
                .randomElement(using: &random) ?? .missing,
                time: .seconds(Int64(step))
            )
            let hasRefusal = Self.codes(answer).contains { Self.refusing.contains($0) }

            for event in try mapping.map(.exchange(exchange)) {
                #expect(ids.insert(event.event.id ?? "").inserted, "seed \(seed)")
                guard event.event.outcome == .allowed, event.integer("data.martlet.count") == nil else { continue }
                // Only the refusal of a later check shows that an earlier one was passed.
                #expect(hasRefusal, "seed \(seed) \(row.name) \(event.check ?? "")")
                #expect(Self.refusing.contains(Int64(event.integer("data.martlet.errorCode") ?? 0)), "seed \(seed)")
            }
        }
    }

    /// The fields with other codes, and some of them gone or of another kind.
    private static func shuffled(_ fields: KafkaFields, codes: [Int64], _ random: inout Generator) -> KafkaFields {
        KafkaFields(
            fields.all.compactMap { field in
                if field.name.lowercased().hasSuffix("errorcode"), let code = codes.randomElement(using: &random) {
                    return KafkaFields.Field(name: field.name, value: .integer(code))
                }
                switch Int.random(in: 0..<40, using: &random) {
                case 0: return nil
                case 1: return KafkaFields.Field(name: field.name, value: .null)
                case 2: return KafkaFields.Field(name: field.name, value: .withheld)
                case 3:
                    return KafkaFields.Field(name: field.name, value: .array([.null, .integer(7), .fields(fields)]))
                default: return KafkaFields.Field(name: field.name, value: shuffled(field.value, codes: codes, &random))
                }
            }
        )
    }

    private static func shuffled(_ value: KafkaValue, codes: [Int64], _ random: inout Generator) -> KafkaValue {
        switch value {
        case .array(let elements): .array(elements.map { shuffled($0, codes: codes, &random) })
        case .fields(let fields): .fields(shuffled(fields, codes: codes, &random))
        default: value
        }
    }

    private static func codes(_ fields: KafkaFields) -> [Int64] {
        fields.all.flatMap { field -> [Int64] in
            switch field.value {
            case .integer(let code) where field.name.lowercased().hasSuffix("errorcode"): [code]
            case .fields(let inner): codes(inner)
            case .array(let elements): elements.flatMap { $0.fields.map(codes) ?? [] }
            default: []
            }
        }
    }

    // MARK: - The table against the facts

    @Test(.enabled(if: Facts.isThere, "the facts are not beside this package"))
    func `every API with a method is mapped to it, in its category`() throws {
        let policy = CapturePolicy()
        for fact in try Facts.all() {
            let key = APIKey(rawValue: try #require(Int16(exactly: fact.key)))
            guard let method = fact.method else {
                #expect(policy.category(of: key) == nil || key.rawValue == 17, "\(fact.name)")
                continue
            }
            // Fetch is two categories: a consumer's and, of followers, the brokers'.
            let category = fact.category.split(separator: " ").first.map { $0.lowercased() }
            #expect(policy.category(of: key)?.rawValue == category, "\(fact.name)")
            let explained = try #require(policy.explain(method: method), "\(fact.name)")
            #expect(explained.sentences.first == "\(method) belongs to category \(category ?? "").")
        }
    }

    @Test(.enabled(if: Facts.isThere, "the facts are not beside this package"))
    func `what a mapping refuses is a check that the facts have`() throws {
        let facts = Dictionary(try Facts.all().map { ($0.key, $0) }) { first, _ in first }
        for row in OutcomeCases.management + OutcomeCases.groups + OutcomeCases.lookups + OutcomeCases.traffic {
            let checks = try #require(facts[Int(row.key)]).checks
            for check in row.checks {
                let words = check.split(separator: " ")
                #expect(checks.contains("\(words[2]):\(words[1])"), "\(row.name): \(check)")
            }
        }
    }

    @Test func `categories that the catalogue knows are the policy's`() throws {
        let known = try Catalog.embedded().platformCategories.map(\.id)

        // OTHER is retired, and read as MANAGEMENT.
        #expect(Set(known).subtracting(["other"]) == Set(CaptureCategory.allCases.map(\.rawValue)))
    }

    @Test func `methods are of the category that the catalogue gives them`() throws {
        let policy = CapturePolicy()
        var count = 0
        for entry in try Catalog.embedded().methods {
            // Platform's pages have AlterIsr under management; here it is a broker's request like all about replicas.
            guard entry.method.name != "kafka.AlterIsr", let category = entry.method.platformCategory,
                let first = policy.explain(method: entry.method.name)?.sentences.first
            else { continue }
            count += 1
            #expect(first == "\(entry.method.name) belongs to category \(category).")
        }
        #expect(count > 50)
    }
}

/// Facts about Kafka's APIs, gathered from its documentation and source.
private struct Facts {
    let key: Int
    let name: String
    let method: String?
    let category: String
    /// `Topic:Read`.
    let checks: Set<String>

    static let file = URL(filePath: #filePath)
        .appending(path: "../../../../../shared/reference/kafka-apis.json").standardized
    static let isThere = FileManager.default.fileExists(atPath: file.path)

    static func all() throws -> [Facts] {
        let list = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]] ?? []
        return list.map { api in
            Facts(
                key: api["apiKey"] as? Int ?? -1,
                name: api["name"] as? String ?? "",
                method: api["auditMethod"] as? String,
                category: api["category"] as? String ?? "",
                checks: Set(
                    (api["aclChecks"] as? [[String: Any]] ?? []).map {
                        "\($0["resourceType"] as? String ?? ""):\($0["operation"] as? String ?? "")"
                    }
                )
            )
        }
    }
}
