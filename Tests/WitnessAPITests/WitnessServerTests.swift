// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import SystemPackage
import Testing
import TransparencyLog
import Witness

@testable import WitnessAPI

@Suite struct WitnessServerTests {
    private let log: NoteSigner
    private let witness: CheckpointWitness
    private let fileSystem = SimulatedFileSystem()

    init() throws {
        log = try NoteSigner(name: "log.example/a", seed: [UInt8](repeating: 7, count: 32))
        let state = try WitnessState(
            directory: "/witness",
            fileSystem: fileSystem,
            name: "witness.example/w1",
            seed: [UInt8](repeating: 9, count: 32)
        )
        witness = try CheckpointWitness(state, logs: WitnessedLogs(parsing: Array("log \(log.vkey)\n".utf8)))
    }

    private func exchange(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: [UInt8]? = nil
    ) async throws -> TestResponse {
        let server = WitnessServer(
            witness,
            host: "127.0.0.1",
            port: 0,
            now: { 1_790_000_000 },
            logger: Logger(label: "test")
        ) { _ in }
        return try await Application(router: server.router()).test(.router) { client in
            try await client.execute(uri: path, method: method, body: body.map { ByteBuffer(bytes: $0) })
        }
    }

    /// A request for a tree of one leaf or another, of any size as the witness has seen none.
    private func request(old: UInt64, size: UInt64, root: LogHash, by signer: NoteSigner? = nil) throws -> [UInt8] {
        let text = try Checkpoint(origin: (signer ?? log).name, size: size, root: root).text
        let note = try SignedNote(text: text, signatures: [(signer ?? log).sign(text)])
        return try AddCheckpointRequest(old: old, proof: [], checkpoint: note).encoded()
    }

    private static let roots = [LogHash.ofNode(.ofEmptyTree, .ofEmptyTree), .ofEmptyTree]

    @Test func `a checkpoint is cosigned with lines of signature, and shown to auditors`() async throws {
        let body = try request(old: 0, size: 5, root: Self.roots[0])

        let answer = try await exchange(.post, "/add-checkpoint", body)

        #expect(answer.status == .ok)
        let text = String(buffer: answer.body)
        #expect(text.hasPrefix("— witness.example/w1 ") && text.hasSuffix("\n") && text.count { $0 == "\n" } == 1)
        let shown = try await exchange(.get, "/\(WitnessState.hash(of: "log.example/a"))/checkpoint")
        #expect(shown.status == .ok)
        #expect(shown.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(String(buffer: shown.body).hasSuffix(text))
    }

    @Test func `another old size is a conflict, of the type that the protocol has for it`() async throws {
        _ = try await exchange(.post, "/add-checkpoint", request(old: 0, size: 5, root: Self.roots[0]))

        let answer = try await exchange(.post, "/add-checkpoint", request(old: 0, size: 5, root: Self.roots[0]))

        #expect(answer.status == .conflict)
        #expect(answer.headers[.contentType] == "text/x.tlog.size")
        #expect(String(buffer: answer.body) == "5\n")
    }

    @Test func `each reason to refuse has its status`() async throws {
        let stranger = try NoteSigner(name: "log.example/a", seed: [UInt8](repeating: 1, count: 32))
        let other = try NoteSigner(name: "log.example/b", seed: [UInt8](repeating: 2, count: 32))
        _ = try await exchange(.post, "/add-checkpoint", request(old: 0, size: 5, root: Self.roots[0]))
        let cases: [([UInt8], HTTPResponse.Status)] = [
            (Array("old 0\n".utf8), .badRequest),
            ([], .badRequest),
            (try request(old: 6, size: 5, root: Self.roots[0]), .badRequest),
            (try request(old: 5, size: 5, root: Self.roots[0], by: stranger), .forbidden),
            (try request(old: 5, size: 5, root: Self.roots[0], by: other), .notFound),
            (try request(old: 5, size: 5, root: Self.roots[1]), .unprocessableContent),
            (try request(old: 5, size: 9, root: Self.roots[1]), .unprocessableContent),
            ([UInt8](repeating: 10, count: WitnessLimits.maximumMessageByteCount + 1), .contentTooLarge),
        ]
        for (body, status) in cases {
            #expect(try await exchange(.post, "/add-checkpoint", body).status == status)
        }
        #expect(
            try await exchange(.post, "/add-checkpoint", request(old: 5, size: 5, root: Self.roots[0])).status == .ok
        )
    }

    @Test func `a record that cannot be written is no cosignature, and no health`() async throws {
        fileSystem.fail(fileSystem.operationCount + 2, with: .inputOutput)

        let answer = try await exchange(.post, "/add-checkpoint", request(old: 0, size: 5, root: Self.roots[0]))

        #expect(answer.status == .serviceUnavailable)
        #expect(try await exchange(.get, "/health/ready").status == .serviceUnavailable)
        #expect(try await exchange(.get, "/health/live").status == .ok)
    }

    @Test func `what is not there is not found`() async throws {
        let hash = WitnessState.hash(of: "log.example/a")
        for path in ["/\(hash)/checkpoint", "/\(hash.uppercased())/checkpoint", "/x/checkpoint", "/key", "/\(hash)"] {
            #expect(try await exchange(.get, path).status == .notFound, "\(path)")
        }
        #expect(try await exchange(.get, "/add-checkpoint").status != .ok)
    }
}
