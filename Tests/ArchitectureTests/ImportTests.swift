// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Compares what is imported with what ARCHITECTURE.md says.
@Suite struct ImportTests {
    private let table: ImportTable

    init() throws {
        table = try ImportTable(markdown: try Repository.text(of: "ARCHITECTURE.md"))
    }

    @Test func `the table has a row for each target, and no other`() throws {
        let targets = table.rows.map(\.target)

        #expect(try targets.sorted() == Repository.directories(in: "Sources"))
    }

    @Test func `each target imports exactly what its row says`() throws {
        let own = Set(table.rows.map(\.target))
        for row in table.rows {
            var found: Set<String> = []
            for file in try Repository.files(in: "Sources/\(row.target)", suffix: ".swift") {
                let source = try String(contentsOf: file, encoding: .utf8)
                found.formUnion(ImportLine.modules(in: source))
            }

            let ours = found.intersection(own)
            let others = found.subtracting(own)

            #expect(ours == row.ours, "\(row.target), imports of ours: \(difference(ours, row.ours))")
            #expect(others == row.others, "\(row.target), imports of others: \(difference(others, row.others))")
        }
    }

    @Test func `arrows go down: a target imports only what stands above it in the table, of no higher layer`() {
        var above: [String: Int] = [:]
        for row in table.rows {
            for name in row.ours {
                let level = above[name]
                #expect(level != nil, "\(row.target) imports \(name), which does not stand above it")
                #expect(level ?? .min <= row.level, "\(row.target) imports \(name) of a higher layer")
            }
            above[row.target] = row.level
        }
    }

    @Test func `layers stand in order`() {
        let levels = table.rows.map(\.level)

        #expect(levels == levels.sorted())
    }

    @Test func `vocabulary and engines reach no files, clocks or sockets`() {
        // Foundation's essentials are there for one JSON decoder, and can open files; the rest of the rule is review. Hashes
        // and a lock reach nothing.
        let allowed: [String: Set<String>] = [
            "AuditCatalog": ["FoundationEssentials"], "EventMapping": ["Synchronization"],
            "SegmentFormat": ["Synchronization"],
            "EvidencePack": ["Crypto"], "TransparencyLog": ["Crypto"],
        ]
        for row in table.rows where row.level == 0 || row.level == 1 {
            #expect(row.others.isSubset(of: allowed[row.target] ?? []), "\(row.target) imports \(row.others)")
        }
    }

    private func difference(_ found: Set<String>, _ written: Set<String>) -> String {
        let missing = found.subtracting(written).sorted()
        let idle = written.subtracting(found).sorted()
        return "not in the table \(missing), only in the table \(idle)"
    }
}

@Suite struct ImportLineTests {
    @Test(arguments: [
        ("import A", "A"),
        ("  import A", "A"),
        ("package import A", "A"),
        ("@testable import A", "A"),
        ("@_exported public import A", "A"),
        ("@preconcurrency private import A", "A"),
        ("@_spi(Testing) internal import A", "A"),
        ("import struct A.B", "A"),
        ("import A.B", "A"),
        ("import A // because", "A"),
    ])
    func `an import is recognised`(line: String, module: String) {
        #expect(ImportLine(line[...])?.module == module)
    }

    @Test(arguments: ["// import A", "/// import A", "let importer = 1", "important()", "import", ""])
    func `anything else is not`(line: String) {
        #expect(ImportLine(line[...]) == nil)
    }
}
