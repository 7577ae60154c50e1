// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The tests of the program as people have it: the real binary, real files, real sockets, free ports.
///
/// One after the other: each starts processes of its own, and two cores would otherwise measure the tests, not the
/// program.
@Suite(.serialized, .tags(.endToEnd)) enum EndToEnd {
    /// Whether the long campaigns are wanted: `make test-all`.
    static let isLong = environment["MARTLET_LONG"] == "1"

    static let environment = ProcessInfo.processInfo.environment

    /// The directory that holds `Package.swift`, also when `Tests` is reached by a symbolic link.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The program under test: beside the tests' own executable, else that of a debug build.
    static let binary: URL = {
        if let path = environment["MARTLET_BINARY"] { return URL(filePath: path) }
        let beside = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "martlet")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return root.appending(path: ".build/debug/martlet")
    }()
}

extension Tag {
    @Tag static var endToEnd: Self
    @Tag static var slow: Self
}

/// A directory of its own for a test, removed with it.
final class Scratch: Sendable {
    let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// The path of a name in it.
    func path(_ name: String) -> String { directory.appending(path: name).path }

    /// Writes a file and gives its path.
    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        try Data(bytes).write(to: directory.appending(path: name))
        return path(name)
    }

    func bytes(of name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: directory.appending(path: name)))
    }
}

/// Waits for something that another process brings about and of which it sends no word.
///
/// - Throws: `Overdue` when it does not come.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(900),
    _ isSo: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !isSo() {
        guard ContinuousClock.now < deadline else { throw Overdue(what: what, limit: limit) }
        try await Task.sleep(for: .milliseconds(10))
    }
}

struct Overdue: Error {
    let what: String
    let limit: Duration
}

/// Runs what blocks on a thread of its own, so that it holds up no other test.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}
