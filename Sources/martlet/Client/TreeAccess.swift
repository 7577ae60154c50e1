// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import AuditStore
import FoundationEssentials
import Ingest
import NIOPosix
import TransparencyLog

/// The signed tree of a log, wherever it is.
protocol TreeAccess: Sendable {
    func description() async throws -> TreeDocument

    /// The newest checkpoint.
    func checkpoint() async throws -> [UInt8]

    /// A tile or an entry bundle; nil when the log does not have it, or its events were deleted.
    func bytes(of request: TileRequest) async throws -> [UInt8]?

    /// The receipt of an event.
    func receipt(of index: UInt64) async throws -> [UInt8]

    /// Signs with a new key from now on.
    ///
    /// - Returns: the verifier keys that the log signs with, the newest first.
    func rotateKey() async throws -> [String]

    func close() async
}

extension ConnectionOptions {
    /// The tree of the log that the options name; a directory must not have a server.
    func treeAccess() async throws -> any TreeAccess {
        if let data { return try await LocalTree(directory: data) }
        return RemoteTree(client: try serverClient())
    }
}

// MARK: - A server's

private struct RemoteTree: TreeAccess {
    let client: ServerClient

    func description() async throws -> TreeDocument {
        try await client.decode(TreeDocument.self, client.send(.get, "/v1/log"))
    }

    func checkpoint() async throws -> [UInt8] { try await client.collect(client.send(.get, "/checkpoint")) }

    func bytes(of request: TileRequest) async throws -> [UInt8]? {
        try await client.collect(client.send(.get, "/" + request.path))
    }

    func receipt(of index: UInt64) async throws -> [UInt8] {
        try await client.collect(client.send(.get, "/v1/events/\(index)/receipt"))
    }

    func rotateKey() async throws -> [String] {
        struct Keys: Decodable { let verifierKeys: [String] }
        return try await client.decode(Keys.self, client.send(.post, "/v1/log/rotate-key", body: [])).verifierKeys
    }

    func close() async {}
}

// MARK: - A directory's

/// Opens the log, because what is in the tree has to be found out first; so no server may have it.
private struct LocalTree: TreeAccess {
    private let log: LocalAdministration
    private let tree: LogTree

    init(directory: String) async throws {
        log = try LocalAdministration(directory: directory, creates: false)
        guard let tree = log.store.tree else { throw CommandFailure(.couldNotRun, "this log keeps no tree") }
        self.tree = tree
        try await tree.settle()
    }

    private func reader() throws -> TreeReader {
        guard let reader = tree.reader else { throw CommandFailure(.couldNotRun, "nothing is signed yet") }
        return reader
    }

    private func read<Result: Sendable>(
        _ body: @escaping @Sendable (TreeReader) throws -> Result
    ) async throws -> Result {
        let reader = try reader()
        return try await NIOThreadPool.singleton.runIfActive { try body(reader) }
    }

    func description() async throws -> TreeDocument { TreeDocument(try reader(), failure: tree.status.failure) }

    func checkpoint() async throws -> [UInt8] { try reader().view.checkpoint.encoded() }

    func bytes(of request: TileRequest) async throws -> [UInt8]? { try await read { try $0.bytes(of: request) } }

    func receipt(of index: UInt64) async throws -> [UInt8] {
        guard let receipt = try await read({ try $0.receipt(of: index, withSalts: true) }) else {
            throw CommandFailure(.no, "the log has no event \(index)")
        }
        return receipt.encoded()
    }

    func rotateKey() async throws -> [String] {
        // The log is told first, so that no key signs without its event.
        try await log.admission.record(log.events.make(.keyRotated, method: "RotateKey", principal: log.principal))
        let tree = tree
        return try await NIOThreadPool.singleton.runIfActive { try tree.rotateKey() }
    }

    func close() async { await log.close() }
}
