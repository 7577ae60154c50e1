// SPDX-License-Identifier: Apache-2.0

import Access
import ArgumentParser
import AuditAPI
import AuditModel
import FoundationEssentials
import Ingest

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke API tokens.",
        discussion: """
            The first token is made before the server runs:
              martlet token create --data DIR --name admin --scopes admin
            """,
        subcommands: [Create.self, List.self, Revoke.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a token and show it, this once.",
            discussion: """
                Scopes: ingest hands events in, read finds them, verify takes proofs and sees no event, admin may do \
                everything.
                """
        )

        @Option(help: "Who or what it is for.")
        var name: String

        @Option(help: "ingest, read, verify, admin, or several with commas between.")
        var scopes: String

        @Option(help: ArgumentHelp("How long it works: 12h, 90d. For ever when it is left out.", valueName: "time"))
        var expires: String?

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let lifetime = try expires.map(Self.seconds)
            let tokens = try connection.tokens(creates: true)
            let document = try await tokens.create(name: name, scopes: scopes, lifetimeSeconds: lifetime)
            await tokens.close()
            Terminal.writeError("token \(document.id) with \(document.scopes); it is shown only now:\n")
            Terminal.write((document.token ?? "") + "\n")
        }

        private static func seconds(_ text: String) throws -> Int {
            let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
            guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()), number > 0,
                case let (seconds, overflow) = number.multipliedReportingOverflow(by: unit), !overflow,
                seconds <= 100 * 366 * 86_400
            else { throw ValidationError("--expires \(text): it is a number with s, m, h or d, such as 90d") }
            return seconds
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List all tokens, without their secrets."
        )

        @Option(help: "table or json.")
        var output = OutputFormat.table

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let tokens = try connection.tokens()
            let documents = try await tokens.list()
            await tokens.close()
            if output == .json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
                return Terminal.write(Array(try encoder.encode(documents)) + [UInt8(ascii: "\n")])
            }
            guard !documents.isEmpty else { return Terminal.writeError("there are no tokens\n") }
            var table = Table(
                ["ID", "NAME", "SCOPES", "STANDING", "CREATED", "EXPIRES", "LAST USED"].map { .init(title: $0) }
            )
            for token in documents {
                table.add(
                    [
                        token.id, token.name, token.scopes, token.standing, token.created, token.expires ?? "never",
                        token.lastUsed ?? "never",
                    ],
                    colours: [nil, nil, nil, token.standing == "active" ? .good : .quiet]
                )
            }
            Terminal.write(table.rendered())
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "revoke", abstract: "End a token for good.")

        @Argument(help: "The token's id, the part between the first two underscores.")
        var id: String

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let tokens = try connection.tokens()
            let document = try await tokens.revoke(id)
            await tokens.close()
            Terminal.writeError("token \(document.id) (\(Terminal.harmless(document.name))) is revoked\n")
        }
    }
}
