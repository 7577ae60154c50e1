// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TransparencyLog
import Witness

/// Talks to one witness (c2sp.org/tlog-witness).
///
/// Follows no redirection: a witness is where its keeper said that it is. Nothing that it answers is believed here.
struct WitnessClient: Sendable {
    /// How long one request may take, with its answer.
    private static let deadline = Duration.seconds(5)

    /// Lives as long as the program.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// The submission prefix, without a slash at its end.
    private let prefix: String

    init(url: String) throws {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw CommandFailure(.usage, "\"\(url)\" is no URL of a witness; one looks like https://witness.example")
        }
        prefix = url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    /// Asks for a cosignature.
    ///
    /// - Throws: `WitnessSilence`.
    func add(_ checkpoint: AddCheckpointRequest) async throws -> WitnessReply {
        var request = HTTPClientRequest(url: "\(prefix)/add-checkpoint")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
        request.body = .bytes(ByteBuffer(bytes: checkpoint.encoded()))
        let answer = try await exchange(request)
        return WitnessReply(status: answer.status, contentType: answer.type, body: answer.body)
    }

    /// The newest checkpoint that the witness shows of a log; nil when it shows none.
    ///
    /// Asked for where checkpoints are sent to, which is usual and not prescribed.
    ///
    /// - Throws: `WitnessSilence`.
    func latest(of origin: String) async throws -> SignedNote? {
        let request = HTTPClientRequest(url: "\(prefix)/\(WitnessState.hash(of: origin))/checkpoint")
        let answer = try await exchange(request)
        return answer.status == 200 ? try? SignedNote(parsing: answer.body) : nil
    }

    private struct Answer: Sendable {
        let status: Int
        let type: String?
        let body: [UInt8]
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> Answer {
        do {
            return try await withThrowingTaskGroup(of: Answer.self) { group in
                group.addTask {
                    let response = try await Self.http.execute(request, timeout: .seconds(5))
                    let body = try await response.body.collect(upTo: WitnessLimits.maximumMessageByteCount)
                    return Answer(
                        status: Int(response.status.code),
                        type: response.headers.first(name: "Content-Type"),
                        body: Array(body.readableBytesView)
                    )
                }
                group.addTask {
                    // A body that comes byte by byte is not in the client's own limit.
                    try await Task.sleep(for: Self.deadline)
                    throw WitnessSilence(reason: "no answer within \(Self.deadline)")
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        } catch let error as WitnessSilence {
            throw error
        } catch {
            try Task.checkCancellation()
            throw WitnessSilence(reason: "no answer: \(error)")
        }
    }
}

/// That a witness did not answer, or not so that it could be read.
struct WitnessSilence: Error {
    let reason: String
}
