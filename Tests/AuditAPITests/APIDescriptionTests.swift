// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Foundation
import Hummingbird
import Testing

@testable import AuditAPI

@Suite struct APIDescriptionTests {
    private let document: [String: Any]

    init() throws {
        let json = try JSONSerialization.jsonObject(with: Data(APIDescription.json()))
        document = try #require(json as? [String: Any])
    }

    private static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    @Test func `every route is described, and nothing else is`() async throws {
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let described = paths.flatMap { path, item in
            item.keys.filter(Self.methods.contains).map { "\($0.uppercased()) \(path)" }
        }

        let served = try await withServices { services in
            APIServer(services, host: "127.0.0.1", port: 0, allowsAnonymousLoopback: false) { _ in }
                .router().routes.map { "\($0.method) \($0.path)".replacing("**", with: "{path}") }
        }

        #expect(described.sorted() == served.sorted())
    }

    @Test func `every reference leads somewhere`() throws {
        var references: Set<String> = []
        Self.collect(document, into: &references)

        #expect(references.count > 20)
        for reference in references {
            var place: Any? = document
            for name in reference.split(separator: "/").dropFirst() {
                place = (place as? [String: Any])?[String(name)]
            }
            #expect(place != nil, "\(reference)")
        }
    }

    @Test func `every operation has a name of its own, a summary and answers`() throws {
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        let operations = paths.values.flatMap(\.values)

        #expect(Set(operations.compactMap { $0["operationId"] as? String }).count == operations.count)
        for operation in operations {
            #expect((operation["summary"] as? String)?.hasSuffix(".") == true)
            #expect((operation["responses"] as? [String: Any])?.keys.contains { $0.hasPrefix("2") } == true)
        }
    }

    @Test func `the members of a query are those that are read`() throws {
        let components = try #require(document["components"] as? [String: [String: Any]])
        let query = try #require(components["schemas"]?["Query"] as? [String: Any])
        let members = try #require(query["properties"] as? [String: Any]).keys

        #expect(query["additionalProperties"] as? Bool == false)
        #expect(Set(members) == Set(QueryBody.memberNames))
    }

    private static func collect(_ value: Any, into references: inout Set<String>) {
        if let object = value as? [String: Any] {
            if let reference = object["$ref"] as? String { references.insert(reference) }
            object.values.forEach { collect($0, into: &references) }
        } else if let array = value as? [Any] {
            array.forEach { collect($0, into: &references) }
        }
    }
}
