// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization
import Verification

/// Evidence on a web server: a Martlet, or anything that serves the files of a published log.
///
/// Blocks the thread that asks, as the protocol wants it.
struct EvidenceServer: EvidenceSource {
    /// Follows no redirection, which would take the token along.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(30))
        configuration.decompression = .disabled
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private let url: String
    private let token: String?

    /// - Parameters:
    ///   - url: what `/checkpoint` stands behind.
    ///   - token: for a Martlet that does not publish its tree.
    init(url: String, token: String?) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
    }

    func names(in directory: String) throws(EvidenceError) -> [String]? { nil }

    func byteCount(of name: String) throws(EvidenceError) -> Int? {
        try contents(of: name, maximumByteCount: 1 << 20)?.count
    }

    func bytes(_ range: Range<Int>, of name: String) throws(EvidenceError) -> [UInt8] {
        guard let bytes = try contents(of: name, maximumByteCount: 64 << 20), range.upperBound <= bytes.count else {
            throw EvidenceError(.missing, "the server does not give these bytes", name: name)
        }
        return Array(bytes[range])
    }

    func contents(of name: String, maximumByteCount: Int) throws(EvidenceError) -> [UInt8]? {
        let delegate = Collector(maximumByteCount: maximumByteCount)
        let answer: Collector.Answer
        do {
            var request = try HTTPClient.Request(url: "\(url)/\(name)")
            if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
            answer = try Self.http.execute(request: request, delegate: delegate, deadline: .now() + .seconds(60)).wait()
        } catch let error as Collector.TooLarge {
            throw EvidenceError(.tooLarge, "it has more than \(error.maximumByteCount) bytes", name: name)
        } catch {
            throw EvidenceError(.unreadable, "no answer from \(url): \(error)", name: name)
        }
        switch answer.status {
        case 200: return answer.bytes
        case 404, 410: return nil
        case 401, 403:
            throw EvidenceError(
                .unreadable,
                "\(url) asks for a token with the scope verify: $MARTLET_TOKEN",
                name: name
            )
        default: throw EvidenceError(.unreadable, "\(url) answered \(answer.status)", name: name)
        }
    }

    /// Gathers an answer, and breaks it off when it is longer than anything of its kind.
    ///
    /// `Mutex`: owns what came so far; without contention, for the client calls from one event loop.
    private final class Collector: HTTPClientResponseDelegate {
        struct Answer {
            var status: UInt = 0
            var bytes: [UInt8] = []
        }

        struct TooLarge: Error { let maximumByteCount: Int }

        private let maximumByteCount: Int
        private let answer = Mutex(Answer())

        init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

        func didReceiveHead(task: HTTPClient.Task<Answer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
            answer.withLock { $0.status = head.status.code }
            return task.eventLoop.makeSucceededVoidFuture()
        }

        func didReceiveBodyPart(task: HTTPClient.Task<Answer>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
            let fits = answer.withLock { answer in
                guard answer.bytes.count + part.readableBytes <= maximumByteCount else { return false }
                answer.bytes.append(contentsOf: part.readableBytesView)
                return true
            }
            return fits
                ? task.eventLoop.makeSucceededVoidFuture()
                : task.eventLoop.makeFailedFuture(TooLarge(maximumByteCount: maximumByteCount))
        }

        func didFinishRequest(task: HTTPClient.Task<Answer>) throws -> Answer { answer.withLock { $0 } }
    }
}
