// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// How a request ended, as far as anybody can know.
struct RequestResult: Sendable {
    /// `UNSET` where nobody knows; readers take it for no status at all.
    enum Status: String {
        case success = "SUCCESS"
        case failure = "FAILURE"
        case unknown = "UNSET"
    }

    struct Failure: Sendable {
        let code: Int16
        /// `type=name`; nil for the request as a whole.
        let resource: String?
    }

    let status: Status
    let message: String
    var succeededCount = 0
    var failedCount = 0
    /// The first of them.
    var failures: [Failure] = []

    private static let failureLimit = 100

    init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Of an answer's codes.
    init(_ codes: [CodedChecks]) {
        var failures: [Failure] = []
        var seen: Set<String> = []
        for coded in codes where coded.code != 0 {
            failedCount += 1
            let resource = coded.names.all.last.map { "\($0.resource.crnType ?? "cluster")=\($0.name.text.bounded)" }
            guard failures.count < Self.failureLimit, seen.insert("\(coded.code) \(resource ?? "")").inserted else {
                continue
            }
            failures.append(Failure(code: coded.code, resource: resource))
        }
        succeededCount = codes.count - failedCount
        self.failures = failures
        status = failedCount > 0 ? .failure : .success
        message = failures.first.map { AnswerCodes.name($0.code) ?? "error \($0.code)" } ?? ""
    }

    /// Of an answer that the gateway gave.
    init(refused code: Int16) {
        self.init(
            .failure,
            "refused by the gateway, not by the broker: the event of this request could not have been recorded"
        )
        failedCount = 1
        failures = [Failure(code: code, resource: nil)]
    }
}

/// An act: a request, what it was about, and how it ended.
struct RequestEvent: Sendable {
    let id: String
    let time: Int64
    let exchange: ExchangeText
    let resource: String
    let isModification: Bool
    /// JSON, an object; nil where the request was not decoded.
    let data: [UInt8]?
    let result: RequestResult
    /// JSON, an object; nil where there is nothing to say.
    let answer: [UInt8]?
    let isDryRun: Bool
    let remark: String?

    func mapped(_ connection: ConnectionText, _ category: CaptureCategory) -> MappedEvent {
        var json = JSONBytes(capacity: 1024 + (data?.count ?? 0) + (answer?.count ?? 0))
        json.begin(
            .request,
            id: id,
            time: time,
            cluster: connection.clusterCRN,
            resource: resource,
            method: exchange.method,
            principal: exchange.principal
        )
        json.open("request")
        json.string("accessType", isModification ? "MODIFICATION" : "READ_ONLY")
        if let data { json.value("data", data) }
        json.close()
        json.open("requestMetadata")
        json.string("connection_id", connection.id)
        json.string("client_address", connection.address)
        json.string("request_id", exchange.requestID)
        json.string("correlation_id", String(exchange.correlationID))
        json.string("client_id", ifThere: exchange.clientID?.bounded)
        json.close()
        writeResult(&json)
        json.open("martlet")
        if isDryRun { json.bool("dryRun", true) }
        json.string("remark", ifThere: remark)
        if let nodeID = connection.nodeID { json.number("nodeId", Int64(nodeID)) }
        json.number("apiVersion", Int64(exchange.apiVersion))
        json.number("durationMicroseconds", exchange.duration / 1000)
        json.close()
        json.end()
        return MappedEvent(bytes: json.bytes, category: category, isDenial: false, fact: nil)
    }

    private func writeResult(_ json: inout JSONBytes) {
        json.open("result")
        json.string("status", result.status.rawValue)
        json.string("message", result.message)
        json.open("data")
        if isDryRun { json.bool("dryRun", true) }
        if result.failedCount > 0 {
            json.number("succeeded", Int64(result.succeededCount))
            json.number("failed", Int64(result.failedCount))
            json.open("errors", array: true)
            for failure in result.failures {
                json.open()
                json.code(failure.code)
                json.string("resource", ifThere: failure.resource)
                json.close()
            }
            json.close(array: true)
        }
        if let answer { json.value("answer", answer) }
        json.close()
        json.close()
    }
}
