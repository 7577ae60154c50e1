// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore
import DurableFiles
import Ingest
import SystemPackage

extension StoreCommand {
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Take the events of copied segments into a log, byte for byte.",
            discussion: """
                Files are what martlet store export wrote, or any segment; of a directory all .parquet files in the order of \
                their names. The events come in as events do: they get new indices, you as submitter and the file as origin, and \
                what the log has already, from you, is not stored twice.
                  martlet store import --data DIR COPY
                  martlet store import --data DIR COPY/00000000000000000000-00000000000000262143.parquet

                The other log's own events (stream:system) are left out and counted; --system-events takes them as well. To go \
                on with a log as it was, with its indices, restore its directory instead: see docs/operating.md.

                Exit status: 1 something was set aside in the quarantine, 4 a file is damaged and part of it is missing.
                """
        )

        @Argument(help: ArgumentHelp("Segments, or directories with segments.", valueName: "file"), completion: .file())
        var files: [String]

        @Flag(help: "Take the other log's own events as well, as events like any other.")
        var systemEvents = false

        @Flag(help: "No progress and no summary; what is missing is still told.")
        var quiet = false

        @OptionGroup var directory: StoreCommand.Directory

        /// Stretches of a segment that are held at once: each takes about 80 MB, as events and in frames.
        private static let countInFlight = 2

        /// What became of the events.
        private struct Report {
            var accepted = 0
            var repeated = 0
            var conflicts = 0
            var quarantined = 0
            var skipped = 0
            var byteCount = 0
            var failures = 0
            var firstIndex: UInt64?
            var lastIndex: UInt64?

            var eventCount: Int { accepted + repeated + quarantined + skipped }

            mutating func add(_ part: PartReport, _ run: PreparedRun) {
                accepted += part.acknowledgement.acceptedCount
                repeated += part.acknowledgement.repeated.count
                conflicts += part.acknowledgement.conflicts.count
                quarantined += part.quarantined.count
                skipped += run.skippedCount
                byteCount += run.byteCount
                firstIndex = firstIndex ?? part.acknowledgement.indices?.lowerBound
                lastIndex = part.acknowledgement.indices.map { $0.upperBound - 1 } ?? lastIndex
            }
        }

        func validate() throws {
            guard !files.isEmpty else {
                throw ValidationError("name the directory or the files that store export wrote")
            }
        }

        func run() async throws {
            let paths = try SegmentPaths.expand(files)
            let log = try directory.owned("import", instead: "It can't take segments over HTTP.", creates: true)
            var bar = ProgressBar("import", isShown: !quiet && Terminal.errorIsTerminal)
            var report = Report()
            do {
                let copies = open(paths, &report)
                let total = copies.reduce(0) { $0 + $1.eventCount }
                for copy in copies { try await take(copy, into: log, total, &report, &bar) }
            } catch {
                bar.finish()
                await log.close()
                throw error
            }
            bar.finish()
            await log.close()
            if !quiet { summarize(report, bar.elapsedSeconds) }
            if report.failures > 0 { throw CommandFailure(.incomplete, "this is not everything") }
            if report.quarantined > 0 { throw CommandFailure(.no) }
        }

        /// The segments that can be read and are what the list beside them says.
        private func open(_ paths: [String], _ report: inout Report) -> [SegmentCopy] {
            var listings: [String: SegmentListing] = [:]
            return paths.compactMap { path in
                do {
                    let copy = try SegmentCopy(FilePath(path))
                    let folder = copy.path.removingLastComponent().string
                    let listing = try listings[folder] ?? Export.listing(in: folder.isEmpty ? "." : folder)
                    listings[folder] = listing
                    let expected = copy.path.lastComponent.flatMap { listing.entries[$0.string] }
                    guard let expected, expected != .init(checksum: copy.checksum, byteCount: copy.byteCount) else {
                        return copy
                    }
                    throw CommandFailure(
                        .incomplete,
                        "\(path) is damaged: its bytes are not what \(SegmentListing.fileName) beside it says"
                    )
                } catch {
                    report.failures += 1
                    let message = (error as? CommandFailure)?.message ?? (error as? StoreError)?.message ?? "\(error)"
                    Terminal.complain("\(Terminal.harmless(message)); none of its events is taken")
                    return nil
                }
            }
        }

        private func take(
            _ copy: SegmentCopy,
            into log: LocalAdministration,
            _ total: Int,
            _ report: inout Report,
            _ bar: inout ProgressBar
        ) async throws {
            let ingest = EventRunIngest(
                log.admission,
                submitter: log.principal,
                source: "file:\(copy.path)",
                takesSystemEvents: systemEvents
            )
            try await OrderedWork.run(on: copy.rowRanges, countInFlight: Self.countInFlight) { rows in
                ingest.prepare(try copy.events(rows), firstLine: rows.lowerBound + 1)
            } take: { rows, result in
                switch result {
                case .success(let prepared):
                    let stored = try await ingest.store(prepared)
                    report.add(stored, prepared)
                    for rejection in stored.quarantined.prefix(3) {
                        bar.finish()
                        Terminal.complain(
                            """
                            \(Terminal.harmless(copy.path.string)), event \(rejection.line), byte \(rejection.byteOffset): \
                            \(Terminal.harmless(rejection.message)) [\(rejection.code)]; it is in the quarantine
                            """
                        )
                    }
                case .failure(let error as StoreError) where error.code == .damaged:
                    bar.finish()
                    report.failures += 1
                    Terminal.complain(
                        """
                        \(Terminal.harmless(copy.path.string)): its events \(rows.lowerBound + 1) to \(rows.upperBound) are \
                        not taken: \(Terminal.harmless(error.message))
                        """
                    )
                case .failure(let error): throw error
                }
                bar.update(
                    fraction: Double(report.eventCount) / Double(max(1, total)),
                    events: report.eventCount,
                    byteCount: report.byteCount
                )
            }
        }

        private func summarize(_ report: Report, _ seconds: Double) {
            var text = "\(Count.of(report.accepted, "event")) stored"
            if let first = report.firstIndex, let last = report.lastIndex { text += ", indices \(first) to \(last)" }
            if report.repeated > 0 { text += "; \(ProgressBar.grouped(report.repeated)) were there already" }
            if report.conflicts > 0 {
                text += "; \(ProgressBar.grouped(report.conflicts)) marked as conflicting with an earlier id"
            }
            if report.quarantined > 0 {
                text += "; \(ProgressBar.grouped(report.quarantined)) set aside (martlet quarantine list)"
            }
            if report.skipped > 0 {
                text += "; \(ProgressBar.grouped(report.skipped)) of the other log's own left out"
            }
            let rate = ProgressBar.grouped(Int(Double(report.accepted + report.repeated) / max(seconds, 0.001)))
            Terminal.writeError("\(text) (\(rate) events/s)\n")
        }
    }
}

/// Which files are meant by the names of files and directories.
enum SegmentPaths {
    /// A copy has its segments beside each other; a data directory has them two levels down, by day.
    private static let maximumDepth = 3

    /// Files as they are named, and of directories all segments, in the order of the log.
    ///
    /// - Throws: `CommandFailure` when one is not there, or a directory has none.
    static func expand(_ names: [String]) throws -> [String] {
        var paths: [String] = []
        for name in names {
            guard RealFileSystem().exists(FilePath(name)) else {
                throw CommandFailure(.couldNotRun, "\(name) is not there")
            }
            guard let entries = try? RealFileSystem().names(in: FilePath(name)) else {
                paths.append(name)
                continue
            }
            let found = segments(in: FilePath(name), entries, depth: 1)
            guard !found.isEmpty else {
                throw CommandFailure(
                    .couldNotRun,
                    "\(name) has no .parquet file in it; martlet store export makes them"
                )
            }
            // By their own names, which begin with the first index, whatever directory each is in.
            paths += found.map { (name: $0.lastComponent?.string ?? "", path: $0.string) }
                .sorted { $0 < $1 }.map(\.path)
        }
        return paths
    }

    private static func segments(in directory: FilePath, _ names: [String], depth: Int) -> [FilePath] {
        names.flatMap { name -> [FilePath] in
            let path = directory.appending(name)
            if name.hasSuffix(".parquet") { return [path] }
            guard depth < maximumDepth, let names = try? RealFileSystem().names(in: path) else { return [] }
            return segments(in: path, names, depth: depth + 1)
        }
    }
}
