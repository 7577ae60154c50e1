// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// A `martlet witness` on a free port of this machine; killed when it is forgotten.
final class RunningWitness: Sendable {
    static let name = "witness.example/w1"

    let port: Int
    private let child: ChildProcess
    private let errorFile: Scratch

    var log: String { (try? String(decoding: errorFile.bytes(of: "error"), as: UTF8.self)) ?? "" }

    /// Starts a witness with its key and records in a directory, and waits until it takes connections.
    ///
    /// - Parameters:
    ///   - state: the directory
    ///   - logs: verifier keys of the logs that it knows
    ///   - port: 0 for one that is free
    /// - Throws: `DidNotStart` with what it said.
    init(state: String, logs: [String], port: Int = 0) async throws {
        errorFile = try Scratch()
        let file = try errorFile.file("logs", logs.map { "log \($0)\n" }.joined().utf8)
        child = try ChildProcess(
            EndToEnd.binary.path,
            ["witness", "--state", state, "--name", Self.name, "--logs", file, "--port", String(port)],
            environment: cleanEnvironment(),
            output: errorFile.path("output"),
            error: errorFile.path("error"),
            limit: .seconds(900)
        )
        var found: Int?
        try await eventually("a witness on \(state) takes connections") { [child, errorFile] in
            let text = String(decoding: try errorFile.bytes(of: "error"), as: UTF8.self)
            found = text.firstMatch(of: /listening on http:\/\/[^ ]*:([0-9]+)\n/).flatMap { Int($0.1) }
            if found == nil, child.hasEnded { throw RunningServer.DidNotStart(said: text) }
            return found != nil
        }
        self.port = try #require(found)
    }

    /// Ends it as a crash does.
    func kill() async {
        child.signal(SIGKILL)
        _ = await child.wait()
    }

    func request(_ method: String, _ path: String, body: [UInt8]? = nil) async throws -> HTTPResponse {
        let request = HTTPRequest(method, path, body: body)
        return try await onThread { [port] in try HTTPConnection(port: port).exchange(request) }
    }
}
