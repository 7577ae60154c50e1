// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import Testing

@Suite struct CatalogTests {
    @Test func `the embedded catalogue passes its own checks`() throws {
        let catalog = try Catalog.embedded()

        #expect(
            catalog.families.map(\.id) == [
                "kafka", "schema-registry", "ksqldb", "flink", "tableflow", "access-transparency", "organization",
                "unified-stream-manager",
            ]
        )
        #expect(catalog.eventTypes.count == 14)
        #expect(
            catalog.eventTypes.filter { $0.aliasOf != nil }.map(\.name) == ["io.confluent.tableflow.server/catalog"]
        )
        #expect(catalog.platformCategories.count == 9)
        #expect(catalog.categories.count >= 60)
        #expect(catalog.methods.count >= 236)
    }

    @Test func `every event type has a category`() throws {
        let catalog = try Catalog.embedded()
        let used = Set(catalog.categories.flatMap(\.eventTypes))

        #expect(used == Set(catalog.eventTypes.map(\.name)))
    }

    @Test func `every action is the last part of its proper type`() throws {
        for type in try Catalog.embedded().eventTypes where type.aliasOf == nil {
            #expect(type.name.hasSuffix("/\(type.action)"))
        }
    }

    @Test func `every certainty of the legend is used and every method names one`() throws {
        let catalog = try Catalog.embedded()

        #expect(Set(catalog.methods.map(\.method.certainty)) == Set(catalog.certainties.map(\.id)))
    }

    @Test func `a description is one sentence that is not shared within a category`() throws {
        let catalog = try Catalog.embedded()

        for entry in catalog.methods {
            let summary = entry.method.summary
            #expect(summary.hasSuffix(".") || summary.hasSuffix("?"), "\(entry.method.name)")
            let sharing = catalog.methods.filter { $0.category == entry.category && $0.method.summary == summary }
            #expect(sharing.count == 1, "\(entry.method.name)")
        }
    }

    @Test func `a description of a check says that it is one`() throws {
        let exempt = Set(["authentication", "reads"])
        let checks = try Catalog.embedded().methods.filter { entry in
            entry.category.eventTypes.contains { $0.hasSuffix("/authorization") } && !exempt.contains(entry.category.id)
        }

        #expect(checks.count > 30)
        for check in checks { #expect(check.method.summary.hasPrefix("Check: "), "\(check.method.name)") }
    }

    @Test func `every known method is classified where it stands`() throws {
        let catalog = try Catalog.embedded()

        for entry in catalog.methods {
            for type in entry.category.eventTypes {
                let resourceType = entry.method.resourceTypes.first ?? entry.category.resourceTypes.first
                let answer = catalog.classify(type: type, method: entry.method.name, resourceType: resourceType)
                #expect(answer.entry === entry, "\(type) \(entry.method.name)")
                #expect(answer.standing == .known)
            }
        }
    }

    @Test func `every other spelling leads to its method`() throws {
        let catalog = try Catalog.embedded()

        for entry in catalog.methods {
            for spelling in entry.method.otherSpellings {
                let answer = catalog.classify(
                    type: entry.category.eventTypes[0],
                    method: spelling,
                    resourceType: entry.category.resourceTypes.first
                )
                #expect(answer.standing == .otherSpelling(canonical: entry.method.name), "\(spelling)")
            }
        }
    }

    @Test func `a corrected copy of the embedded file is read in its place`() throws {
        let text = String(decoding: Catalog.embeddedJSON(), as: UTF8.self)
        let corrected = text.replacing("\"TableflowSignRequest\"", with: "\"TableflowSign\"")
        let catalog = try Catalog(json: Array(corrected.utf8))

        let answer = catalog.classify(type: "io.confluent.cloud/request", method: "TableflowSign")

        #expect(answer.standing == .known)
        #expect(answer.category == "signer")
    }
}
