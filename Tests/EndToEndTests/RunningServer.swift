// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// A `martlet serve` on a free port of this machine; killed when it is forgotten.
final class RunningServer: Sendable {
    let port: Int
    /// From the start of the process until it takes connections.
    let startDuration: Duration
    private let child: ChildProcess
    private let errorFile: Scratch

    var url: String { "http://127.0.0.1:\(port)" }

    /// What it has written to standard error so far.
    var log: String { (try? String(decoding: errorFile.bytes(of: "error"), as: UTF8.self)) ?? "" }

    var processID: pid_t { child.id }

    /// Starts a server and waits until it takes connections.
    ///
    /// - Throws: `DidNotStart` with what it said.
    init(
        data: String,
        port: Int = 0,
        arguments: [String] = ["--allow-anonymous-loopback"],
        environment: [String: String] = [:]
    ) async throws {
        let start = ContinuousClock.now
        errorFile = try Scratch()
        child = try Self.spawn(
            data: data,
            port: port,
            errorFile: errorFile,
            arguments: arguments,
            environment: environment
        )
        var found: Int?
        try await eventually("a server on \(data) takes connections") { [child, errorFile] in
            let text = String(decoding: try errorFile.bytes(of: "error"), as: UTF8.self)
            found = text.firstMatch(of: /listening on http:\/\/[^ ]*:([0-9]+)\n/).flatMap { Int($0.1) }
            if found == nil, child.hasEnded { throw DidNotStart(said: text) }
            return found != nil
        }
        self.port = try #require(found)
        startDuration = ContinuousClock.now - start
    }

    /// Starts a server and does not wait, for tests that end it again at once.
    static func spawn(
        data: String,
        port: Int,
        errorFile: Scratch,
        arguments: [String] = ["--allow-anonymous-loopback"],
        environment: [String: String] = [:]
    ) throws -> ChildProcess {
        try ChildProcess(
            EndToEnd.binary.path,
            ["serve", "--data", data, "--port", String(port)] + arguments,
            environment: cleanEnvironment(adding: environment),
            output: errorFile.path("output"),
            error: errorFile.path("error"),
            limit: .seconds(900)
        )
    }

    struct DidNotStart: Error {
        let said: String
    }

    /// Asks it to end as an operator does, and waits until it has.
    @discardableResult
    func stop() async -> ChildProcess.Ending {
        child.signal(SIGTERM)
        return await child.wait()
    }

    /// Ends it as a crash does.
    func kill() async {
        child.signal(SIGKILL)
        _ = await child.wait()
    }

    func signal(_ number: Int32) {
        child.signal(number)
    }

    func wait() async -> ChildProcess.Ending {
        await child.wait()
    }

    // MARK: - Requests

    func request(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) async throws -> HTTPResponse {
        let request = HTTPRequest(method, path, headers: headers, body: body)
        return try await onThread { [port] in try HTTPConnection(port: port).exchange(request) }
    }

    /// Hands in events.
    func post(
        _ body: some Sequence<UInt8>,
        as type: String = "application/x-ndjson",
        headers: [(String, String)] = []
    ) async throws -> HTTPResponse {
        try await request("POST", "/v1/events", headers: [("Content-Type", type)] + headers, body: Array(body))
    }

    /// The index that the next event gets.
    func endIndex() async throws -> Int {
        struct Status: Decodable { let endIndex: Int }
        return try await request("GET", "/v1/status").decoded(Status.self).endIndex
    }

    /// All events but Martlet's own, in the order of the log.
    func events() async throws -> [[UInt8]] {
        let response = try await request("GET", "/v1/events?order=log", headers: [("Accept", "application/x-ndjson")])
        return NDJSON.lines(of: response.body)
    }
}

/// What the server says of a batch that it stored.
struct Acknowledgement: Decodable {
    let accepted: Int
    let firstIndex: Int?
    let lastIndex: Int?
    let durability: String
    let repeated: [Repeated]
    let conflicts: [Int]

    struct Repeated: Decodable, Equatable {
        let position: Int
        let index: Int
    }

    /// The index of each event of a batch, by its place.
    func indices(of count: Int) -> [Int] {
        var indices = [Int?](repeating: nil, count: count)
        for event in repeated where event.position < count { indices[event.position] = event.index }
        var next = firstIndex ?? 0
        for place in 0..<count where indices[place] == nil {
            indices[place] = next
            next += 1
        }
        return indices.compactMap(\.self)
    }
}

/// RFC 9457.
struct ProblemDocument: Decodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let code: String
    let line: Int?
    let byteOffset: Int?
}
