// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Talks to a running server.
struct ServerClient: Sendable {
    /// Bytes of an answer that is collected before it is shown: 10,000 rows fit.
    private static let maximumAnswerByteCount = 512 << 20

    enum Method: String {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    /// Says at once when nobody listens, where the shared client goes on trying for as long as an answer may take.
    ///
    /// Follows no redirection, which would take the token along. Lives as long as the program.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    let url: String
    private let token: String?

    init(url: String, token: String?) throws {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw CommandFailure(.usage, "\"\(url)\" is no server's URL; one looks like http://127.0.0.1:8080")
        }
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
    }

    /// Asks, and returns the answer if it is one of success.
    ///
    /// - Throws: `CommandFailure` with the server's own words, or with what to do when there is no server.
    func send(
        _ method: Method,
        _ path: String,
        query: [(String, String)] = [],
        headers: [(String, String)] = [],
        body: [UInt8]? = nil,
        timeout: TimeAmount = .seconds(120)
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url + path + QueryString.encoded(query))
        request.method = HTTPMethod(rawValue: method.rawValue)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response: HTTPClientResponse
        do {
            response = try await Self.http.execute(request, timeout: timeout)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw CommandFailure(
                .couldNotRun,
                "no answer from \(url) (\(error)); is it running? martlet serve --data DIR; or look into a directory with --data DIR"
            )
        }
        guard (200..<300).contains(response.status.code) else { throw await failure(response) }
        return response
    }

    /// The answer's bytes.
    func collect(_ response: HTTPClientResponse) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await part in response.body {
                bytes.append(contentsOf: part.readableBytesView)
                guard bytes.count <= Self.maximumAnswerByteCount else {
                    throw CommandFailure(
                        .incomplete,
                        "the answer is longer than \(Self.maximumAnswerByteCount >> 20) MiB; ask for less"
                    )
                }
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.incomplete, "the answer broke off; the server's log says why (\(error))")
        }
        return bytes
    }

    /// The answer as a JSON document.
    func decode<Value: Decodable>(_ type: Value.Type, _ response: HTTPClientResponse) async throws -> Value {
        let bytes = try await collect(response)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw CommandFailure(
                .couldNotRun,
                "\(url) answered something else than expected; is it a Martlet of this version?"
            )
        }
    }

    // MARK: - Failures

    private struct Problem: Decodable {
        let detail: String
        let line: Int?
        let byteOffset: Int?
        let query: String?
    }

    private func failure(_ response: HTTPClientResponse) async -> CommandFailure {
        let body = (try? await response.body.collect(upTo: 1 << 20)).map { Data($0.readableBytesView) } ?? Data()
        guard let problem = try? JSONDecoder().decode(Problem.self, from: body) else {
            return CommandFailure(.couldNotRun, "\(url) answered \(response.status)")
        }
        if let query = problem.query { return CommandFailure(.usage, query) }
        var message = problem.detail
        if let line = problem.line, let offset = problem.byteOffset {
            message = "line \(line), byte \(offset): \(message)"
        }
        // The answer is no: what was sent is refused, or what was asked for is not there.
        let isAnswer = [400, 404, 409, 413].contains(response.status.code)
        return CommandFailure(isAnswer ? .no : .couldNotRun, message)
    }
}
