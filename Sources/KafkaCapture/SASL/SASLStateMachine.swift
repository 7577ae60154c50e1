// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

/// Follows the logins of one connection.
///
/// States: no login → handshake sent → exchanging → no login, and again at each re-authentication. An old client of GSSAPI begins
/// exchanging without a handshake. Messages are looked at when they pass, and never kept.
struct SASLStateMachine {
    fileprivate var login: Login?
    /// A broker accepted a login on this connection.
    private(set) var hasAuthenticated = false
    let nameClaim: String

    fileprivate struct Login {
        let mechanism: String
        let clientID: String?
        let time: Int64
        /// Tokens without Kafka's headers (handshake version 0).
        let isRaw: Bool
        var claim = SASLClaim()
        var sentCount = 0
        var answeredCount = 0
    }

    init(nameClaim: String) {
        self.nameClaim = nameClaim
    }

    /// No login is under way.
    var isIdle: Bool { login == nil }

    // MARK: - Requests

    /// Returns: A login that was left in the middle.
    mutating func beginHandshake(
        _ mechanism: String?,
        version: Int16,
        clientID: String?,
        time: Int64
    ) -> SASLExchange? {
        let left = end()
        login = Login(mechanism: mechanism ?? "unknown", clientID: clientID, time: time, isRaw: version == 0)
        return left
    }

    /// A client of GSSAPI that knows no handshake.
    mutating func beginWithoutHandshake(time: Int64) {
        login = Login(mechanism: "GSSAPI", clientID: nil, time: time, isRaw: true)
    }

    mutating func sendToken(_ token: RawSpan, clientID: String?, time: Int64) {
        var current = login ?? Login(mechanism: "unknown", clientID: clientID, time: time, isRaw: false)
        if current.sentCount == 0 {
            current.claim = SASLClaim.read(token, mechanism: current.mechanism, nameClaim: nameClaim)
        }
        current.sentCount += 1
        login = current
    }

    /// A request that is none of SASL's: a mechanism whose end cannot be seen has come to it.
    mutating func sendOther() -> SASLExchange? {
        guard let login, !login.showsEnd, login.answeredCount > 0 else { return nil }
        return conclude(.success)
    }

    // MARK: - Answers

    mutating func answerHandshake(errorCode: Int16) -> SASLExchange? {
        errorCode == 0 ? nil : conclude(.failure(errorCode: errorCode, message: nil))
    }

    /// `lifetime`: Of the session, in milliseconds; nil where the version has none.
    mutating func answerToken(
        _ token: RawSpan,
        errorCode: Int16,
        message: String?,
        lifetime: Int64?,
        time: Int64
    ) -> SASLExchange? {
        guard errorCode == 0 else { return conclude(.failure(errorCode: errorCode, message: message)) }
        login?.answeredCount += 1
        guard let login else { return nil }
        switch login.mechanism {
        case "PLAIN": return conclude(.success)
        case "SCRAM-SHA-256", "SCRAM-SHA-512":
            switch SCRAMProgress(token) {
            case .goesOn: return nil
            case .succeeded: return conclude(.success)
            case .failed: return conclude(.failure(errorCode: nil, message: nil))
            }
        case "OAUTHBEARER":
            // A challenge says why not; the verdict comes after the client has taken note of it (RFC 7628 §3.2.3).
            guard token.byteCount == 0 else { return nil }
            // Some brokers accept a token that has run out, for a session of no length.
            guard lifetime == 0, let end = login.expiry, end < time / 1_000_000_000 else { return conclude(.success) }
            return conclude(.failure(errorCode: nil, message: "the token had expired"))
        default: return nil
        }
    }

    /// The connection is over.
    ///
    /// A client that left before it sent a token offered no credentials, so nothing failed; brokers say nothing of it either.
    mutating func end() -> SASLExchange? {
        login.flatMap { $0.sentCount == 0 ? nil : conclude(.failure(errorCode: nil, message: nil)) }
    }

    private mutating func conclude(_ verdict: SASLExchange.Verdict) -> SASLExchange? {
        guard let ended = login else { return nil }
        login = nil
        let exchange = SASLExchange(
            mechanism: ended.mechanism,
            claimedName: ended.claim.name,
            details: ended.claim.details,
            verdict: verdict,
            isRepeat: hasAuthenticated,
            time: ended.time,
            clientID: ended.clientID
        )
        if verdict == .success { hasAuthenticated = true }
        return exchange
    }
}

// MARK: - Raw tokens

extension SASLStateMachine {
    enum NextFrame {
        case request
        case token
        /// A request, if its first bytes are those of one.
        case unclear
    }

    /// What the client's next frame is.
    func nextFrame(length: Int) -> NextFrame {
        guard let login, login.isRaw else { return .request }
        return switch login.mechanism {
        case "PLAIN": login.sentCount < 1 ? .token : .request
        case "SCRAM-SHA-256", "SCRAM-SHA-512": login.sentCount < 2 ? .token : .request
        // After a challenge the client sends a single byte.
        case "OAUTHBEARER": login.sentCount < 1 || length <= 1 ? .token : .request
        default: length < 10 ? .token : .unclear
        }
    }
}

extension SASLStateMachine.Login {
    fileprivate var showsEnd: Bool {
        switch mechanism {
        case "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER": true
        default: false
        }
    }

    /// When the token runs out, in seconds since 1970.
    fileprivate var expiry: Int64? {
        claim.details.first { $0.name == "exp" }.flatMap { Int64($0.value.prefix { $0 != "." }) }
    }
}
