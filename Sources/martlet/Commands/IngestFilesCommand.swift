// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditModel
import AuditStore
import EventMapping
import EventScanner
import Ingest
import LogReaders
import NIOPosix

struct IngestFilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files",
        abstract: "Put events from files or standard input into the log.",
        discussion: """
            A file holds one event a line (NDJSON), a JSON array of events, or objects one after the other; it may be packed \
            with gzip or zstd. Every event is stored byte for byte, and on disk when it is counted.

            What is no event is set aside in the quarantine with its reason, and the rest goes on: martlet quarantine list. \
            Putting the same file in again stores nothing twice, as long as its events are among the newest million or so; \
            to go on after an interruption, use the line that was named: --from-line.

              martlet ingest events.ndjson.gz
              kcat -C -t confluent-audit-log-events -e | martlet ingest -
              martlet ingest --format authorizer-log --cluster crn:///kafka=orders-eu kafka-authorizer.log*

            Exit status 1: something was set aside; 4: a file could not be read to its end.
            """
    )

    @Argument(help: ArgumentHelp("Files; - for standard input.", valueName: "file"), completion: .file())
    var files: [String]

    @Option(help: "lines, array or objects, found out when it is left out; authorizer-log or request-log of a broker.")
    var format: InputFormat?

    @Option(help: ArgumentHelp("Of brokers' logs: the cluster's CRN, as events name it.", valueName: "crn"))
    var cluster: String?

    @Option(
        help: ArgumentHelp(
            "Of brokers' logs: the zone of stamps that name none: UTC, +02:00, Europe/Berlin. Default: UTC.",
            valueName: "zone"
        )
    )
    var timeZone: String?

    @Option(
        help: ArgumentHelp(
            "First line to take, from 1; with arrays and objects the first event. For one file.",
            valueName: "line"
        )
    )
    var fromLine = 1

    @Flag(help: "No progress and no summary; errors are still told.")
    var quiet = false

    @Flag(help: "Seal everything when all is stored, so that nothing is left in the journal; with --data.")
    var seal = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !seal || connection.data != nil else {
            throw ValidationError("--seal goes with --data; a server seals by itself")
        }
        guard !files.isEmpty else { throw ValidationError("name a file, or - for standard input") }
        guard fromLine >= 1 else { throw ValidationError("--from-line counts from 1") }
        guard fromLine == 1 || files.count == 1 else { throw ValidationError("--from-line goes with one file") }
        guard format?.log == nil || fromLine == 1 else {
            throw ValidationError(
                "--from-line goes with events; of a log each line is stored once however often it is read"
            )
        }
        guard format?.log != nil || (cluster == nil && timeZone == nil) else {
            throw ValidationError("--cluster and --time-zone go with --format authorizer-log or request-log")
        }
    }

    func run() async throws {
        let destination = try await destination()
        do {
            let report = try await ingest(into: destination)
            if seal { try await destination.seal() }
            await destination.close()
            if report.quarantinedCount > 0 { throw CommandFailure(.no) }
        } catch {
            await destination.close()
            throw error
        }
    }

    private func destination() async throws -> any IngestDestination {
        guard let data = connection.data else { return ServerDestination(client: try connection.serverClient()) }
        return try LocalDestination(directory: data)
    }

    private func ingest(into destination: any IngestDestination) async throws -> StreamIngest.Progress {
        var total = StreamIngest.Progress()
        let clock = ContinuousClock()
        let start = clock.now
        // One for all files: a forwarded request is in the logs of two brokers.
        let parsers = format?.log == nil ? nil : try parsers()
        for file in files {
            let report = try await ingest(file, parsers, into: destination)
            total.merge(report)
        }
        if !quiet { summarize(total, (clock.now - start).seconds) }
        return total
    }

    private func ingest(
        _ file: String,
        _ parsers: LogParsers?,
        into destination: any IngestDestination
    ) async throws -> StreamIngest.Progress {
        var last = StreamIngest.Progress()
        var bar = ProgressBar(file, isShown: !quiet && Terminal.errorIsTerminal)
        var told = 0
        func show(_ progress: StreamIngest.Progress) {
            last = progress
            let fraction = progress.totalByteCount.map { Double(progress.readByteCount) / Double(max(1, $0)) }
            bar.update(
                fraction: fraction,
                events: progress.acceptedCount + progress.repeatedCount,
                byteCount: progress.byteCount
            )
        }
        func complain(_ rejections: [Rejection]) {
            bar.finish()
            told = tell(rejections, of: file, told)
        }
        do {
            if let log = format?.log, let parsers {
                let parser = log == .authorizer ? parsers.authorizer() : parsers.request()
                let parts = LogPartSource(try LogFileReader(path: file, parser: parser), pool: .singleton)
                try await destination.ingest(parts, name: file, progress: show, rejected: complain)
            } else {
                let reader = try StreamReader(
                    path: file,
                    layout: format?.layout,
                    maximumEventByteCount: ScanLimits().maximumByteCount
                )
                try await destination.ingest(
                    reader,
                    name: file,
                    firstLine: fromLine,
                    progress: show,
                    rejected: complain
                )
            }
        } catch {
            bar.finish()
            if last.lineCount > 0, format?.log == nil {
                Terminal.complain(
                    "\(file): everything before line \(fromLine + last.lineCount) is stored; go on with --from-line \(fromLine + last.lineCount)"
                )
            }
            throw error
        }
        bar.finish()
        return last
    }

    private func parsers() throws -> LogParsers {
        let settings = try Settings.ofEnvironment()
        let name = cluster ?? settings.text(.kafkaCluster) ?? ""
        guard let crn = CRN(name), crn.resource?.type == "kafka" else {
            throw CommandFailure(
                .usage,
                "\"\(Terminal.harmless(name))\" is no cluster's CRN, such as --cluster crn:///kafka=orders-eu"
            )
        }
        return try LogParsers(
            zone: timeZone ?? settings.text(.brokerLogTimeZone) ?? "UTC",
            cluster: crn,
            policy: PolicyFile.policy(settings.text(.kafkaPolicy))
        )
    }

    /// Names the first few rejections; the quarantine has them all.
    private func tell(_ rejections: [Rejection], of file: String, _ told: Int) -> Int {
        let most = 10
        for rejection in rejections.prefix(max(0, most - told)) {
            Terminal.complain(
                "\(Terminal.harmless(file)), line \(rejection.line), byte \(rejection.byteOffset): \(Terminal.harmless(rejection.message)) [\(rejection.code)]"
            )
        }
        if told < most, told + rejections.count > most {
            Terminal.complain("more is in the quarantine: martlet quarantine list")
        }
        return told + rejections.count
    }

    private func summarize(_ total: StreamIngest.Progress, _ seconds: Double) {
        var text = "\(ProgressBar.grouped(total.acceptedCount)) events stored"
        if let first = total.firstIndex, let last = total.lastIndex { text += ", indices \(first) to \(last)" }
        if total.repeatedCount > 0 { text += "; \(ProgressBar.grouped(total.repeatedCount)) were there already" }
        if total.conflictCount > 0 { text += "; \(total.conflictCount) marked as conflicting with an earlier id" }
        if total.quarantinedCount > 0 { text += "; \(total.quarantinedCount) set aside (martlet quarantine list)" }
        let rate = Int(Double(total.acceptedCount) / max(seconds, 0.001))
        Terminal.writeError("\(text) (\(ProgressBar.grouped(rate)) events/s)\n")
    }
}

/// What `--format` says: how events stand in a file, or which log of a broker it is.
struct InputFormat: ExpressibleByArgument {
    let layout: BatchLayout?
    let log: LogFormat?

    init?(argument: String) {
        // One event as a file of its own is found out.
        layout = BatchLayout(rawValue: argument)
        log = LogFormat(rawValue: argument)
        if layout == nil, log == nil { return nil }
    }

    static var allValueStrings: [String] {
        BatchLayout.allCases.map(\.rawValue) + LogFormat.allCases.map(\.rawValue)
    }
}

extension StreamIngest.Progress {
    /// Adds another file's.
    mutating func merge(_ other: StreamIngest.Progress) {
        acceptedCount += other.acceptedCount
        repeatedCount += other.repeatedCount
        conflictCount += other.conflictCount
        quarantinedCount += other.quarantinedCount
        firstIndex = firstIndex ?? other.firstIndex
        lastIndex = other.lastIndex ?? lastIndex
    }
}
