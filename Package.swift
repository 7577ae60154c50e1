// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Settings of every target of ours.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// Engines additionally mark every unsafe expression.
let engine: [SwiftSetting] = strict + [.strictMemorySafety()]

/// A target of layer 0 to 3.
///
/// The import table stands in ARCHITECTURE.md; a test compares the two.
func layer(
    _ name: String,
    _ dependencies: [Target.Dependency],
    _ settings: [SwiftSetting] = strict,
    path: String? = nil
) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

/// The tests of a target, beside it by name.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let asyncAlgorithms = Target.Dependency.product(name: "AsyncAlgorithms", package: "swift-async-algorithms")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "martlet", targets: ["martlet"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
        .package(
            url: "https://github.com/apple/swift-configuration",
            exact: "1.4.0",
            traits: []
        ),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // MARK: - C: what Swift does not reach
        .target(name: "CAPIDescription", exclude: ["openapi.json"]),
        .target(name: "CBytes"),
        .target(name: "CCatalogData", exclude: ["catalog.json"]),
        .target(name: "CFiles"),
        .target(name: "CMemory"),
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

        // MARK: - 0 Vocabulary
        // Byte reader and writer, CRC-32C, hex, JSON strings.
        layer("ByteCoding", ["CBytes"], engine),
        // The audit event: one set of fields over every spelling; CRN, principal, outcome, time.
        layer("AuditModel", ["ByteCoding"], engine),
        // Event types, categories, methods as data; classification.
        layer("AuditCatalog", ["CCatalogData"], engine),

        // MARK: - 1 Engines: no I/O, no clock, no event loops
        // One pass over JSON bytes: validate, locate fields.
        layer("EventScanner", ["ByteCoding", "CBytes"], engine),
        // The model's fields of an event's bytes.
        layer("EventReading", ["AuditModel", "ByteCoding", "EventScanner"], engine),
        // Frames of the journal, over bytes.
        layer("JournalFormat", ["ByteCoding"], engine),
        // The manifest and the log's identity, as text.
        layer("ManifestFormat", ["AuditModel", "ByteCoding", "JournalFormat"], engine),
        // Sealed events as Parquet, byte for byte: shapes and typed columns; the file format, the index beside it.
        layer(
            "SegmentFormat",
            ["AuditModel", "ByteCoding", "CBytes", "CZlib", "CZstd", "EventReading", "EventScanner"],
            engine
        ),
        // The log that proves what was kept: so far its leaves.
        layer("TransparencyLog", ["ByteCoding", crypto], engine),
        // What whoever checks the evidence runs: events, tree, signatures.
        layer(
            "Verification",
            ["ByteCoding", "JournalFormat", "ManifestFormat", "SegmentFormat", "TransparencyLog"],
            engine
        ),
        // Evidence packs, byte for byte, and their verification.
        layer("EvidencePack", ["ByteCoding", "TransparencyLog", crypto], engine),
        // Kafka's wire protocol: framing, headers, messages, first messages of SASL.
        layer("KafkaProtocol", ["ByteCoding"], engine),
        // One connection as a state machine over bytes: what goes on, what is changed, what was seen.
        layer("KafkaCapture", ["ByteCoding", "KafkaProtocol"], engine),
        // What an exchange or a broker's log line means as audit events; what is captured at all.
        layer(
            "EventMapping",
            ["AuditModel", "ByteCoding", "EventScanner", "KafkaProtocol"],
            engine
        ),
        // Lexer, parser, syntax tree; error messages with a caret.
        layer("QueryLanguage", ["AuditModel", "ByteCoding"], engine),

        // MARK: - 2 Services
        // The only place that opens, writes, syncs, renames.
        layer("DurableFiles", ["CFiles", systemPackage]),
        // Journal, recovery, group commit, repeated events, snapshots.
        layer(
            "AuditStore",
            [
                "ByteCoding", "CMemory", "DurableFiles", "EventReading", "EventScanner", "JournalFormat",
                "ManifestFormat", "SegmentFormat", "TransparencyLog",
                metrics, nioPosix, systemPackage,
            ]
        ),
        // Runs a filter on a snapshot.
        layer(
            "QueryEngine",
            [
                "AuditCatalog", "AuditModel", "AuditStore", "ByteCoding", "CMemory", "EventReading", "EventScanner",
                "JournalFormat", "ManifestFormat", "QueryLanguage", "SegmentFormat", nioPosix,
            ]
        ),
        // Admission of bodies and streams; quarantine.
        layer(
            "Ingest",
            [
                "AuditModel", "AuditStore", "ByteCoding", "CZlib", "CZstd", "DurableFiles", "EventScanner",
                "JournalFormat", "SegmentFormat",
                metrics, nioPosix, systemPackage,
            ]
        ),
        // Per source and hour: complete, gap, unknown.
        layer(
            "Ledger",
            ["AuditModel", "AuditStore", "ByteCoding", "EventScanner", "JournalFormat", "ManifestFormat", nioPosix]
        ),
        // Stands in front of Kafka brokers.
        layer(
            "KafkaGateway",
            [
                "AuditModel", "ByteCoding", "DurableFiles", "EventMapping", "Ingest", "KafkaCapture", "KafkaProtocol",
                lifecycle, logging, metrics, nioCore, nioPosix, nioSSL, nioTLS, systemPackage,
            ]
        ),
        // Consumes and produces records of Kafka.
        layer("KafkaClient", ["CRdKafka", logging, metrics, nioPosix]),
        // Reads topics of audit events into the log.
        layer("KafkaIngest", ["AuditStore", "Ingest", "JournalFormat", "KafkaClient", lifecycle, logging, metrics]),
        // Writes the log to topics.
        layer(
            "KafkaExport",
            [
                "AuditModel", "AuditStore", "ByteCoding", "DurableFiles", "EventMapping", "EventReading",
                "EventScanner", "Ingest", "JournalFormat", "KafkaClient", "QueryEngine", "QueryLanguage",
                lifecycle, logging, metrics, nioPosix, systemPackage,
            ]
        ),
        // Follows the logs of brokers.
        layer(
            "LogReaders",
            [
                "AuditModel", "AuditStore", "ByteCoding", "DurableFiles", "EventMapping", "Ingest",
                lifecycle, logging, metrics, nioPosix, systemPackage,
            ]
        ),
        // API tokens and scopes.
        layer("Access", ["ByteCoding", crypto, grdb]),
        // swift-metrics in Prometheus text format.
        layer("MetricsExport", [coreMetrics]),

        // Cosigns other logs' checkpoints, and remembers the newest of each.
        layer("Witness", ["ByteCoding", "DurableFiles", "TransparencyLog", crypto, systemPackage]),
        // A witness over HTTP.
        layer(
            "WitnessAPI",
            [
                "TransparencyLog", "Witness", httpTypes, hummingbird, hummingbirdCore, lifecycle, logging, nioCore,
                nioPosix,
            ]
        ),

        // Makes evidence packs.
        layer(
            "PackExport",
            [
                "AuditModel", "AuditStore", "EvidencePack", "Ledger", "QueryEngine", "QueryLanguage",
                "TransparencyLog", nioPosix, systemPackage,
            ]
        ),

        // The HTTP API.
        layer(
            "AuditAPI",
            [
                "Access", "AuditModel", "AuditStore", "ByteCoding", "CAPIDescription", "EventScanner", "Ingest",
                "EvidencePack", "Ledger", "ManifestFormat", "MetricsExport", "PackExport", "QueryEngine",
                "QueryLanguage",
                "TransparencyLog",
                asyncAlgorithms, httpTypes, hummingbird, hummingbirdCore, lifecycle, logging, metrics, nioCore,
                nioPosix,
            ]
        ),

        // MARK: - 3 Program
        // The command line, the server, and how everything is put together.
        // Not a product: only `make bench-query` asks for it.
        .executableTarget(
            name: "QueryBenchmark",
            dependencies: [
                "AuditCatalog", "AuditModel", "AuditStore", "QueryEngine", "QueryLanguage", nioPosix, systemPackage,
            ],
            path: "Benchmarks/Targets/QueryBenchmark",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "martlet",
            dependencies: [
                "Access", "AuditAPI", "AuditCatalog", "AuditModel", "AuditStore", "ByteCoding", "CMemory",
                "DurableFiles",
                "EventMapping", "EventScanner", "EvidencePack",
                "Ingest", "JournalFormat", "KafkaCapture", "KafkaClient", "KafkaExport", "KafkaGateway", "KafkaIngest",
                "KafkaProtocol", "Ledger", "LogReaders", "ManifestFormat", "MetricsExport", "PackExport", "QueryEngine",
                "QueryLanguage", "TransparencyLog", "Verification", "Witness", "WitnessAPI", argumentParser,
                asyncAlgorithms, configuration,
                httpClient, lifecycle, logging, metrics, nioCore, nioHTTP1, nioPosix, systemPackage, unixSignals, yams,
            ],
            swiftSettings: strict
        ),

        // MARK: - Tests
        tests("Access", ["Access", "ByteCoding", crypto, grdb]),
        tests("Architecture", []),
        tests(
            "AuditAPI",
            [
                "Access", "AuditAPI", "AuditCatalog", "AuditModel", "AuditStore", "DurableFiles", "Ingest", "Ledger",
                "MetricsExport", "QueryEngine", "QueryLanguage",
                httpTypes, hummingbird, logging, nioPosix, systemPackage,
            ]
        ),
        tests("AuditCatalog", ["AuditCatalog"]),
        tests("AuditModel", ["AuditModel", "ByteCoding"]),
        tests(
            "AuditStore",
            [
                "AuditStore", "ByteCoding", "DurableFiles", "EventScanner", "JournalFormat", "ManifestFormat",
                "SegmentFormat",
                systemPackage,
            ]
        ),
        tests("ByteCoding", ["ByteCoding"]),
        tests("DurableFiles", ["DurableFiles", systemPackage]),
        tests(
            "EndToEnd",
            ["CRdKafka", "KafkaClient", "MockKafka", "martlet", logging],
            exclude: ["cloudevents_sender.py", "sql_page.py", "workload_readers.py"]
        ),
        tests("EvidencePack", ["EvidencePack", "TransparencyLog"], exclude: ["Fixtures"]),
        tests(
            "EventScanner",
            ["ByteCoding", "CSimdjsonOracle", "EventScanner", "FuzzChecks"],
            exclude: ["orjson_oracle.py"]
        ),
        tests(
            "Ingest",
            [
                "AuditCatalog", "AuditModel", "AuditStore", "ByteCoding", "CZlib", "CZstd", "DurableFiles",
                "EventScanner",
                "Ingest", "JournalFormat", nioPosix, systemPackage,
            ]
        ),
        tests(
            "Ledger",
            [
                "AuditModel", "AuditStore", "ByteCoding", "DurableFiles", "Ingest", "JournalFormat", "Ledger",
                "ManifestFormat", nioPosix, systemPackage,
            ]
        ),
        tests(
            "EventMapping",
            [
                "AuditCatalog", "AuditModel", "ByteCoding", "EventMapping", "EventReading", "EventScanner",
                "KafkaProtocol",
            ]
        ),
        tests("KafkaProtocol", ["ByteCoding", "FuzzChecks", "KafkaProtocol"], exclude: ["kio_messages.py"]),
        tests("KafkaCapture", ["ByteCoding", "FuzzChecks", "KafkaCapture", "KafkaProtocol"]),
        tests(
            "KafkaGateway",
            [
                "AuditModel", "ByteCoding", "CRdKafka", "DurableFiles", "EventMapping", "Ingest", "KafkaCapture",
                "KafkaClient", "KafkaGateway", "KafkaProtocol", "MockKafka", lifecycle, logging, nioCore, nioPosix,
                nioSSL, systemPackage,
            ],
            exclude: ["clients"]
        ),
        tests("KafkaClient", ["CRdKafka", "KafkaClient", "MockKafka", logging]),
        tests(
            "KafkaIngest",
            [
                "AuditModel", "CRdKafka", "AuditStore", "DurableFiles", "Ingest", "JournalFormat", "KafkaClient",
                "KafkaIngest",
                "MockKafka", logging, systemPackage,
            ]
        ),
        tests(
            "KafkaExport",
            [
                "AuditCatalog", "AuditModel", "AuditStore", "CRdKafka", "DurableFiles", "EventMapping", "Ingest",
                "KafkaClient", "KafkaExport", "MockKafka", "QueryEngine", "QueryLanguage",
                logging, nioPosix, systemPackage,
            ],
            exclude: ["cloudevents_reader.py"]
        ),
        // librdkafka's own cluster, for tests.
        layer("MockKafka", ["CRdKafka"], path: "Tests/MockKafka"),
        tests(
            "LogReaders",
            [
                "AuditModel", "AuditStore", "ByteCoding", "CZlib", "DurableFiles", "EventMapping", "Ingest",
                "JournalFormat", "LogReaders",
                logging, nioPosix, systemPackage,
            ]
        ),
        tests("JournalFormat", ["ByteCoding", "JournalFormat"], exclude: ["Fixtures"]),
        tests("ManifestFormat", ["ByteCoding", "JournalFormat", "ManifestFormat"]),
        tests("Martlet", ["AuditAPI", "AuditModel", "Ledger", "QueryEngine", "QueryLanguage", "martlet"]),
        tests("MetricsExport", ["MetricsExport", coreMetrics]),
        tests(
            "PackExport",
            [
                "AuditCatalog", "AuditModel", "AuditStore", "DurableFiles", "EvidencePack", "Ingest", "Ledger",
                "PackExport", "QueryEngine", "QueryLanguage", "TransparencyLog", nioPosix, systemPackage,
            ]
        ),
        tests(
            "QueryEngine",
            [
                "AuditCatalog", "AuditModel", "AuditStore", "ByteCoding", "DurableFiles", "JournalFormat",
                "QueryEngine",
                "QueryLanguage", nioPosix, systemPackage,
            ]
        ),
        tests("QueryLanguage", ["AuditModel", "FuzzChecks", "QueryLanguage"], exclude: ["python_tables.py"]),
        tests(
            "SegmentFormat",
            ["AuditModel", "ByteCoding", "EventReading", "EventScanner", "SegmentFormat"],
            exclude: ["Parquet/parquet_readers.py"]
        ),
        tests("TransparencyLog", ["ByteCoding", "TransparencyLog"], exclude: ["leaf_vectors.py"]),
        tests(
            "Verification",
            ["ByteCoding", "JournalFormat", "ManifestFormat", "SegmentFormat", "TransparencyLog", "Verification"],
            exclude: ["independent"]
        ),
        tests("Witness", ["ByteCoding", "DurableFiles", "TransparencyLog", "Witness", systemPackage]),
        tests(
            "WitnessAPI",
            [
                "DurableFiles", "TransparencyLog", "Witness", "WitnessAPI",
                httpTypes, hummingbird, hummingbirdTesting, logging, nioCore, systemPackage,
            ]
        ),
        // What the fuzzers try on the engines, for the fuzzers and for the tests that replay their finds.
        layer(
            "FuzzChecks",
            ["AuditModel", "ByteCoding", "EventScanner", "KafkaCapture", "KafkaProtocol", "QueryLanguage"],
            engine,
            path: "Fuzz/Checks"
        ),
        // Another parser's verdict, to compare ours with.
        .target(
            name: "CSimdjsonOracle",
            path: "Tests/CSimdjsonOracle",
            linkerSettings: [.linkedLibrary("simdjson")]
        ),
    ],
    cLanguageStandard: .c2x,
    cxxLanguageStandard: .cxx17
)
