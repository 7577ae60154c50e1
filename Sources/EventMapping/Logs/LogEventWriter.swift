// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding

/// Writes what a line says as an event, in the Kafka form of the fields.
struct LogEventWriter: Sendable {
    /// The cluster's CRN as JSON has it, without quotes.
    private let cluster: [UInt8]

    init(cluster: CRN) {
        var text: [UInt8] = []
        JSONString.encode(cluster.description, into: &text)
        self.cluster = Array(text.dropFirst().dropLast())
    }

    /// Adds an authorization event, or the rule for one that is there already.
    ///
    /// - Parameters:
    ///   - check: what the line says.
    ///   - bytes: the line.
    ///   - id: of the event.
    ///   - time: in nanoseconds since 1970.
    ///   - relatedID: id of the event that tells of the check; nil when this one is to do so.
    ///   - output: gets the event and a line's end.
    func append(
        _ check: AuthorizerLine,
        _ bytes: RawSpan,
        id: LogEventID,
        time: Int64,
        relatedID: String? = nil,
        to output: inout [UInt8]
    ) {
        let crn = resource(bytes, type: check.resourceType, name: check.resourceName)
        envelope(relatedID == nil ? .authorization : .rule, id: id, time: time, subject: crn, to: &output)
        output.append(#","methodName":"kafka."#)
        if let name = check.requestName {
            output.appendEscaped(bytes, name)
        } else {
            output.append("Authorize")
        }
        output.append(#"","resourceName":""#)
        append(crn, to: &output)
        output.append(#"","authenticationInfo":{"principal":""#)
        output.appendEscaped(bytes, check.principal)
        output.append(#""},"authorizationInfo":{"granted":"#)
        output.append(check.isAllowed ? #"true,"operation":""# : #"false,"operation":""#)
        appendCamelCase(bytes, check.operation, to: &output)
        output.append(#"","resourceType":""#)
        output.appendEscaped(bytes, check.resourceType)
        output.append(#"","resourceName":""#)
        output.appendEscaped(bytes, check.resourceName)
        output.append(#"","patternType":""#)
        if let pattern = check.patternType { output.append(bytes, pattern) } else { output.append("LITERAL") }
        output.append(UInt8(ascii: "\""))
        append(check.rule, bytes, to: &output)
        output.append("}")
        if let relatedID {
            output.append(#","relatedId":"#)
            JSONString.encode(relatedID, into: &output)
        }
        if check.isAmbiguous { output.append(#","request":{"data":{"ambiguousLine":true}}"#) }
        output.append(#","requestMetadata":{"client_address":"/"#)
        let host = check.host
        // Java writes some addresses with the slash already.
        let start = bytes.byte(at: host.lowerBound) == UInt8(ascii: "/") ? host.lowerBound + 1 : host.lowerBound
        output.appendEscaped(bytes, start..<host.upperBound)
        output.append("\"}}}\n")
    }

    private func append(_ rule: AuthorizerLine.Rule?, _ bytes: RawSpan, to output: inout [UInt8]) {
        switch rule {
        case nil, .byDefault: break
        case .superUser: output.append(#","superUserAuthorization":true"#)
        case .acl(let acl):
            let fields: [(StaticString, Range<Int>)] = [
                (#","aclAuthorization":{"permissionType":""#, acl.permissionType), (#"","host":""#, acl.host),
                (#"","actingPrincipal":""#, acl.principal), (#"","patternType":""#, acl.patternType),
                (#"","patternName":""#, acl.resourceName),
            ]
            for (label, range) in fields {
                output.append(label)
                output.appendEscaped(bytes, range)
            }
            output.append(#"","operation":""#)
            appendCamelCase(bytes, acl.operation, to: &output)
            output.append("\"}")
        }
    }

    /// Adds an authorization event of Strimzi's authorizer for Keycloak.
    func append(_ check: KeycloakLine, _ bytes: RawSpan, id: LogEventID, time: Int64, to output: inout [UInt8]) {
        let crn = resource(bytes, type: check.resourceType, name: check.resourceName)
        envelope(.authorization, id: id, time: time, subject: crn, to: &output)
        output.append(#","methodName":"kafka.Authorize","resourceName":""#)
        append(crn, to: &output)
        output.append(#"","authenticationInfo":{"principal":""#)
        // It writes the name alone.
        if bytes.first(UInt8(ascii: ":"), in: check.principal) == nil { output.append("User:") }
        output.appendEscaped(bytes, check.principal)
        output.append(#""},"authorizationInfo":{"granted":"#)
        output.append(check.isAllowed ? #"true,"operation":""# : #"false,"operation":""#)
        appendCamelCase(bytes, check.operation, to: &output)
        output.append(#"","resourceType":""#)
        appendCamelCase(bytes, check.resourceType, to: &output)
        output.append(#"","resourceName":""#)
        output.appendEscaped(bytes, check.resourceName)
        output.append(#"","patternType":"LITERAL""#)
        if check.isSuperUser { output.append(#","superUserAuthorization":true"#) }
        output.append("}}}\n")
    }

    /// Adds an authentication event.
    func append(
        _ failure: FailedAuthenticationLine,
        _ bytes: RawSpan,
        id: LogEventID,
        time: Int64,
        to output: inout [UInt8]
    ) {
        envelope(.authentication, id: id, time: time, subject: nil, to: &output)
        output.append(#","methodName":"kafka.Authentication","resourceName":""#)
        output.append(contentsOf: cluster)
        output.append(
            #"","authenticationInfo":{"principal":"None:UNKNOWN_USER"},"request":{"data":{"isReauthentication":"#
        )
        output.append(failure.isRepeat ? "true" : "false")
        output.append(#"}},"requestMetadata":{"connection_id":""#)
        output.appendEscaped(bytes, failure.channelID)
        output.append(#"","client_address":"/"#)
        output.appendEscaped(bytes, failure.address)
        output.append(#""},"result":{"status":"UNAUTHENTICATED","message":""#)
        if let reason = failure.reason { output.appendEscaped(bytes, reason) }
        output.append("\"}}}\n")
    }

    /// `DESCRIBE_CONFIGS` as events have it.
    func appendOperation(_ bytes: RawSpan, _ range: Range<Int>, to output: inout [UInt8]) {
        appendCamelCase(bytes, range, to: &output)
    }

    // MARK: - Parts

    private enum Kind {
        case authorization
        case authentication
        case rule
    }

    /// Everything up to `data.serviceName`.
    private func envelope(_ kind: Kind, id: LogEventID, time: Int64, subject: Resource?, to output: inout [UInt8]) {
        output.append(#"{"specversion":"1.0","id":""#)
        id.append(to: &output)
        output.append(#"","source":""#)
        output.append(contentsOf: cluster)
        output.append(#"","type":""#)
        switch kind {
        case .authorization: output.append("io.confluent.kafka.server/authorization")
        case .authentication: output.append("io.confluent.kafka.server/authentication")
        case .rule: output.append("dev.martlet.audit/authorization-rule")
        }
        output.append(#"","subject":""#)
        append(subject, to: &output)
        output.append(#"","time":""#)
        output.append(time: time)
        output.append(#"","datacontenttype":"application/json","data":{"serviceName":""#)
        output.append(contentsOf: cluster)
        output.append(UInt8(ascii: "\""))
    }

    /// The last element of a CRN, as JSON has it.
    private struct Resource {
        let element: [UInt8]
    }

    private func append(_ resource: Resource?, to output: inout [UInt8]) {
        output.append(contentsOf: cluster)
        guard let resource else { return }
        output.append(UInt8(ascii: "/"))
        output.append(contentsOf: resource.element)
    }

    /// nil for the cluster itself, and for a resource without a name.
    private func resource(_ bytes: RawSpan, type: Range<Int>, name: Range<Int>) -> Resource? {
        guard !name.isEmpty, !bytes.equals("Cluster", in: type) else { return nil }
        var element: [UInt8] = []
        element.reserveCapacity(name.count + 20)
        appendElementType(bytes, type, to: &element)
        element.append(UInt8(ascii: "="))
        guard bytes.isUnreserved(name) else {
            let crn = CRN(authority: "", elements: [CRN.Element(type: "x", name: bytes.string(name))]).description
            var text: [UInt8] = []
            JSONString.encode(crn, into: &text)
            // Behind `"crn:///x=`, without the quote at the end.
            element.append(contentsOf: text.dropFirst(10).dropLast())
            return Resource(element: element)
        }
        element.append(bytes, name)
        return Resource(element: element)
    }

    /// `TransactionalId` as `transactional-id`.
    private func appendElementType(_ bytes: RawSpan, _ type: Range<Int>, to output: inout [UInt8]) {
        for index in type {
            let byte = bytes.byte(at: index)
            if index > type.lowerBound, byte &- UInt8(ascii: "A") < 26,
                bytes.byte(at: index - 1) &- UInt8(ascii: "a") < 26
            {
                output.append(UInt8(ascii: "-"))
            }
            output.append(
                byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte
            )
        }
    }

    /// `DESCRIBE_CONFIGS` as `DescribeConfigs`; what has lower case is left as it is.
    private func appendCamelCase(_ bytes: RawSpan, _ range: Range<Int>, to output: inout [UInt8]) {
        for index in range
        where bytes.byte(at: index) &- UInt8(ascii: "A") >= 26 && bytes.byte(at: index) != UInt8(ascii: "_") {
            output.appendEscaped(bytes, range)
            return
        }
        var isFirst = true
        for index in range {
            let byte = bytes.byte(at: index)
            if byte == UInt8(ascii: "_") {
                isFirst = true
            } else {
                output.append(isFirst ? byte : byte | 0x20)
                isFirst = false
            }
        }
    }
}
