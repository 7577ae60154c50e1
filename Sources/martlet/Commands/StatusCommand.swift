// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditModel
import AuditStore
import FoundationEssentials
import ManifestFormat
import SystemPackage

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how a log stands.",
        discussion: "Exit status 1 when the server does not accept events."
    )

    @Option(help: "table or json.")
    var output = OutputFormat.table

    @OptionGroup var connection: ConnectionOptions

    private struct Status: Codable {
        var version: String?
        var log: String?
        let endIndex: UInt64
        let floorIndex: UInt64
        let segments: Int
        let sealedEvents: UInt64
        let journalEvents: UInt64
        var damagedSegments: [String]
        let firstReceived: String?
        let lastReceived: String?
        var quarantined: Int?
        var failure: String?
        var sealingFailure: String?
        var integratedSize: UInt64?
        var witnessedSize: UInt64?
        var signingFailure: String?
        var unwitnessedSince: String?
        var unwitnessedSeconds: Int?
        var witnesses: [Witness]?
        var topics: [Topic]?
    }

    /// A topic that is read into the log or written from it.
    private struct Topic: Codable {
        let direction: String
        let topics: [String]
        let records: Int
        let recordsPerSecond: Int
        let lag: Int
        let lagSeconds: Int?
        let setAside: Int?
        let trouble: String?

        /// For people.
        var text: String {
            var words = ["\(ProgressBar.grouped(records)) records", "\(ProgressBar.grouped(recordsPerSecond))/s"]
            words.append(lag == 0 ? "nothing waits" : "\(ProgressBar.grouped(lag)) wait")
            if let lagSeconds { words.append("the oldest for \(ProgressBar.grouped(lagSeconds)) s") }
            if let setAside, setAside > 0 { words.append("\(setAside) set aside") }
            if let trouble { words.append("in trouble: \(trouble)") }
            return "\(topics.joined(separator: ", ")): \(words.joined(separator: ", "))"
        }
    }

    private struct Witness: Codable {
        let name: String
        let size: UInt64
        let failure: String?
    }

    func run() async throws {
        let status: Status
        if let data = connection.data { status = try local(data) } else { status = try await remote() }
        if output == .json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Terminal.write(Array(try encoder.encode(status)) + [UInt8(ascii: "\n")])
        } else {
            write(status)
        }
        if status.failure != nil { throw CommandFailure(.no) }
    }

    private func remote() async throws -> Status {
        let client = try connection.serverClient()
        return try await client.decode(Status.self, client.send(.get, "/v1/status"))
    }

    private func local(_ directory: String) throws -> Status {
        let snapshot = try ReadOnlyLog(directory: FilePath(directory)).snapshot
        func text(_ received: Int64?) -> String? {
            received.map { Timestamp(nanosecondsSinceEpoch: $0).description }
        }
        return Status(
            endIndex: snapshot.endIndex,
            floorIndex: snapshot.floorIndex,
            segments: snapshot.segments.count,
            sealedEvents: snapshot.liveStart - snapshot.floorIndex,
            journalEvents: snapshot.endIndex - snapshot.liveStart,
            damagedSegments: snapshot.segments.filter { $0.damage != nil }.map(\.description.name),
            firstReceived: text(snapshot.firstReceived),
            lastReceived: text(snapshot.lastReceived)
        )
    }

    private func write(_ status: Status) {
        func line(_ label: String, _ value: String?) {
            guard let value else { return }
            Terminal.write(
                "\(Colour.quiet.paint(label + String(repeating: " ", count: 16 - label.count)))\(Terminal.harmless(value))\n"
            )
        }
        line("version", status.version)
        line("log", status.log)
        line("events", ProgressBar.grouped(Int(clamping: status.endIndex - status.floorIndex)))
        line("in segments", "\(ProgressBar.grouped(Int(clamping: status.sealedEvents))) in \(status.segments)")
        line("in the journal", ProgressBar.grouped(Int(clamping: status.journalEvents)))
        line("deleted", status.floorIndex > 0 ? ProgressBar.grouped(Int(clamping: status.floorIndex)) : nil)
        for name in status.damagedSegments { line("damaged", name) }
        line("first received", status.firstReceived)
        line("last received", status.lastReceived)
        line("quarantined", status.quarantined.map(String.init))
        line("accepting", status.version == nil ? nil : status.failure.map { "no: \($0)" } ?? "yes")
        line("sealing", status.sealingFailure.map { "stopped: \($0)" })
        line("in the tree", status.integratedSize.map { ProgressBar.grouped(Int(clamping: $0)) })
        line("witnessed", status.witnessedSize.flatMap { $0 > 0 ? ProgressBar.grouped(Int(clamping: $0)) : nil })
        line("not witnessed", status.unwitnessedSince.map { "since \($0)" })
        for witness in status.witnesses ?? [] {
            line(
                "witness",
                "\(witness.name): \(witness.failure ?? "\(ProgressBar.grouped(Int(clamping: witness.size))) cosigned")"
            )
        }
        for topic in status.topics ?? [] { line("kafka \(topic.direction)", topic.text) }
        line("signing", status.signingFailure.map { "stopped: \($0)" })
    }
}
