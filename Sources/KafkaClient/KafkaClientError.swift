// SPDX-License-Identifier: Apache-2.0

import CRdKafka

/// Why a client of Kafka could not do what it should.
package struct KafkaClientError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A property is unknown, wrong or missing.
        case configuration
        /// No broker answers at the addresses that are known.
        case unreachable
        /// The brokers do not take the user, the password or the mechanism.
        case authentication
        /// No TLS with the broker: authorities, names, dates.
        case tls
        /// The user may not do this.
        case unauthorized
        case unknownTopic
        /// The offset is not in the partition: removed already, or not there yet.
        case offsetOutOfRange
        case timedOut
        /// The record is larger than the client or the broker takes.
        case tooLarge
        case other
    }

    /// Whether somebody has to change something before it can go well.
    package var isRefusal: Bool {
        [.authentication, .configuration, .tls, .unauthorized, .unknownTopic].contains(code)
    }

    package let code: Code
    /// What, where, and which property to change.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

extension KafkaClientError {
    /// An error of librdkafka's.
    ///
    /// - Parameters:
    ///   - code: librdkafka's; below 0 its own, others the brokers'.
    ///   - reason: its text, which is harmless to show once `printable`.
    ///   - what: what was being done; empty when the reason says so.
    ///   - certificate: why a certificate was refused, where one was.
    init(
        _ code: rd_kafka_resp_err_t,
        _ reason: String,
        while what: String = "",
        certificate: CertificateProblem? = nil
    ) {
        let meaning = Self.meaning(code, reason, certificate)
        let text = [what, printable(reason)].filter { !$0.isEmpty }.joined(separator: ": ")
        self.init(meaning.code, meaning.advice.map { "\(text); \($0)" } ?? text)
    }

    /// Why librdkafka makes no client of a configuration.
    init(refusal reason: String) {
        let advice =
            reason.contains("SASL mechanism") ? "; set sasl.mechanisms, for example to PLAIN or SCRAM-SHA-512" : ""
        self.init(.configuration, reason + advice)
    }

    init(_ code: rd_kafka_resp_err_t, while what: String) {
        self.init(code, String(cString: rd_kafka_err2str(code)), while: what)
    }

    private static func meaning(
        _ code: rd_kafka_resp_err_t,
        _ reason: String,
        _ certificate: CertificateProblem?
    ) -> (code: Code, advice: String?) {
        switch code {
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
            authentication(reason)
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
            (.authentication, "set sasl.mechanisms to one that the brokers have")
        case RD_KAFKA_RESP_ERR__SSL: tls(reason, certificate)
        case RD_KAFKA_RESP_ERR__RESOLVE:
            (.unreachable, "look at the host names in bootstrap.servers, and at DNS")
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN: transport(reason)
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
            (.unauthorized, "give the user Describe, and Read or Write, on the topic")
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
            (.unauthorized, "give the user Read on the group")
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
            (.unauthorized, "give the user IdempotentWrite on the cluster")
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            (.unknownTopic, "make the topic, or look at its name and at the user's rights")
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
            (.offsetOutOfRange, nil)
        case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
            (.timedOut, nil)
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
            (.tooLarge, "raise message.max.bytes here, and max.message.bytes of the topic")
        case RD_KAFKA_RESP_ERR_INVALID_RECORD:
            (.other, "if the topic is compacted, records need a key, or the topic cleanup.policy=delete")
        case RD_KAFKA_RESP_ERR__BAD_MSG:
            (.unreachable, "look at bootstrap.servers and security.protocol: no broker of Kafka's answers like that")
        default: (.other, nil)
        }
    }

    /// librdkafka has one code for all that can be wrong with a login.
    ///
    /// Brokers name the mechanism of a wrong password too: "… invalid credentials with SASL mechanism SCRAM-SHA-512".
    private static func authentication(_ reason: String) -> (Code, String?) {
        ["mechanism handshake failed", "Unsupported SASL mechanism", "Broker's supported mechanisms"].contains(
            where: reason.contains
        )
            ? (.authentication, "set sasl.mechanisms to one that the brokers have")
            : (.authentication, "look at sasl.username, sasl.password and sasl.mechanisms")
    }

    private static func tls(_ reason: String, _ certificate: CertificateProblem?) -> (Code, String?) {
        if reason.contains("certificate verify failed") {
            return (.tls, (certificate ?? .untrusted).advice)
        }
        return (.tls, "look at security.protocol, ssl.ca.location, ssl.certificate.location and ssl.key.location")
    }

    private static func transport(_ reason: String) -> (Code, String?) {
        // What the other end says of the certificate that it wanted.
        if reason.contains("certificate required") || reason.contains("alert bad certificate")
            || reason.contains("alert unknown ca")
        {
            return (.tls, "set ssl.certificate.location and ssl.key.location to a certificate that the brokers take")
        }
        if reason.contains("Disconnected") || reason.contains("disconnected") {
            return (
                .unreachable,
                "look at security.protocol: a broker closes when it is spoken to otherwise than it expects"
            )
        }
        return (.unreachable, "look at bootstrap.servers, and whether a broker listens there")
    }
}

/// Why a broker's certificate is refused.
enum CertificateProblem {
    case expired
    case notYetValid
    case otherName
    case untrusted

    /// A code of OpenSSL's, of `X509_verify_cert_error_string(3)`.
    init(_ code: Int32) {
        switch code {
        case 9: self = .notYetValid
        case 10: self = .expired
        case 62, 63, 64: self = .otherName
        default: self = .untrusted
        }
    }

    /// What to do.
    var advice: String {
        switch self {
        case .expired: "the broker's certificate has expired and must be renewed; no property helps"
        case .notYetValid: "the broker's certificate is not valid yet: look at the clocks; no property helps"
        case .otherName:
            "the certificate is for another name: use names in bootstrap.servers that the brokers' certificates have"
        case .untrusted: "set ssl.ca.location to the PEM file of the authority of the brokers' certificates"
        }
    }
}

/// A text of librdkafka's, which may have words of a broker in it, without what a terminal or a log would obey.
func printable(_ text: String) -> String {
    String(
        String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    )
}
