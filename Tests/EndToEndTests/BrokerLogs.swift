// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the nodes of a real cluster write into their logs, from when this was made on.
struct BrokerLogs {
    static let missing: Comment = """
        MARTLET_TEST_KAFKA_LOGS is not set: it names the directories of the nodes' kafka-authorizer.log (its logger at \
        TRACE) and kafka-request.log (at DEBUG), with commas between
        """

    static let directories: [URL] = (EndToEnd.environment["MARTLET_TEST_KAFKA_LOGS"] ?? "").split(separator: ",")
        .map { URL(filePath: String($0)) }

    enum Name: String, CaseIterable {
        case authorizer = "kafka-authorizer.log"
        case request = "kafka-request.log"
    }

    private let starts: [URL: UInt64]

    init() throws {
        starts = try Self.sizes()
    }

    private static func sizes() throws -> [URL: UInt64] {
        var sizes: [URL: UInt64] = [:]
        for file in directories.flatMap({ folder in Name.allCases.map { folder.appending(path: $0.rawValue) } }) {
            let found = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? NSNumber
            sizes[file] = try #require(found?.uint64Value)
        }
        return sizes
    }

    /// The new lines of a log of all nodes, in the order of their stamps, as a forwarded request is in the logs of two.
    func lines(_ name: Name) throws -> [String] {
        let lines = try Self.directories.flatMap { folder in
            let file = folder.appending(path: name.rawValue)
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }
            try handle.seek(toOffset: starts[file] ?? 0)
            let bytes = try handle.readToEnd() ?? Data()
            return NDJSON.lines(of: bytes).map { String(decoding: $0, as: UTF8.self) }
        }
        // Of equal stamps, as they came; a stack's lines have none, but these loggers write no stacks.
        return lines.enumerated().map { (stamp: $1.prefix(25), number: $0, line: $1) }
            .sorted { ($0.stamp, $0.number) < ($1.stamp, $1.number) }
            .map(\.line)
    }
}

/// A line of the request log as Foundation reads it: not by the code that is tested.
struct RequestLogLine: Decodable {
    struct Header: Decodable {
        let requestApiKeyName: String
        let correlationId: Int
        let clientId: String?
    }

    private struct Request: Decodable { let memberEpoch: Int? }
    private struct Response: Decodable { let errorCode: Int? }

    private enum CodingKeys: CodingKey { case requestHeader, principal, isForwarded, request, response }

    let header: Header
    let principal: String
    /// A broker's line about a request that it sent on says false, the controller's about the same one true.
    let isForwarded: Bool
    let memberEpoch: Int?
    let errorCode: Int?

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        header = try values.decode(Header.self, forKey: .requestHeader)
        principal = try values.decode(String.self, forKey: .principal)
        isForwarded = try values.decode(Bool.self, forKey: .isForwarded)
        memberEpoch = (try? values.decode(Request.self, forKey: .request))?.memberEpoch
        // Of a Produce without acknowledgement the answer is a text.
        errorCode = (try? values.decode(Response.self, forKey: .response))?.errorCode
    }

    /// Nil for a line that is about no request.
    init?(_ line: String) throws {
        guard let body = line.firstMatch(of: /Completed request:(\{.*\}) \(kafka\.request\.logger\)$/)?.1 else {
            return nil
        }
        self = try JSONDecoder().decode(Self.self, from: Data(body.utf8))
    }

    /// `kafka.CreateTopics` of `CREATE_TOPICS`.
    var method: String {
        "kafka."
            + header.requestApiKeyName.split(separator: "_").map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined()
    }
}
