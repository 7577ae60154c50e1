// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditModel
import AuditStore
import KafkaClient
import KafkaIngest
import Logging
import ServiceLifecycle
import UnixSignals

struct IngestKafkaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kafka",
        abstract: "Read topics of audit events into a log.",
        discussion: """
            Every record is stored byte for byte, once: how far each partition was read is kept in the log with its events, so that a \
            run goes on where the last one ended, however that ended. Nothing is written to the brokers: no group, no offsets. Rights: \
            Describe and Read on the topics.

            How the brokers are reached stands in a file of librdkafka's properties, name=value a line. For Confluent Cloud's audit log:

              bootstrap.servers=pkc-….confluent.cloud:9092
              security.protocol=SASL_SSL
              sasl.mechanisms=PLAIN
              sasl.username=${env:API_KEY}
              sasl.password=${file:/run/secrets/api-secret}

              martlet ingest kafka --data ./audit --properties cloud.properties --until-end

            A running server does the same by itself with the settings kafkaSource.topics and so on, which martlet config check explains. \
            Records that are no events are set aside: martlet quarantine list. What a topic no longer has is recorded as a gap: martlet ledger.

            Runs until Ctrl-C, or with --until-end until every partition was read to its end. Exit status 1: something was set aside.
            """
    )

    @Option(help: ArgumentHelp("Where the log is kept; made when missing.", valueName: "dir"), completion: .directory)
    var data: String?

    @Option(
        help: ArgumentHelp("Topics, with commas between.", valueName: "names")
    )
    var topic = "confluent-audit-log-events"

    @Option(help: ArgumentHelp("Brokers to begin with, with commas between.", valueName: "host:port"))
    var bootstrapServers: String?

    @Option(help: ArgumentHelp("librdkafka's properties, name=value a line.", valueName: "file"), completion: .file())
    var properties: String?

    @Option(
        name: .customShort("X"),
        help: ArgumentHelp("One of librdkafka's properties; no secrets.", valueName: "name=value")
    )
    var property: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where partitions begin that this log never read: earliest, latest, 2026-11-20T08:00:00Z, now-7d.",
            valueName: "place"
        )
    )
    var from = "earliest"

    @Flag(help: "End when every partition was read to the end that it had.")
    var untilEnd = false

    @Option(
        help: ArgumentHelp(
            "Name of the cluster in the log. Default: the id that the brokers say.",
            valueName: "name"
        )
    )
    var clusterName: String?

    @Flag(help: "No progress and no summary; errors are still told.")
    var quiet = false

    @Flag(help: "Seal everything when all is stored, so that nothing is left in the journal.")
    var seal = false

    @Option(help: "Least severe messages to log.")
    var logLevel = "warning"

    func run() async throws {
        guard let directory = try data ?? Settings.ofEnvironment().text(.data) else {
            throw CommandFailure(.usage, "say where the log is kept: --data DIR")
        }
        var options = TopicReader.Options(
            topics: topic.split(separator: ",").map { String($0).trimmingWhitespace() }.filter { !$0.isEmpty }
        )
        options.cluster = clusterName
        options.endsAtEnd = untilEnd
        options.givesUp = true
        options.start = try Settings.topicStart(from, of: "--from")
        let properties = try KafkaPropertyFile.properties(
            file: properties,
            bootstrapServers: bootstrapServers,
            others: property
        )
        let logger = Server.logger(level: logLevel, format: nil)
        let log = try LocalAdministration(directory: directory, creates: true)
        do {
            let reader = try TopicReader(options, properties, admission: log.admission, logger: logger)
            try await run(reader, logger)
            if seal { try await log.store.sealAll() }
            await log.close()
            if reader.state.setAsideCount > 0 { throw CommandFailure(.no) }
        } catch let error as KafkaClientError {
            await log.close()
            throw CommandFailure(error.code == .configuration ? .usage : .couldNotRun, error.message)
        } catch {
            await log.close()
            throw error
        }
    }

    private func run(_ reader: TopicReader, _ logger: Logger) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: reader,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            if !quiet, Terminal.errorIsTerminal { tasks.addTask { await show(reader) } }
            try await group.run()
            tasks.cancelAll()
        }
        if !quiet { summarize(reader.state, (clock.now - start).seconds) }
    }

    private func show(_ reader: TopicReader) async {
        var bar = ProgressBar(topic)
        while !Task.isCancelled {
            let state = reader.state
            let whole = state.recordCount + state.lag
            if let trouble = state.trouble {
                bar.tell("\(trouble.message)")
            } else {
                bar.update(
                    fraction: untilEnd || state.lag > 0 ? Double(state.recordCount) / Double(max(1, whole)) : nil,
                    events: state.recordCount,
                    byteCount: state.byteCount
                )
            }
            do { try await Task.sleep(for: .milliseconds(150)) } catch { break }
        }
        bar.finish()
    }

    private func summarize(_ state: TopicProgress, _ seconds: Double) {
        var text = "\(ProgressBar.grouped(state.storedCount)) events stored, from \(state.partitionCount) partitions"
        if state.repeatedCount > 0 { text += "; \(ProgressBar.grouped(state.repeatedCount)) were there already" }
        if state.ownCount > 0 { text += "; \(ProgressBar.grouped(state.ownCount)) came from this log" }
        if state.setAsideCount > 0 { text += "; \(state.setAsideCount) set aside (martlet quarantine list)" }
        if state.lag > 0 { text += "; \(ProgressBar.grouped(state.lag)) are still unread" }
        let rate = Int(Double(state.recordCount) / max(seconds, 0.001))
        Terminal.writeError("\(text) (\(ProgressBar.grouped(rate)) records/s)\n")
    }
}
