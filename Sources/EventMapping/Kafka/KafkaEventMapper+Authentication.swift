// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

extension KafkaEventMapper {
    /// Who sent an exchange, with the type; and, where that follows from the exchange, from now on.
    mutating func principal(of exchange: KafkaExchange, into events: inout [MappedEvent]) -> String {
        switch identity {
        case .principal(let principal):
            return principal
        case .certificate(let principal):
            identity = .principal(principal)
            noteCertificate(principal, exchange, into: &events)
            return principal
        case .unauthenticated:
            return Identity.nobody
        case .undetermined:
            // A broker that wants a login closes instead of answering.
            switch exchange.answer {
            case .fields, .notDecoded:
                identity = .principal(Identity.anonymous)
                return Identity.anonymous
            case .missing, .notWanted, .refused:
                return Identity.nobody
            }
        }
    }

    private mutating func noteCertificate(
        _ principal: String,
        _ exchange: KafkaExchange,
        into events: inout [MappedEvent]
    ) {
        let (number, id) = nextID()
        let event = AuthenticationEvent(
            id: id,
            repeatsID: repeatsID(number),
            time: exchange.time,
            principal: principal,
            mechanism: "SSL",
            identifier: connection.certificateSubject ?? connection.certificateName,
            details: [],
            isSuccess: true,
            message: "",
            errorCode: nil,
            isRepeat: false,
            clientID: exchange.header.clientID,
            remark: "the certificate was verified by the gateway, where TLS ends",
            connection: text
        )
        append(event, into: &events)
    }

    /// Appends the event of a login, unless it is the repeat of a failure.
    mutating func map(_ login: SASLExchange, into events: inout [MappedEvent]) {
        let (principal, remark) = Self.principal(of: login)
        let isSuccess = login.verdict == .success
        if isSuccess {
            identity = .principal(principal)
        } else if case .principal = identity {
            // A failed repetition leaves the connection as it was, until the broker closes it.
        } else {
            identity = .unauthenticated
        }
        let (number, id) = nextID()
        let (message, code) = Self.reason(login.verdict)
        let event = AuthenticationEvent(
            id: id,
            repeatsID: repeatsID(number),
            time: login.time,
            principal: isSuccess ? principal : Identity.nobody,
            mechanism: "\(connection.isEncrypted ? "SASL_SSL" : "SASL_PLAINTEXT")/\(login.mechanism.bounded)",
            identifier: login.claimedName,
            details: login.details,
            isSuccess: isSuccess,
            message: message,
            errorCode: code,
            isRepeat: login.isRepeat,
            clientID: login.clientID,
            remark: remark,
            connection: text
        )
        guard captures(event) else { return }
        if !isSuccess {
            let kind = FailureRuns.Kind(
                host: connection.clientHost,
                mechanism: login.mechanism,
                name: login.claimedName,
                errorCode: code
            )
            let failure = FailureRuns.Failure(kind: kind, event: event)
            let isFirst = cluster.noteFailure(failure, window: policy.failureWindow)
            cluster.flush(time: login.time, into: &events)
            guard isFirst else { return }
        }
        events.append(event.mapped(clusterCRN: cluster.crnText))
    }

    private func append(_ event: AuthenticationEvent, into events: inout [MappedEvent]) {
        if captures(event) { events.append(event.mapped(clusterCRN: cluster.crnText)) }
    }

    private func captures(_ event: AuthenticationEvent) -> Bool {
        policy.captures(
            CapturePolicy.Subject(
                kind: .login,
                category: .authentication,
                method: "kafka.Authentication",
                principal: event.principal,
                resources: [cluster.crn]
            )
        )
    }

    /// Who a login makes of the connection, and what there is to say about that.
    private static func principal(of login: SASLExchange) -> (principal: String, remark: String?) {
        let isToken = login.details.contains { $0.name == "tokenauth" && $0.value == "true" }
        let isSuccess = login.verdict == .success
        guard let name = login.claimedName, !name.isEmpty else {
            return (Identity.nobody, isSuccess ? "the mechanism does not show the name" : nil)
        }
        if isToken {
            let remark = "the name is a delegation token's id; whose token it is does not show on the wire"
            return ("DelegationToken:\(name)", remark)
        }
        return ("User:\(name)", isSuccess ? nil : "the name is a claim: nobody logged in with it here")
    }

    private static func reason(_ verdict: SASLExchange.Verdict) -> (message: String, code: Int16?) {
        switch verdict {
        case .success: return ("", nil)
        case .failure(let code?, let message):
            return (message.flatMap { $0.isEmpty ? nil : $0 } ?? AnswerCodes.name(code) ?? "error \(code)", code)
        case .failure(nil, let message):
            return (message ?? "the connection was closed in the middle of the login", nil)
        }
    }
}
