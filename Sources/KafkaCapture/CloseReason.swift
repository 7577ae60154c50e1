// SPDX-License-Identifier: Apache-2.0

package import KafkaProtocol

/// Why a conversation cannot go on; the connection has to be closed on both sides.
package enum CloseReason: Equatable, Sendable {
    /// Negative, or too short for a header; zero is right only for a raw SASL token.
    case invalidLength(Side, Int)
    case oversizedFrame(Side, Int)
    /// A TLS record where Kafka was expected.
    case tls(Side)
    /// A request's header, or a Produce request up to its `acks`, is not what its layout says.
    case malformedRequest(APIKey, version: Int16)
    /// The API's answers hold addresses, and nobody knows where in this version.
    case unknownVersion(APIKey, version: Int16)
    case unexpectedAnswer
    case unexpectedCorrelationID(expected: Int32, found: Int32)
    /// An answer that holds addresses cannot be rewritten.
    case undecodableAnswer(APIKey, version: Int16)
    /// A request could not be recorded, and there is no answer that says so.
    case refused(APIKey, version: Int16, errorCode: Int16)
    case tooManyRequests

    package enum Side: String, Sendable {
        case client
        case broker
    }
}

extension CloseReason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidLength(let side, let length): "the \(side.rawValue) sent a frame of length \(length)"
        case .oversizedFrame(let side, let length):
            "the \(side.rawValue) sent a frame of \(length) bytes, above the limit"
        case .tls(let side): "the \(side.rawValue) speaks TLS where plain text is expected"
        case .malformedRequest(let api, let version): "malformed request: \(Self.name(api)) version \(version)"
        case .unknownVersion(let api, let version):
            "\(Self.name(api)) version \(version) is newer than what can be recorded"
        case .unexpectedAnswer: "the broker sent an answer that nothing asked for"
        case .unexpectedCorrelationID(let expected, let found):
            "the broker answered correlation id \(found) where \(expected) was next"
        case .undecodableAnswer(let api, let version):
            "the answer to \(Self.name(api)) version \(version) cannot be rewritten"
        case .refused(let api, let version, let errorCode):
            "\(Self.name(api)) version \(version) was refused with error \(errorCode), which no answer can say"
        case .tooManyRequests: "more requests wait for answers than the limit allows"
        }
    }

    private static func name(_ api: APIKey) -> String {
        api.name ?? "API \(api.rawValue)"
    }
}
