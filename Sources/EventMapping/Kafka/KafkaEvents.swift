// SPDX-License-Identifier: Apache-2.0

import AuditModel
import KafkaProtocol

/// What all events of a connection say of it.
struct ConnectionText: Sendable {
    let id: String
    /// As Java prints a socket's address: `/10.0.0.1:50000`, `/[2001:db8::1]:50000`.
    let address: String
    let clusterCRN: String
    let nodeID: Int32?

    init(_ connection: KafkaConnection, clusterCRN: String) {
        id = connection.id
        let host = connection.clientHost.contains(":") ? "[\(connection.clientHost)]" : connection.clientHost
        address = "/\(host):\(connection.clientPort)"
        self.clusterCRN = clusterCRN
        nodeID = connection.nodeID
    }
}

/// What an event about an exchange says of the exchange.
struct ExchangeText: Sendable {
    let method: String
    let apiName: String
    let apiVersion: Int16
    let correlationID: Int32
    let clientID: String?
    /// The same in all events of one exchange, and of no other.
    let requestID: String
    let principal: String
    /// In nanoseconds.
    let duration: Int64
}

/// The type of an event, after `io.confluent.kafka.server/`.
enum KafkaEventType: String {
    case authentication
    case authorization
    case request
}

extension JSONBytes {
    /// The envelope up to `"data":{`, and the members of `data` that all events have.
    mutating func begin(
        _ type: KafkaEventType,
        id: String,
        time: Int64,
        cluster: String,
        resource: String,
        method: String,
        principal: String,
        metadata: (inout JSONBytes) -> Void = { _ in }
    ) {
        open()
        string("specversion", "1.0")
        string("id", id)
        string("source", cluster)
        string("type", "io.confluent.kafka.server/\(type.rawValue)")
        string("subject", resource)
        self.time("time", time)
        string("datacontenttype", "application/json")
        open("data")
        string("serviceName", cluster)
        string("methodName", method)
        string("resourceName", resource)
        open("authenticationInfo")
        string("principal", principal)
        metadata(&self)
        close()
    }

    /// Both braces at the end.
    mutating func end() {
        close()
        close()
    }

    mutating func repeats(_ repeats: Repeats?) {
        guard let repeats else { return }
        number("count", Int64(repeats.count))
        time("firstTime", repeats.first)
        time("lastTime", repeats.last)
    }

    mutating func code(_ code: Int16) {
        number("errorCode", Int64(code))
        string("errorName", ifThere: AnswerCodes.name(code))
    }
}

/// A check that was made, and how it ended.
struct AuthorizationEvent: Sendable {
    let number: UInt64
    let id: String
    let time: Int64
    let exchange: ExchangeText
    let decision: Decision
    /// The CRN of the resource.
    let resource: String
    let remark: String?

    func mapped(_ connection: ConnectionText, repeats: Repeats? = nil, id repeatsID: String? = nil) -> MappedEvent {
        let id = repeatsID ?? id
        let check = decision.check
        let name = check.name?.text ?? ""
        var json = JSONBytes()
        json.begin(
            .authorization,
            id: id,
            time: repeats?.last ?? time,
            cluster: connection.clusterCRN,
            resource: resource,
            method: exchange.method,
            principal: exchange.principal
        )
        json.open("authorizationInfo")
        json.bool("granted", decision.granted)
        json.string("operation", check.operation.rawValue)
        json.string("resourceType", check.resource.rawValue)
        json.string("resourceName", name.bounded)
        json.string("patternType", "LITERAL")
        json.close()
        json.open("request")
        json.string("correlation_id", String(exchange.correlationID))
        json.string("client_id", ifThere: exchange.clientID?.bounded)
        json.close()
        json.open("requestMetadata")
        json.string("connection_id", connection.id)
        json.string("client_address", connection.address)
        json.string("request_id", exchange.requestID)
        json.close()
        json.open("martlet")
        json.string("evidence", "the broker's answer")
        json.code(decision.code)
        json.string("remark", ifThere: remark)
        if check.name?.isID == true { json.string("unresolved", "the topic's id; no answer has told its name") }
        if check.name == nil { json.string("unresolved", "the answer does not say which resource of the request") }
        json.repeats(repeats)
        if let nodeID = connection.nodeID { json.number("nodeId", Int64(nodeID)) }
        json.number("apiVersion", Int64(exchange.apiVersion))
        json.close()
        json.end()
        let fact = AuthorizationFact(
            eventID: id,
            principal: exchange.principal,
            operation: check.operation.rawValue,
            resourceType: check.resource.rawValue,
            resourceName: name,
            apiName: exchange.apiName,
            granted: decision.granted,
            time: repeats?.last ?? time
        )
        return MappedEvent(bytes: json.bytes, category: .authorize, isDenial: !decision.granted, fact: fact)
    }
}

/// A login, or an attempt.
struct AuthenticationEvent: Sendable {
    let id: String
    let repeatsID: String
    let time: Int64
    /// `None:UNKNOWN_USER` where nobody is authenticated.
    let principal: String
    /// Channel and mechanism: `SASL_SSL/PLAIN`, `SSL`.
    let mechanism: String
    /// What the client calls itself in its login; a claim where that failed.
    let identifier: String?
    let details: [SASLExchange.Detail]
    let isSuccess: Bool
    let message: String
    let errorCode: Int16?
    let isRepeat: Bool
    let clientID: String?
    let remark: String?
    let connection: ConnectionText

    func mapped(clusterCRN: String, repeats: Repeats? = nil) -> MappedEvent {
        var json = JSONBytes()
        json.begin(
            .authentication,
            id: repeats == nil ? id : repeatsID,
            time: repeats?.last ?? time,
            cluster: clusterCRN,
            resource: clusterCRN,
            method: "kafka.Authentication",
            principal: principal
        ) { json in
            json.open("metadata")
            json.string("mechanism", mechanism)
            json.string("identifier", ifThere: identifier?.bounded)
            json.close()
        }
        json.open("requestMetadata")
        json.string("connection_id", connection.id)
        json.string("client_address", connection.address)
        json.string("client_id", ifThere: clientID?.bounded)
        json.close()
        json.open("result")
        json.string("status", isSuccess ? "SUCCESS" : "UNAUTHENTICATED")
        json.string("message", message.bounded)
        json.close()
        json.open("martlet")
        if let errorCode { json.code(errorCode) }
        if isRepeat { json.bool("reauthentication", true) }
        json.string("remark", ifThere: remark)
        if !details.isEmpty {
            json.open("claims", array: true)
            for detail in details.prefix(32) {
                json.open()
                json.string("name", detail.name.bounded)
                json.string("value", detail.value.bounded)
                json.close()
            }
            json.close(array: true)
        }
        json.repeats(repeats)
        if let nodeID = connection.nodeID { json.number("nodeId", Int64(nodeID)) }
        json.close()
        json.end()
        return MappedEvent(bytes: json.bytes, category: .authentication, isDenial: false, fact: nil)
    }
}
