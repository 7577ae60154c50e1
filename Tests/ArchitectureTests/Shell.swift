// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A place where the commands of the documents run: `martlet` is on the path, the example day is there, and nothing that
/// they write stays.
struct Shell {
    let directory: URL
    private let environment: [String: String]

    private init(directory: URL, environment: [String: String]) {
        self.directory = directory
        self.environment = environment
    }

    /// - Throws: `Fault` when there is no `martlet` beside the tests.
    init() throws {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        guard Repository.exists(tests.appending(path: "martlet")) else {
            throw Fault("no martlet in \(tests.path); swift build --build-tests makes it")
        }
        directory = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: directory.appending(path: "Examples"),
            withDestinationURL: Repository.root.appending(path: "Examples")
        )
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        environment = [
            "PATH": "\(tests.path):\(path)", "HOME": directory.path, "TERM": "dumb", "COLUMNS": "120", "NO_COLOR": "1",
            "TZ": "UTC", "LC_ALL": "C.UTF-8",
        ]
    }

    func with(_ name: String, _ value: String) -> Shell {
        Shell(directory: directory, environment: environment.merging([name: value]) { $1 })
    }

    func remove() {
        try? FileManager.default.removeItem(at: directory)
    }

    /// What a command did.
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs lines of a shell script to their end.
    func run(_ script: String) async throws -> Result {
        let process = process(["-eu", "-c", script])
        // Files, because a pipe that nobody reads stops the command when it is full.
        let (output, errors) = (try scratchFile(), try scratchFile())
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        await withTaskCancellationHandler {
            for await _ in ends {}
        } onCancel: {
            kill(process.processIdentifier, SIGTERM)
        }
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8)
        )
    }

    /// Starts a command that goes on until it is ended, and waits for a line of its standard error that begins so.
    ///
    /// - Returns: the process, and the rest of that line.
    func start(_ script: String, until announcement: String) async throws -> (process: Process, announced: String) {
        let process = process(["-c", "exec \(script)"])
        let pipe = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = pipe
        let (pieces, piece) = AsyncStream.makeStream(of: Data.self)
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            guard data.isEmpty else {
                piece.yield(data)
                return
            }
            handle.readabilityHandler = nil
            piece.finish()
        }
        try process.run()
        var said = ""
        for await data in pieces {
            said += String(decoding: data, as: UTF8.self)
            // The last piece may be the beginning of a line.
            let lines = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            guard let line = lines.first(where: { $0.hasPrefix(announcement) }) else { continue }
            return (process, String(line.dropFirst(announcement.count)))
        }
        process.terminate()
        throw Fault("\"\(script)\" ended without saying \"\(announcement)\": \(said)")
    }

    private func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        return process
    }

    private func scratchFile() throws -> URL {
        let file = directory.appending(path: ".output-\(UUID().uuidString)")
        try Data().write(to: file)
        return file
    }
}
