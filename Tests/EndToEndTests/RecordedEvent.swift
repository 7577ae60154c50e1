// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The part of an event of Kafka's that both ways of recording have.
struct RecordedEvent: Decodable {
    struct Data: Decodable {
        struct Authentication: Decodable { let principal: String }

        struct Authorization: Decodable {
            let granted: Bool
            let operation: String
            let resourceType: String
            let resourceName: String
        }

        struct Request: Decodable {
            struct Data: Decodable { let autoCreated: Bool? }

            let data: Data?
        }

        struct Metadata: Decodable {
            let correlationID: String?
            let clientID: String?

            private enum CodingKeys: String, CodingKey {
                case correlationID = "correlation_id"
                case clientID = "client_id"
            }
        }

        struct Martlet: Decodable { let count: Int? }

        let methodName: String
        let resourceName: String
        let authenticationInfo: Authentication
        let authorizationInfo: Authorization?
        let request: Request?
        let requestMetadata: Metadata?
        let martlet: Martlet?
    }

    let type: String
    let data: Data
    /// What was asked for and what came of it, and by whom: without when, where and how long.
    private(set) var comparable = ""

    /// Of a topic that a look-up made: there is no request for it on the wire.
    var isInferred: Bool { data.request?.data?.autoCreated == true }

    private enum CodingKeys: CodingKey { case type, data }

    /// Nil for what is no event of Kafka's.
    init?(_ line: [UInt8]) throws {
        let bytes = Foundation.Data(line)
        guard let event = try? JSONDecoder().decode(Self.self, from: bytes), event.data.methodName.hasPrefix("kafka.")
        else { return nil }
        self = event
        let whole = try JSONSerialization.jsonObject(with: bytes) as? [String: Any]
        let body = whole?["data"] as? [String: Any] ?? [:]
        let kept = ["request": body["request"] ?? [:], "result": body["result"] ?? [:]]
        let text = try JSONSerialization.data(withJSONObject: kept, options: .sortedKeys)
        comparable = [
            data.methodName, data.resourceName, data.authenticationInfo.principal,
            data.requestMetadata?.correlationID ?? "", data.requestMetadata?.clientID ?? "",
            String(decoding: text, as: UTF8.self),
        ].joined(separator: " ")
    }
}
