// SPDX-License-Identifier: Apache-2.0

/// A request and what came back, as far as an audit needs it.
package struct KafkaExchange: Sendable {
    package let header: RequestHeader
    package let request: Request
    package let answer: Answer
    /// When the request's first byte came in, in nanoseconds since 1970 (UTC).
    package let time: Int64
    /// From the request's first byte to the answer's last, in nanoseconds.
    package let duration: Int64

    package enum Request: Sendable {
        case fields(KafkaFields)
        /// A Produce or Fetch that names no topic which the connection had not named before: not decoded.
        case nothingNew
        /// Too large, cut off, of an unknown API or version, or not what its layout says.
        case notDecoded
    }

    package enum Answer: Sendable {
        case fields(KafkaFields)
        /// The request asked for none: Produce with `acks=0`.
        case notWanted
        /// The connection ended before the answer came: nobody knows what became of the request.
        case missing
        case notDecoded
        /// The gateway answered instead of the broker, because the request could not have been recorded; the code that it gave.
        case refused(errorCode: Int16)
    }

    package init(header: RequestHeader, request: Request, answer: Answer, time: Int64, duration: Int64) {
        self.header = header
        self.request = request
        self.answer = answer
        self.time = time
        self.duration = duration
    }
}

/// One attempt to log in: from the handshake to the broker's verdict.
package struct SASLExchange: Equatable, Sendable {
    package enum Verdict: Equatable, Sendable {
        case success
        /// The broker's error code (33, 34 or 58) and its text; nil codes for a connection closed in the middle of the exchange.
        case failure(errorCode: Int16?, message: String?)
    }

    /// As the client named it: `PLAIN`, `SCRAM-SHA-256`, `OAUTHBEARER`, `GSSAPI`; at most 64 characters, printable.
    package let mechanism: String
    /// Who the client says it is, without `User:`; nil where the mechanism does not show it or the exchange ended before.
    ///
    /// At most 256 bytes; control characters are replaced. It is a claim unless the verdict is success.
    package let claimedName: String?
    /// Further facts that are no secrets, such as `iss`, `aud`, `exp`, `authzid`, `tokenauth`, `logicalCluster`, `identityPoolId`.
    package let details: [Detail]
    package let verdict: Verdict
    /// Whether the connection had authenticated before (KIP-368).
    package let isRepeat: Bool
    /// When the exchange began, in nanoseconds since 1970 (UTC).
    package let time: Int64
    package let clientID: String?

    package struct Detail: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        mechanism: String,
        claimedName: String?,
        details: [Detail],
        verdict: Verdict,
        isRepeat: Bool,
        time: Int64,
        clientID: String?
    ) {
        self.mechanism = mechanism
        self.claimedName = claimedName
        self.details = details
        self.verdict = verdict
        self.isRepeat = isRepeat
        self.time = time
        self.clientID = clientID
    }
}

/// What was seen on a connection, in the order in which it ended.
package enum KafkaObservation: Sendable {
    case exchange(KafkaExchange)
    case authentication(SASLExchange)
    /// The connection is over; nothing follows.
    case ended(time: Int64)
}

/// What is known of a connection before its first byte.
package struct KafkaConnection: Equatable, Sendable {
    /// Names the connection among all that this or any other gateway ever saw: 32 lowercase hexadecimal digits.
    package let id: String
    /// The client's address as it is known (the PROXY header's where one is trusted), without brackets.
    package let clientHost: String
    package let clientPort: Int
    /// `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`, as the client sees it; SASL only once a handshake was seen.
    package let isEncrypted: Bool
    /// The subject of the client's certificate in RFC 2253 form, verified by the gateway.
    package let certificateSubject: String?
    /// The principal that follows from the certificate by the mapping rules, without `User:`.
    package let certificateName: String?
    /// The broker's node id when the port or name says it; nil on the bootstrap port.
    package let nodeID: Int32?

    package init(
        id: String,
        clientHost: String,
        clientPort: Int,
        isEncrypted: Bool,
        certificateSubject: String? = nil,
        certificateName: String? = nil,
        nodeID: Int32? = nil
    ) {
        self.id = id
        self.clientHost = clientHost
        self.clientPort = clientPort
        self.isEncrypted = isEncrypted
        self.certificateSubject = certificateSubject
        self.certificateName = certificateName
        self.nodeID = nodeID
    }
}
