// SPDX-License-Identifier: Apache-2.0

package import AuditModel
import ByteCoding
import KafkaProtocol

/// Writes a logged request as one event, in the Kafka form of the fields.
///
/// `result.status` is `SUCCESS` when the answer has no error code, `FAILURE` when it has any, and missing when the answer is not known:
/// nobody can say then how the request ended.
package struct LoggedRequestWriter: Sendable {
    private let cluster: [UInt8]

    package init(cluster: CRN) {
        var text: [UInt8] = []
        JSONString.encode(cluster.description, into: &text)
        self.cluster = Array(text.dropFirst().dropLast())
    }

    /// Adds the event.
    package func append(_ request: LoggedRequest, to output: inout LogOutput) {
        append(request, to: &output.events)
        output.eventCount += 1
    }

    private func append(_ request: LoggedRequest, to output: inout [UInt8]) {
        let header = request.exchange.header
        output.append(#"{"specversion":"1.0","id":""#)
        Self.append(uuid: request.connection.id, to: &output)
        output.append(#"","source":""#)
        output.append(contentsOf: cluster)
        output.append(#"","type":"io.confluent.kafka.server/request","subject":""#)
        output.append(contentsOf: cluster)
        output.append(#"","time":""#)
        output.append(time: request.exchange.time)
        output.append(#"","datacontenttype":"application/json","data":{"serviceName":""#)
        output.append(contentsOf: cluster)
        output.append(#"","methodName":"kafka."#)
        output.append(contentsOf: LoggedRequest.apiName(header.apiKey).utf8)
        output.append(#"","resourceName":""#)
        output.append(contentsOf: cluster)
        output.append(#"","authenticationInfo":{"principal":"#)
        JSONString.encode(request.principal, into: &output)
        output.append(#"},"request":{"correlation_id":""#)
        output.append(contentsOf: String(header.correlationID).utf8)
        if let clientID = header.clientID {
            output.append(#"","client_id":"#)
            JSONString.encode(clientID, into: &output)
        } else {
            output.append("\"")
        }
        if case .fields(let fields) = request.exchange.request {
            output.append(#","data":"#)
            Self.append(.fields(fields), to: &output)
        }
        output.append(#"},"requestMetadata":{"connection_id":"#)
        JSONString.encode(request.channelID, into: &output)
        output.append(#","client_address":"#)
        JSONString.encode("/" + request.connection.clientHost, into: &output)
        output.append("}")
        appendResult(request.exchange.answer, to: &output)
        output.append("}}\n")
    }

    private func appendResult(_ answer: KafkaExchange.Answer, to output: inout [UInt8]) {
        guard case .fields(let fields) = answer else { return }
        var codes: Set<Int64> = []
        Self.collect(.fields(fields), into: &codes)
        output.append(
            codes.isEmpty ? #","result":{"status":"SUCCESS"}"# : #","result":{"status":"FAILURE","errorCodes":["#
        )
        guard !codes.isEmpty else { return }
        output.append(contentsOf: codes.sorted().map(String.init).joined(separator: ",").utf8)
        output.append("]}")
    }

    private static func collect(_ value: KafkaValue, into codes: inout Set<Int64>) {
        for element in value.elements { collect(element, into: &codes) }
        for field in value.fields?.all ?? [] {
            if field.name.hasSuffix("rrorCode"), let code = field.value.integer, code != 0 { codes.insert(code) }
            collect(field.value, into: &codes)
        }
    }

    /// 32 digits with hyphens between.
    private static func append(uuid: String, to output: inout [UInt8]) {
        for (place, digit) in uuid.utf8.enumerated() {
            if place == 8 || place == 12 || place == 16 || place == 20 { output.append(UInt8(ascii: "-")) }
            output.append(digit)
        }
    }

    private static func append(_ value: KafkaValue, to output: inout [UInt8]) {
        switch value {
        case .null: output.append("null")
        case .bool(let value): output.append(value ? "true" : "false")
        case .integer(let value): output.append(contentsOf: String(value).utf8)
        case .float(let value): output.append(contentsOf: (value.isFinite ? String(value) : "null").utf8)
        case .uuid(let id): JSONString.encode(id.description, into: &output)
        case .string(let text): JSONString.encode(text, into: &output)
        case .byteCount(let count): output.append(contentsOf: #"{"byteCount":\#(count)}"#.utf8)
        case .withheld: output.append(#""[withheld]""#)
        case .array(let elements):
            output.append("[")
            for (place, element) in elements.enumerated() {
                if place > 0 { output.append(",") }
                append(element, to: &output)
            }
            output.append("]")
        case .fields(let fields):
            output.append("{")
            var names: Set<String> = []
            for field in fields.all where names.insert(field.name).inserted {
                if names.count > 1 { output.append(",") }
                JSONString.encode(field.name, into: &output)
                output.append(":")
                append(field.value, to: &output)
            }
            output.append("}")
        }
    }
}
