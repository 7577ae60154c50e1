// SPDX-License-Identifier: Apache-2.0

import ByteCoding
package import KafkaProtocol

/// A request and its answer as a broker's request log tells of them.
package struct LoggedRequest: Sendable {
    package let exchange: KafkaExchange
    /// Its id is made of the line's place, so that events of this line have the same ids whenever it is read.
    package let connection: KafkaConnection
    /// `User:alice`, as the broker authenticated it.
    package let principal: String
    /// Whether a broker had sent the request on to the controller, whose line this is.
    package let isForwarded: Bool
    /// `SASL_SSL` and so on; nil where the line does not say.
    package let securityProtocol: String?
    package let listener: String?
    package let softwareName: String?
    package let softwareVersion: String?
    /// As the broker names the connection: `LOCAL-REMOTE-N`, since 4.0 `LOCAL-REMOTE-THREAD-N`.
    package let channelID: String
}

extension LoggedRequest {
    /// By what the lines of the broker and of the controller about one request are known to belong together.
    struct Key: Hashable, Sendable {
        let clientID: String?
        let correlationID: Int32
        let apiKey: Int16
        let principal: String
    }

    var key: Key {
        Key(
            clientID: exchange.header.clientID,
            correlationID: exchange.header.correlationID,
            apiKey: exchange.header.apiKey.rawValue,
            principal: principal
        )
    }

    /// Of the JSON form, since 2.8.
    init?(json fields: KafkaFields, end time: Int64, connectionID: String) {
        guard let header = fields["requestHeader"]?.fields, let key = header["requestApiKey"]?.integer,
            let apiKey = Int16(exactly: key), let version = header["requestApiVersion"]?.integer,
            let apiVersion = Int16(exactly: version), let correlation = header["correlationId"]?.integer,
            let correlationID = Int32(exactly: correlation), let principal = fields["principal"]?.string,
            let channelID = fields["connection"]?.string
        else { return nil }
        let milliseconds =
            switch fields["totalTimeMs"] {
            case .float(let value)?: value
            case .integer(let value)?: Double(value)
            default: 0.0
            }
        let duration = Int64(max(0, min(milliseconds, 1e9)) * 1_000_000)
        let answer: KafkaExchange.Answer =
            switch fields["response"] {
            case .fields(let answer)?: .fields(answer)
            // Produce with acks=0.
            case .string("")?: .notWanted
            default: .notDecoded
            }
        let client = fields["clientInformation"]?.fields
        self.init(
            exchange: KafkaExchange(
                header: RequestHeader(
                    apiKey: APIKey(rawValue: apiKey),
                    apiVersion: apiVersion,
                    correlationID: correlationID,
                    clientID: header["clientId"]?.string
                ),
                request: fields["request"]?.fields.map { .fields($0) } ?? .notDecoded,
                answer: answer,
                time: time - duration,
                duration: duration
            ),
            connection: Self.connection(channelID, id: connectionID, fields["securityProtocol"]?.string, principal),
            principal: principal,
            isForwarded: fields["isForwarded"]?.bool ?? false,
            securityProtocol: fields["securityProtocol"]?.string,
            listener: fields["listener"]?.string,
            softwareName: client?["softwareName"]?.string,
            softwareVersion: client?["softwareVersion"]?.string,
            channelID: channelID
        )
    }

    /// The connection of `127.0.0.1:9092-10.0.0.7:41272-3`, or of `127.0.0.1:9092-10.0.0.7:41272-0-3`: Kafka 4.0 put its network
    /// thread's number in front of the last.
    ///
    /// Addresses of version 6 may stand in brackets or not.
    static func connection(
        _ channelID: String,
        id: String,
        _ securityProtocol: String?,
        _ principal: String
    ) -> KafkaConnection {
        var parts = channelID.split(separator: "-", omittingEmptySubsequences: false)
        while parts.count > 2, let last = parts.last, last.allSatisfy(\.isNumber) { parts.removeLast() }
        let remote = parts.last ?? ""
        let colon = remote.lastIndex(of: ":")
        let host = (colon.map { remote[..<$0] } ?? remote).filter { $0 != "[" && $0 != "]" }
        let port = colon.flatMap { Int(remote[remote.index(after: $0)...]) } ?? 0
        return KafkaConnection(
            id: id,
            clientHost: String(host),
            clientPort: (0...65_535).contains(port) ? port : 0,
            isEncrypted: securityProtocol.map { $0.hasSuffix("SSL") } ?? false
        )
    }
}
