// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import KafkaProtocol
import Testing

/// What real clients and a real broker said, beside what another decoder made of it.
@Suite(.enabled(if: Recording.lines("wire.jsonl") != nil, "the recorded traffic is not beside this package"))
struct RecordedTrafficTests {
    @Test func `every recorded message has the values that another decoder found`() throws {
        var count = 0
        for (frame, decoded) in try Recording.frames() {
            let found = try frame.decode(asOf: decoded)
            let values = try #require((decoded["request"] ?? decoded["response"]) as? [String: Any])
            #expect(Self.same(.fields(found), values), "\(decoded["name"] ?? "") \(Hex.encode(frame.bytes))")
            count += 1
        }
        #expect(count == 646)
    }

    @Test func `headers are those that another decoder found`() throws {
        for (frame, decoded) in try Recording.frames() where frame.isRequest {
            let header = try #require(decoded["header"] as? [String: Any])
            let found = try RequestHeader.read(frame.bytes.span.bytes).header
            #expect(Int(found.apiKey.rawValue) == header["request_api_key"] as? Int)
            #expect(Int(found.apiVersion) == header["request_api_version"] as? Int)
            #expect(Int(found.correlationID) == header["correlation_id"] as? Int)
            #expect(found.clientID == header["client_id"] as? String)
        }
    }

    @Test func `no recorded secret is in what was decoded`() throws {
        var all = ""
        for (frame, decoded) in try Recording.frames() {
            let found = try frame.decode(asOf: decoded)
            all += String(describing: found)
            dump(found, to: &all)
        }

        // Passwords that clients sent, SCRAM's first message, salt and salted password.
        for secret in ["admin-secret", "alice-secret", "bob-secret", "n,,n=scott", "6dff549fd5f9", "2ac5f0eb6e25"] {
            #expect(!all.contains(secret))
        }
        #expect(all.contains("departures"))
    }

    /// Whether values are those of the other decoder, which spells names and a few types differently.
    private static func same(_ value: KafkaValue, _ other: Any) -> Bool {
        switch value {
        case .fields(let fields):
            guard let other = other as? [String: Any] else { return false }
            var rest: [String: Any] = [:]
            for (name, value) in other { rest[spelling(name)] = value }
            for field in fields.all {
                guard let theirs = rest.removeValue(forKey: spelling(field.name)), same(field.value, theirs) else {
                    return false
                }
            }
            // Tagged fields that were not sent.
            return rest.values.allSatisfy(isNothing)
        case .array(let values):
            guard let other = other as? [Any], other.count == values.count else { return false }
            return zip(values, other).allSatisfy { same($0, $1) }
        case .integer(let number):
            if let code = other as? [String: Any] { return code["value"] as? Int64 == number }
            // A time that nobody set.
            return other as? Int64 == number || number == -1 && other is NSNull
        case .string(let text): return other as? String == text
        case .bool(let value): return other as? Bool == value
        case .null: return other is NSNull
        case .float(let value): return other as? Double == value
        case .uuid(let id):
            guard let text = other as? String else { return id.isZero && other is NSNull }
            let digits = text.replacing("-", with: "")
            return UInt64(digits.prefix(16), radix: 16) == id.high && UInt64(digits.suffix(16), radix: 16) == id.low
        case .byteCount(let count):
            let other = other as? [String: Any]
            return (other?["hex"] as? String)?.count == 2 * count || other?["size"] as? Int == count
        case .withheld: return (other as? [String: Any])?["hex"] != nil || other is String
        }
    }

    private static func spelling(_ name: String) -> String {
        let plain = name.lowercased().replacing("_", with: "")
        return plain.hasSuffix("ms") ? String(plain.dropLast(2)) : plain
    }

    private static func isNothing(_ value: Any) -> Bool {
        switch value {
        case is NSNull: true
        case let values as [Any]: values.isEmpty
        case let number as NSNumber: number.intValue <= 0
        case let fields as [String: Any]: fields.values.allSatisfy(isNothing)
        default: false
        }
    }
}

private enum Recording {
    struct Frame {
        let isRequest: Bool
        let bytes: [UInt8]

        func decode(asOf decoded: [String: Any]) throws -> KafkaFields {
            let api = APIKey(rawValue: Int16(try #require(decoded["apiKey"] as? Int)))
            let version = Int16(try #require(decoded["apiVersion"] as? Int))
            var start = 4
            if isRequest {
                start = try #require(try RequestHeader.read(bytes.span.bytes).bodyOffset)
            } else if MessageLayouts.hasTaggedAnswerHeader(api, version: version) {
                start = 5
            }
            return try MessageDecoder()
                .decode(
                    bytes.span.bytes.extracting(start..<bytes.count),
                    api,
                    version: version,
                    isRequest ? .request : .answer,
                    keeping: .everything
                )
        }
    }

    static func lines(_ name: String) -> [[String: Any]]? {
        let file = URL(filePath: #filePath).appending(path: "../../../../shared/fixtures/kafka-3.9/\(name)")
            .standardized
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        return text.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    /// Each recorded frame, and what the other decoder says of it.
    static func frames() throws -> [(Frame, [String: Any])] {
        let key = { (line: [String: Any]) in "\(line["conn"] ?? "") \(line["dir"] ?? "") \(line["seq"] ?? "")" }
        let decoded = Dictionary(try #require(lines("wire.decoded.jsonl")).map { (key($0), $0) }) { first, _ in first }
        return try #require(lines("wire.jsonl")).compactMap { line in
            guard let hex = line["hex"] as? String, let other = decoded[key(line)], other["apiKey"] != nil else {
                return nil
            }
            return (Frame(isRequest: line["dir"] as? String == "C>S", bytes: try #require(Hex.decode(hex))), other)
        }
    }
}
