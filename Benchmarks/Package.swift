// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// Benchmarks of single engines, apart from the main package so that a normal build never compiles them.
//
// `Sources` holds symbolic links to the engines: being of one package, a benchmark may use what has `package` access.

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
]

let package = Package(
    name: "martlet-benchmarks",
    targets: [
        .target(name: "CBytes"),
        .target(name: "ByteCoding", dependencies: ["CBytes"], swiftSettings: strict),
        .target(name: "EventScanner", dependencies: ["ByteCoding", "CBytes"], swiftSettings: strict),
        .target(name: "AuditModel", dependencies: ["ByteCoding"], swiftSettings: strict),
        .target(
            name: "EventReading",
            dependencies: ["AuditModel", "ByteCoding", "EventScanner"],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .target(
            name: "SegmentFormat",
            dependencies: ["AuditModel", "ByteCoding", "CBytes", "CZlib", "CZstd", "EventReading", "EventScanner"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "SegmentBenchmark",
            dependencies: ["ByteCoding", "SegmentFormat"],
            path: "Targets/SegmentBenchmark",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "ScannerBenchmark",
            dependencies: ["EventScanner"],
            path: "Targets/ScannerBenchmark",
            swiftSettings: strict
        ),
    ],
    cLanguageStandard: .c2x
)
