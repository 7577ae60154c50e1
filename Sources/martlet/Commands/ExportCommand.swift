// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EvidencePack
import QueryEngine
import Synchronization

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the original bytes of all matching events, in the order of the log.",
        discussion: """
            Each event is given exactly as it came in, with a line end behind it. Without a filter nothing is searched, so it is \
            as fast as the disk. The filter is that of martlet query.
              martlet export > all.ndjson
              martlet export outcome:denied --from 2026-11-01 --to 2026-12-01 --to-file november.ndjson
              martlet export --data DIR | zstd > all.ndjson.zst

            Martlet's own events are left out unless the filter names the stream: 'stream:*' is everything.

            For a copy that is small and can be brought back, see martlet store export.

            The signed tree without the events, for verifiers that need no server (c2sp.org/tlog-tiles):
              martlet export --tlog DIR

            Evidence for somebody who has neither the log nor a reason to believe it: one file with the events, what proves them, \
            who asked for what, and whether that is all. The log records that it was asked, and signs it.
              martlet export --pack --to-file case.tar outcome:denied --from 2026-11-01
              martlet verify pack case.tar --vkey our-log.vkey

            Exit status: 0 everything is there, 1 no event matches, 4 something is missing, and what is said.
            """
    )

    /// What the events are written as.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        /// The original bytes of each event, with a line end behind it.
        case ndjson
    }

    @Argument(help: ArgumentHelp("Which events; everything when it is left out.", valueName: "filter"))
    var filter: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only events at or after this time: 2026-11-20T08:00:00Z, 2026-11-20, now-1h.",
            valueName: "time"
        )
    )
    var from: String?

    @Option(help: ArgumentHelp("Only events before this time.", valueName: "time"))
    var to: String?

    @Option(help: "ndjson, the original bytes; there is no other form.")
    var output = Format.ndjson

    @Option(
        help: ArgumentHelp(
            "Write to a file, which must not be there; it gets its name once it is whole.",
            valueName: "file"
        ),
        completion: .file()
    )
    var toFile: String?

    @Option(
        help: ArgumentHelp(
            "Write the whole signed tree as a directory of tiles, entry bundles and a checkpoint.",
            valueName: "dir"
        ),
        completion: .directory
    )
    var tlog: String?

    @Flag(
        help: "Write an evidence pack: a tar archive of the events and their proofs, which martlet verify pack checks."
    )
    var pack = false

    @Flag(help: "No progress and no summary; what is missing is still told.")
    var quiet = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !pack || tlog == nil else { throw ValidationError("--pack and --tlog are two different things to write") }
        guard tlog == nil || filter.isEmpty && from == nil && to == nil && toFile == nil else {
            throw ValidationError(
                "--tlog writes the whole tree into its directory; it goes with no filter, time or file"
            )
        }
    }

    func run() async throws {
        if let tlog { return try await writeTree(to: tlog) }
        let query = EventQuery(
            filter: filter.joined(separator: " "),
            from: from,
            to: to,
            limit: .max,
            order: .log
        )
        if pack { return try await writePack(query) }
        let access = try connection.eventAccess()
        let outcome: OriginalsOutcome
        if let toFile {
            let file = try OutputFile(toFile)
            outcome = try await write(query, access) { try file.write($0) }
            if outcome.byteCount > 0 { try file.finish() }
        } else {
            outcome = try await write(query, access) { Terminal.write($0) }
        }
        for reason in outcome.partialReasons { Terminal.complain(Terminal.harmless(reason)) }
        guard outcome.partialReasons.isEmpty else { throw CommandFailure(.incomplete, "this is not everything") }
        guard outcome.byteCount > 0 else { throw CommandFailure(.no, "no event matches; nothing was written") }
    }

    private func writePack(_ query: EventQuery) async throws {
        let access = try connection.packAccess()
        let manifest: PackManifest
        if let toFile {
            let file = try OutputFile(toFile)
            manifest = try await writePack(query, access) { try file.write($0) }
            try file.finish()
        } else {
            guard !Terminal.outputIsTerminal else {
                throw ValidationError("a pack is no text: say where to write it with --to-file")
            }
            manifest = try await writePack(query, access) { Terminal.write($0) }
        }
        for reason in manifest.limits + manifest.partialReasons { Terminal.complain(Terminal.harmless(reason)) }
        guard manifest.isComplete else {
            throw CommandFailure(.incomplete, "this is not everything, and the pack says so")
        }
        guard manifest.eventCount > 0 else { throw CommandFailure(.no, "no event matches; the pack says so") }
    }

    private func writePack(
        _ query: EventQuery,
        _ access: any PackAccess,
        to write: ([UInt8]) throws -> Void
    ) async throws -> PackManifest {
        let bar = Mutex(ProgressBar("pack", isShown: !quiet && Terminal.errorIsTerminal))
        defer { bar.withLock { $0.finish() } }
        let manifest = try await access.writePack(query) { events, byteCount in
            bar.withLock { $0.update(fraction: nil, events: events, byteCount: byteCount) }
        } to: { bytes in
            try write(bytes)
        }
        if !quiet {
            bar.withLock { $0.finish() }
            let count = ProgressBar.grouped(Int(clamping: manifest.eventCount))
            let signed = ProgressBar.grouped(Int(clamping: manifest.checkpointSize))
            Terminal.writeError("\(count) events, proven by a checkpoint of \(signed)\n")
        }
        return manifest
    }

    private func writeTree(to directory: String) async throws {
        let tree = try await connection.treeAccess()
        var export = try TlogExport(directory: directory)
        var bar = ProgressBar("export", isShown: !quiet && Terminal.errorIsTerminal)
        let outcome: TlogExport.Outcome
        do {
            outcome = try await export.run(tree) { leaves, size, byteCount in
                bar.update(
                    fraction: Double(leaves) / Double(max(1, size)),
                    events: Int(clamping: leaves),
                    byteCount: byteCount
                )
            }
        } catch {
            bar.finish()
            await tree.close()
            throw error
        }
        bar.finish()
        await tree.close()
        guard !quiet else { return }
        let deleted = outcome.minimumIndex > 0 ? ", without the first \(outcome.minimumIndex), which were deleted" : ""
        Terminal.writeError(
            "the tree of \(outcome.size) events\(deleted): \(outcome.fileCount) files, \(ByteText.short(outcome.byteCount))\n"
        )
    }

    private func write(
        _ query: EventQuery,
        _ access: any EventAccess,
        to write: ([UInt8]) throws -> Void
    ) async throws -> OriginalsOutcome {
        // On one terminal the bar would stand among the events.
        let isShown = !quiet && Terminal.errorIsTerminal && (toFile != nil || !Terminal.outputIsTerminal)
        var bar = ProgressBar("export", isShown: isShown)
        let outcome: OriginalsOutcome
        do {
            outcome = try await access.writeOriginals(query) { progress in
                bar.update(fraction: progress.fraction, events: progress.eventCount, byteCount: progress.byteCount)
            } to: { bytes in
                if !bytes.isEmpty { try write(bytes) }
            }
        } catch {
            bar.finish()
            throw error
        }
        bar.finish()
        if !quiet, outcome.byteCount > 0 {
            let events = outcome.eventCount.map { "\(ProgressBar.grouped($0)) events, " } ?? ""
            let rate = ByteText.short(Int(Double(outcome.byteCount) / max(0.001, bar.elapsedSeconds)))
            Terminal.writeError("\(events)\(ProgressBar.grouped(outcome.byteCount)) bytes (\(rate)/s)\n")
        }
        return outcome
    }
}
