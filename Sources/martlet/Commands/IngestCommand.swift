// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Put events into the log: from files, standard input, or topics of Kafka.",
        discussion: """
              martlet ingest events.ndjson.gz
              kcat -C -t audit -e | martlet ingest -
              martlet ingest --format authorizer-log kafka-authorizer.log*
              martlet ingest kafka --data ./audit --properties cloud.properties --until-end

            Every event is stored byte for byte, and on disk when it is counted. What is no event is set aside in the \
            quarantine with its reason. The options of each: martlet ingest files --help, martlet ingest kafka --help.
            """,
        subcommands: [IngestFilesCommand.self, IngestKafkaCommand.self],
        defaultSubcommand: IngestFilesCommand.self
    )
}
