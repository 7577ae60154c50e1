// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// The fuzzers, apart from the main package: libFuzzer brings its own `main`, so a normal build could not link them.
//
// `Sources` holds symbolic links to the targets under test. They are compiled here once more, with the fuzzer's
// instrumentation; and being of one package they may use what has `package` access. Built by Scripts/fuzz.

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    // The compiler heeds only the last `-sanitize`, so SwiftPM's two options alone would leave Swift without the
    // counters by which libFuzzer finds its way.
    .unsafeFlags(["-sanitize=address,fuzzer"]),
]

/// A fuzzer: a library by its sources, whose `main` comes with libFuzzer.
func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: "Targets/\(name)",
        swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]
    )
}

let package = Package(
    name: "martlet-fuzz",
    targets: [
        .target(name: "CBytes"),
        .target(name: "ByteCoding", dependencies: ["CBytes"], swiftSettings: strict),
        .target(name: "AuditModel", dependencies: ["ByteCoding"], swiftSettings: strict),
        .target(name: "EventScanner", dependencies: ["ByteCoding", "CBytes"], swiftSettings: strict),
        .target(name: "QueryLanguage", dependencies: ["AuditModel", "ByteCoding"], swiftSettings: strict),
        .target(name: "KafkaProtocol", dependencies: ["ByteCoding"], swiftSettings: strict),
        .target(name: "KafkaCapture", dependencies: ["ByteCoding", "KafkaProtocol"], swiftSettings: strict),
        .target(
            name: "FuzzChecks",
            dependencies: [
                "AuditModel", "ByteCoding", "EventScanner", "KafkaCapture", "KafkaProtocol", "QueryLanguage",
            ],
            path: "Checks",
            swiftSettings: strict
        ),
        fuzzer("EventScannerFuzz", ["FuzzChecks"]),
        fuzzer("KafkaCaptureFuzz", ["FuzzChecks"]),
        fuzzer("KafkaProtocolFuzz", ["FuzzChecks"]),
        fuzzer("QueryLanguageFuzz", ["FuzzChecks"]),
    ],
    cLanguageStandard: .c2x
)
