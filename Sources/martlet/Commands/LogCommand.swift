// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditAPI
import AuditStore
import FoundationEssentials
import Ingest
import NIOPosix
import TransparencyLog

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Look after the signed tree of a log: what is signed, and with which keys.",
        discussion: """
            Every event is a leaf of a tree, and once a second the tree is signed: a checkpoint. Whoever keeps a checkpoint can \
            tell later whether anything before it was changed, removed or slipped in.
              martlet log status
              martlet log keys > our-log.vkey
              martlet verify --vkey "$(cat our-log.vkey)" DIR

            A new key, which signs beside the old one for a week:
              martlet log rotate-key

            After the directory was moved, or put back from a copy:
              martlet log resume --data DIR --reason 'moved to a new disk'
            """,
        subcommands: [Status.self, Keys.self, RotateKey.self, Resume.self],
        defaultSubcommand: Status.self
    )

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Say what is signed.",
            discussion: "Exit status 1 when nothing is signed any more."
        )

        @Option(help: "table or json.")
        var output = OutputFormat.table

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let tree = try await connection.treeAccess()
            let document = try await tree.description()
            await tree.close()
            if output == .json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                Terminal.write(Array(try encoder.encode(document)) + [UInt8(ascii: "\n")])
            } else {
                write("origin", document.origin)
                write("events signed", ProgressBar.grouped(Int(clamping: document.size)))
                write("witnessed", ProgressBar.grouped(Int(clamping: document.witnessedSize)))
                if document.minimumIndex > 0 {
                    write("deleted", "\(ProgressBar.grouped(Int(clamping: document.minimumIndex))), the oldest")
                }
                write("root", document.root)
                write("signed at", document.checkpointTime)
                for key in document.verifierKeys { write("key", key) }
                if let failure = document.failure { write("stopped", failure) }
            }
            if document.failure != nil { throw CommandFailure(.no) }
        }

        private func write(_ label: String, _ value: String) {
            let padded = label + String(repeating: " ", count: max(1, 16 - label.count))
            Terminal.write("\(Colour.quiet.paint(padded))\(Terminal.harmless(value))\n")
        }
    }

    struct Keys: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "keys",
            abstract: "Print the verifier keys that the log signs with, the newest first.",
            discussion: "Give them to whoever is to check the log, by another way than the log itself."
        )

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let tree = try await connection.treeAccess()
            for key in try await tree.description().verifierKeys { Terminal.write(key + "\n") }
            await tree.close()
        }
    }

    struct RotateKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-key",
            abstract: "Sign with a new key from now on, and for a week with the one before as well.",
            discussion:
                "The log records it. Old checkpoints stay valid under the old key; tell readers the new one meanwhile."
        )

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let tree = try await connection.treeAccess()
            let keys = try await tree.rotateKey()
            await tree.close()
            Terminal.writeError("the log signs with a new key; those that sign now, the newest first:\n")
            for key in keys { Terminal.write(key + "\n") }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume",
            abstract: "Go on signing in a directory that was moved, or put back to an older state.",
            discussion: """
                A copy of a log must not sign beside the log, and a log that lost events must not sign as if it had not; so both \
                stop to sign. This says that it is meant to be so, and records it in the log.

                If everything that was ever signed is the beginning of what is there, the log goes on under its name. If not, it \
                goes on as another log, under another name and with another key: nothing that was signed is taken back.
                """
        )

        @Option(
            help: ArgumentHelp("The log's data directory; no server may run there.", valueName: "dir"),
            completion: .directory
        )
        var data: String

        @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
        var reason: String

        func run() async throws {
            guard !reason.isEmpty, reason.utf8.count <= 1000 else {
                throw ValidationError("--reason has 1 to 1,000 bytes")
            }
            let log = try LocalAdministration(directory: data, creates: false)
            do {
                try await resume(log)
            } catch {
                await log.close()
                throw error
            }
            await log.close()
        }

        private func resume(_ log: LocalAdministration) async throws {
            let store = log.store
            guard let resumption = try await NIOThreadPool.singleton.runIfActive({ try store.signingResumption() })
            else {
                Terminal.writeError("nothing stands in the way: the log signs as it did\n")
                return
            }
            let details = [
                ("reason", reason), ("origin", resumption.origin), ("endIndex", String(resumption.endIndex)),
                ("signedOrigin", resumption.record?.origin ?? ""), ("signedSize", String(resumption.record?.size ?? 0)),
                ("signedRoot", resumption.record?.root.base64 ?? ""),
            ]
            let event = log.events.make(
                resumption.kind == .moved ? .directoryMoved : .forkRecorded,
                method: "ResumeSigning",
                principal: log.principal,
                details: details
            )
            try await log.admission.record(event)
            try await NIOThreadPool.singleton.runIfActive { try store.resumeSigning(resumption) }
            switch resumption.kind {
            case .moved:
                Terminal.writeError(
                    "the log goes on here as \(resumption.origin); it is signed when it is opened next\n"
                )
            case .forked:
                Terminal.writeError(
                    """
                    what was signed (\(resumption.record?.size ?? 0) events) is not the beginning of this log \
                    (\(resumption.endIndex) events): it goes on as \(resumption.origin), with a new key. Tell its readers and \
                    witnesses; martlet log keys --data \(data)

                    """
                )
            }
        }
    }
}
