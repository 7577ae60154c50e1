// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import Foundation
import Testing

/// An event of the example day, read with Foundation so that the tests do not lean on what they test.
struct ExampleEvent {
    /// The line as it stands in the file.
    let text: String
    /// File and line, for messages.
    let place: String
    let id: String
    let type: String
    let time: String
    let method: String?
    let resourceType: String?
    let resourceName: String?
    /// The bare id or name.
    let principal: String?
    let outcome: String
    let addresses: [String]

    static func readDay() throws -> [ExampleEvent] {
        let day = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples/day")
        let files = try FileManager.default.contentsOfDirectory(
            at: day.standardizedFileURL,
            includingPropertiesForKeys: nil
        )
        .filter { $0.pathExtension == "ndjson" }
        .sorted { $0.lastPathComponent < $1.lastPathComponent }
        return try files.flatMap { file in
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n").enumerated().map { number, line in
                try ExampleEvent(String(line), place: "\(file.lastPathComponent):\(number + 1)")
            }
        }
    }

    private init(_ line: String, place: String) throws {
        let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let data = try #require(event["data"] as? [String: Any])
        func part(_ camelCase: String, _ snakeCase: String) -> Any? { data[camelCase] ?? data[snakeCase] }

        text = line
        self.place = place
        id = try #require(event["id"] as? String)
        type = try #require(event["type"] as? String)
        time = try #require(event["time"] as? String)
        method = part("methodName", "method_name") as? String

        let authorization = data["authorizationInfo"] as? [String: Any]
        let target =
            (part("cloudResources", "cloud_resources") as? [[String: Any]])?.first?["resource"] as? [String: Any]
        resourceType = target?["type"] as? String ?? authorization?["resourceType"] as? String
        resourceName =
            (target?["resourceId"] ?? target?["resource_id"]) as? String ?? authorization?["resourceName"] as? String

        let authentication = part("authenticationInfo", "authentication_info") as? [String: Any]
        principal = Self.principal(authentication?["principal"])
        outcome = Self.outcome(
            type: type,
            authorization: authorization,
            status: (data["result"] as? [String: Any])?["status"] as? String ?? authentication?["result"] as? String
        )

        let metadata = part("requestMetadata", "request_metadata") as? [String: Any]
        let lists = [data["clientAddress"], metadata?["clientAddress"], metadata?["client_address"]]
        let listed = lists.compactMap { $0 as? [[String: Any]] }.joined().compactMap { $0["ip"] as? String }
        addresses = listed + [metadata?["client_address"] as? String].compactMap { $0.map { String($0.dropFirst()) } }
    }

    func classified(by catalog: Catalog) -> Classification {
        catalog.classify(type: type, method: method, resourceType: resourceType)
    }

    private static func principal(_ value: Any?) -> String? {
        if let text = value as? String { return text.split(separator: ":", maxSplits: 1).last.map(String.init) }
        guard let variants = value as? [String: Any] else { return nil }
        let object = variants.first { $0.key != "email" && $0.value is [String: Any] }?.value as? [String: Any]
        return (object?["resourceId"] ?? object?["subject"] ?? variants["email"]) as? String
    }

    private static func outcome(type: String, authorization: [String: Any]?, status: String?) -> String {
        if type.hasSuffix("/authorization") {
            if let granted = authorization?["granted"] as? Bool { return granted ? "allowed" : "denied" }
            switch authorization?["result"] as? String {
            case "ALLOW": return "allowed"
            case "DENY": return "denied"
            default: return "unknown"
            }
        }
        switch status {
        case "SUCCESS": return "success"
        case "UNSET", nil: return "unknown"
        default: return "failure"
        }
    }
}
