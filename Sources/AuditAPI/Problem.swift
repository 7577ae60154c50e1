// SPDX-License-Identifier: Apache-2.0

import Access
import AuditStore
import EventScanner
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingest
import Ledger
import NIOCore
import PackExport
import QueryLanguage

/// An error as the API tells it: a problem document (RFC 9457, `application/problem+json`).
struct Problem: Error {
    let status: HTTPResponse.Status
    /// One word for programs, the end of the document's `type`.
    let code: String
    /// What is wrong and what to do.
    let detail: String
    /// Where, when the fault is in what was sent.
    var line: Int?
    var byteOffset: Int?
    var query: String?
    /// In a query, the first character that is wrong and the first behind it.
    var characterRange: [Int]?
    /// What could have stood there.
    var expected: [String]?
    /// The nearest thing that would be right.
    var suggestion: String?
    var retryAfterSeconds: Int?

    init(_ status: HTTPResponse.Status, _ code: String, _ detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    static let notAuthenticated = Problem(
        .unauthorized,
        "not-authenticated",
        "send a token: Authorization: Bearer mrt_…; make one with martlet token create"
    )

    private struct Document: Encodable {
        let type: String
        let title: String
        let status: Int
        let detail: String
        let code: String
        let line: Int?
        let byteOffset: Int?
        let query: String?
        let characterRange: [Int]?
        let expected: [String]?
        let suggestion: String?
    }

    var response: Response {
        let document = Document(
            type: "urn:martlet:problem:\(code)",
            title: status.reasonPhrase,
            status: status.code,
            detail: detail,
            code: code,
            line: line,
            byteOffset: byteOffset,
            query: query,
            characterRange: characterRange,
            expected: expected,
            suggestion: suggestion
        )
        var response = Response.json(document, status: status)
        response.headers[.contentType] = "application/problem+json"
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        if let retryAfterSeconds { response.headers[.retryAfter] = String(retryAfterSeconds) }
        return response
    }
}

// MARK: - Where problems come from

extension Problem {
    /// The one place that decides which error is which answer.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem:
            self = problem
        case let rejection as Rejection:
            self.init(rejection)
        case let error as StoreError:
            self.init(error)
        case let refusal as ErasureRefusal:
            self.init(refusal)
        case let error as QueryError:
            self.init(.badRequest, "query", error.description)
        case let error as LedgerError:
            self.init(error)
        case let error as PackExportError:
            self.init(error)
        case let error as QuarantineError:
            self.init(.insufficientStorage, "quarantine", error.message)
        case let error as AccessError:
            self.init(error)
        case let error as any HTTPResponseError:
            self.init(error.status, "http", error.status.reasonPhrase)
        default:
            self.init(.internalServerError, "internal", "the request failed; the server's log says why")
        }
    }

    private init(_ rejection: Rejection) {
        let status: HTTPResponse.Status =
            switch rejection.reason {
            case .batchTooLarge, .scan(.tooLong): .contentTooLarge
            default: .badRequest
            }
        self.init(status, rejection.code, "\(rejection.message); nothing of the request was stored")
        line = rejection.line
        byteOffset = rejection.byteOffset
    }

    private init(_ error: StoreError) {
        switch error.code {
        case .noSpace:
            self.init(.insufficientStorage, "disk-full", "the disk is full; nothing was stored")
            retryAfterSeconds = 5
        case .busy:
            self.init(.serviceUnavailable, "busy", error.message)
            retryAfterSeconds = 1
        case .closed:
            self.init(.serviceUnavailable, "closing", "the server is shutting down; nothing was stored")
            retryAfterSeconds = 5
        case .writeFailed, .damaged, .forked, .locked, .inputOutput, .notADataDirectory:
            self.init(.serviceUnavailable, "store-\(error.code.rawValue)", error.message)
        }
    }

    private init(_ error: LedgerError) {
        switch error.code {
        case .wrongTimes: self.init(.badRequest, "from", error.message)
        case .tooManyRows: self.init(.badRequest, "too-many-rows", error.message)
        case .timedOut: self.init(.serviceUnavailable, "deadline", error.message)
        }
    }

    private init(_ error: PackExportError) {
        switch error.code {
        case .noTree: self.init(.notFound, "no-tree", error.message)
        case .notSigned: self.init(.serviceUnavailable, "not-signed", error.message)
        case .noSpace: self.init(.insufficientStorage, "no-space", error.message)
        case .inputOutput: self.init(.serviceUnavailable, "pack", error.message)
        }
    }

    private init(_ error: AccessError) {
        guard !error.code.isAuthenticationFailure else {
            self = .notAuthenticated
            return
        }
        switch error.code {
        case .missingScope: self.init(.forbidden, "missing-scope", error.message)
        case .invalidScope, .invalidName, .invalidExpiry: self.init(.badRequest, "token", error.message)
        case .tooManyTokens: self.init(.conflict, "too-many-tokens", error.message)
        default:
            self.init(
                .serviceUnavailable,
                "access",
                "tokens cannot be checked or changed now; the server's log says why"
            )
        }
    }
}

extension Response {
    /// A JSON document.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Our own documents hold nothing that JSON can't.
        let data = (try? encoder.encode(value)) ?? Data()
        return Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: data + [UInt8(ascii: "\n")]))
        )
    }

    /// Plain text.
    static func text(
        _ text: String,
        status: HTTPResponse.Status = .ok,
        type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }
}

extension HTTPResponse.Status {
    /// RFC 4918 §11.5.
    fileprivate static let insufficientStorage = Self(code: 507, reasonPhrase: "Insufficient Storage")
}
