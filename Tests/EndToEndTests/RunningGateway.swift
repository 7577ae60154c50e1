// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// A `martlet gateway kafka` in front of brokers, on free ports of this machine; killed when it is forgotten.
final class RunningGateway: Sendable {
    /// What clients bootstrap with.
    let port: Int
    private let child: ChildProcess
    private let errorFile: Scratch

    var bootstrap: String { "127.0.0.1:\(port)" }

    /// What it has written to standard error so far.
    var log: String { (try? String(decoding: errorFile.bytes(of: "error"), as: UTF8.self)) ?? "" }

    /// Where clients are told that a node is.
    func address(of node: Int) -> String { "127.0.0.1:\(port + 1 + node)" }

    /// Starts a gateway for the nodes 1 to 3 and waits until it takes connections.
    ///
    /// - Throws: `RunningServer.DidNotStart` with what it said.
    convenience init(data: String, bootstrapServers: String, arguments: [String] = []) async throws {
        try await self.init(log: ["--data", data], bootstrapServers: bootstrapServers, arguments: arguments)
    }

    /// The same with the flags that say where the log is.
    init(log: [String], bootstrapServers: String, arguments: [String] = []) async throws {
        let (errorFile, arguments) = (try Scratch(), log + arguments)
        var running: (child: ChildProcess, port: Int)?
        // Ports were free a moment ago, but a program that another test is just starting holds what it inherited until it runs.
        for attempt in 0..<50 where running == nil {
            let child = try Self.child(bootstrapServers, arguments, try FreePorts.first(of: 5), errorFile)
            var text = ""
            try await eventually("a gateway before \(bootstrapServers) takes connections") {
                text = String(decoding: try errorFile.bytes(of: "error"), as: UTF8.self)
                let found = text.firstMatch(of: /kafka gateway listening on [^ ]*:([0-9]+)\n/).flatMap { Int($0.1) }
                if let found { running = (child, found) }
                return found != nil || child.hasEnded
            }
            guard running != nil || attempt < 49 && text.contains("Address already in use") else {
                throw RunningServer.DidNotStart(said: text)
            }
        }
        self.errorFile = errorFile
        (child, port) = try #require(running)
    }

    private static func child(
        _ bootstrapServers: String,
        _ arguments: [String],
        _ port: Int,
        _ files: Scratch
    ) throws -> ChildProcess {
        try ChildProcess(
            EndToEnd.binary.path,
            [
                "gateway", "kafka", "--listen", "127.0.0.1:\(port)", "--bootstrap-servers", bootstrapServers,
                "--nodes", "1-3",
            ] + arguments,
            environment: cleanEnvironment(),
            output: files.path("output"),
            error: files.path("error"),
            limit: .seconds(900)
        )
    }

    /// Ends it as a crash does.
    func kill() async {
        child.signal(SIGKILL)
        _ = await child.wait()
    }

    /// Asks it to end as an operator does, and waits until it has; then everything recorded is in the log.
    @discardableResult
    func stop() async -> ChildProcess.Ending {
        child.signal(SIGTERM)
        return await child.wait()
    }
}

/// Ports that nobody listens at.
enum FreePorts {
    struct None: Error {}

    /// The first of some ports in a row.
    ///
    /// The gateway's nodes follow its bootstrap port, so the system cannot choose.
    static func first(of count: Int) throws -> Int {
        for _ in 0..<200 {
            // Below those that connections get by themselves.
            let first = Int.random(in: 20_000..<(32_000 - count))
            var sockets: [Int32] = []
            defer { sockets.forEach { close($0) } }
            for port in first..<(first + count) {
                guard let socket = listener(at: port) else { break }
                sockets.append(socket)
            }
            if sockets.count == count { return first }
        }
        throw None()
    }

    private static func listener(at port: Int) -> Int32? {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if bound == 0 { return socket }
        close(socket)
        return nil
    }
}
