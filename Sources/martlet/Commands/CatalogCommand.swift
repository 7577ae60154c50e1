// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditCatalog
import AuditModel
import AuditStore
import EventScanner
import FoundationEssentials
import Ingest
import QueryEngine

struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "What kinds of events there are, and how events are classified.",
        subcommands: [List.self, Explain.self],
        defaultSubcommand: List.self
    )

    /// The catalogue to use.
    struct Source: ParsableArguments {
        @Option(
            help: ArgumentHelp("A corrected catalogue in place of the one inside the program.", valueName: "file"),
            completion: .file()
        )
        var catalog: String?

        func load() throws -> Catalog {
            try CatalogChoice.load(catalog)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List methods with what they are and how sure their names are.",
            discussion: """
                Certainty says where a name comes from; --legend explains the words.
                  martlet catalog list --family flink
                  martlet catalog list delete
                  martlet catalog list --embedded > catalog.json
                """
        )

        @Argument(help: "Only methods with this text in their name or description.")
        var text: String?

        @Option(
            help:
                "Only one family: kafka, schema-registry, ksqldb, flink, tableflow, access-transparency, organization, …"
        )
        var family: String?

        @Option(help: "Only one category, such as access-management.")
        var category: String?

        @Option(help: "Only methods of this certainty.")
        var certainty: String?

        @Flag(help: "Explain the families, event types and certainties instead.")
        var legend = false

        @Flag(help: "Write the data file inside the program, to correct a copy of it.")
        var embedded = false

        @Option(help: "table, json or csv.")
        var output = OutputFormat.table

        @OptionGroup var source: Source

        func run() async throws {
            guard !embedded else { return Terminal.write(Catalog.embeddedJSON()) }
            let catalog = try source.load()
            guard !legend else { return Terminal.write(Self.legend(of: catalog)) }
            let entries = catalog.methods.filter(isWanted)
            guard !entries.isEmpty else { throw CommandFailure(.no, "no method of the catalogue is like that") }
            switch output {
            case .json: try Self.writeJSON(entries)
            case .csv, .ndjson, .table: Self.writeTable(entries, isCSV: output == .csv)
            }
        }

        private func isWanted(_ entry: CatalogEntry) -> Bool {
            if let family, entry.family.id != family { return false }
            if let category, entry.category.id != category, entry.category.subcategoryID != category { return false }
            if let certainty, entry.method.certainty != certainty { return false }
            guard let text = text?.lowercased() else { return true }
            return entry.method.name.lowercased().contains(text) || entry.method.summary.lowercased().contains(text)
        }

        private static func cells(_ entry: CatalogEntry) -> [String] {
            let category = [entry.category.id, entry.category.subcategoryID].compactMap { $0 }.joined(separator: " / ")
            return [entry.method.name, entry.family.id, category, entry.method.certainty, entry.method.summary]
        }

        private static func writeTable(_ entries: [CatalogEntry], isCSV: Bool) {
            if isCSV {
                Terminal.write("method,family,category,certainty,summary\n")
                for entry in entries {
                    let quoted = cells(entry).map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
                    Terminal.write(quoted.joined(separator: ",") + "\n")
                }
                return
            }
            var table = Table([
                .init(title: "METHOD"), .init(title: "FAMILY"), .init(title: "CATEGORY"), .init(title: "CERTAINTY"),
                .init(title: "WHAT IT IS"),
            ])
            for entry in entries { table.add(cells(entry)) }
            Terminal.write(table.rendered())
            Terminal.writeError("\(entries.count) methods\n")
        }

        private struct Method: Encodable {
            let method: String
            let family: String
            let category: String
            let subcategory: String?
            let eventTypes: [String]
            let resourceTypes: [String]
            let certainty: String
            let otherSpellings: [String]
            let summary: String
        }

        private static func writeJSON(_ entries: [CatalogEntry]) throws {
            let methods = entries.map { entry in
                Method(
                    method: entry.method.name,
                    family: entry.family.id,
                    category: entry.category.id,
                    subcategory: entry.category.subcategoryID,
                    eventTypes: entry.category.eventTypes,
                    resourceTypes: entry.category.resourceTypes,
                    certainty: entry.method.certainty,
                    otherSpellings: entry.method.otherSpellings,
                    summary: entry.method.summary
                )
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            Terminal.write(Array(try encoder.encode(methods)) + [UInt8(ascii: "\n")])
        }

        private static func legend(of catalog: Catalog) -> String {
            var table = Table([.init(title: "KIND"), .init(title: "NAME"), .init(title: "WHAT IT IS")])
            for family in catalog.families { table.add(["family", family.id, family.summary]) }
            for type in catalog.eventTypes {
                table.add(["event type", type.name, type.aliasOf.map { "the same as \($0); " } ?? "" + type.summary])
            }
            for certainty in catalog.certainties { table.add(["certainty", certainty.id, certainty.summary]) }
            return table.rendered()
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain",
            abstract: "Say for each event of a file how it is classified and why. Nothing is stored.",
            discussion: "Exit status 1 when an event is unclassified or is no event."
        )

        @Argument(
            help: ArgumentHelp("A file as for martlet ingest; - for standard input.", valueName: "file"),
            completion: .file()
        )
        var file: String

        @Flag(help: "Only events that are not classified or spelled otherwise.")
        var problems = false

        @OptionGroup var source: Source

        func run() async throws {
            let preview = EventPreview(try source.load())
            var unclassified = 0
            let reader = try StreamReader(path: file, layout: nil, maximumEventByteCount: ScanLimits().maximumByteCount)
            try await preview.run(reader) { line, result in
                switch result {
                case .success(let classification):
                    let isProblem = classification.standing != .known
                    if case .unclassified = classification.standing { unclassified += 1 }
                    guard isProblem || !problems else { return }
                    Terminal.write(
                        "\(line)\t\(Self.mark(classification))\t\(Terminal.harmless(classification.explanation))\n"
                    )
                case .failure(let rejection):
                    unclassified += 1
                    Terminal.write(
                        "\(line)\t\(Colour.bad.paint("no event"))\tbyte \(rejection.byteOffset): \(rejection.message)\n"
                    )
                }
            }
            if unclassified > 0 { throw CommandFailure(.no, "\(unclassified) of the events are not classified") }
        }

        private static func mark(_ classification: Classification) -> String {
            switch classification.standing {
            case .known: Colour.good.paint("known")
            case .otherSpelling: Colour.attention.paint("other spelling")
            case .unclassified: Colour.bad.paint("unclassified")
            }
        }
    }
}
