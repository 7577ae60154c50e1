// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Foundation
import KafkaProtocol

/// A recorded run of real clients and a broker, decoded by another implementation, as the observations that it is made of.
struct WireRecording {
    struct Line {
        let connection: Int
        let isFromClient: Bool
        let time: Int64
        /// As the other implementation decoded it; nil at the end of a direction.
        let frame: [String: Any]?
        let bytes: [UInt8]
    }

    /// A refused check or failed login, as the recording lists it.
    struct Denial: Hashable {
        let connection: Int
        let user: String
        let api: String
        let version: Int
        let code: Int
    }

    static let folder = URL(filePath: #filePath)
        .appending(path: "../../../../../shared/fixtures/kafka-3.9").standardized
    static let isThere = FileManager.default.fileExists(atPath: folder.path)

    let lines: [Line]
    let denials: [Denial]

    init() throws {
        func objects(_ name: String) throws -> [[String: Any]] {
            try Data(contentsOf: Self.folder.appending(path: name)).split(separator: UInt8(ascii: "\n")).map {
                try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] ?? [:]
            }
        }
        func place(_ line: [String: Any]) -> String {
            "\(line["conn"] ?? "") \(line["dir"] ?? "") \(line["seq"] ?? "")"
        }
        // The decoded frames stand connection by connection.
        let decoded = Dictionary(try objects("wire.decoded.jsonl").map { (place($0), $0) }) { first, _ in first }
        lines = try objects("wire.jsonl").map { wire in
            Line(
                connection: wire["conn"] as? Int ?? 0,
                isFromClient: wire["dir"] as? String == "C>S",
                time: Int64(((wire["ts"] as? Double ?? 0) * 1_000_000).rounded()) * 1000,
                frame: wire["eof"] == nil ? decoded[place(wire)] : nil,
                bytes: Self.bytes(wire["hex"] as? String ?? "")
            )
        }
        let text = try String(contentsOf: Self.folder.appending(path: "wire.denials.txt"), encoding: .utf8)
        denials = text.split(separator: "\n").map { line in
            let parts = line.split(separator: " ")
            return Denial(
                connection: Int(parts[1]) ?? 0,
                user: String(parts[2]),
                api: String(parts[3]),
                version: Int(parts[4]) ?? 0,
                code: Int(parts[5]) ?? 0
            )
        }
    }

    /// The observations in the order of the answers, each with its connection.
    ///
    /// Decoded by our own decoder, as in the gateway, or by the other implementation.
    func observations(byOurs: Bool = false) throws -> [(connection: Int, observation: KafkaObservation)] {
        var waiting: [Int: [Line]] = [:]
        var logins: [Int: Login] = [:]
        var found: [(Int, KafkaObservation)] = []
        for line in lines {
            guard let frame = line.frame else {
                if !line.isFromClient { found.append((line.connection, .ended(time: line.time))) }
                continue
            }
            if line.isFromClient {
                waiting[line.connection, default: []].append(line)
                continue
            }
            guard let request = waiting[line.connection]?.first?.frame,
                let asked = waiting[line.connection]?.removeFirst()
            else { continue }
            let key = frame["apiKey"] as? Int
            if key == 17 || key == 36 {
                var login = logins[line.connection] ?? Login()
                if let done = login.note(request, frame, time: asked.time) {
                    found.append((line.connection, .authentication(done)))
                }
                logins[line.connection] = login
            } else {
                let exchange =
                    byOurs
                    ? try Self.decoded(asked, line) : Self.exchange(request, frame, asked.time, line.time)
                found.append((line.connection, .exchange(exchange)))
            }
        }
        return found
    }

    private static func exchange(
        _ request: [String: Any],
        _ answer: [String: Any],
        _ asked: Int64,
        _ answered: Int64
    ) -> KafkaExchange {
        let header = request["header"] as? [String: Any] ?? [:]
        return KafkaExchange(
            header: RequestHeader(
                apiKey: APIKey(rawValue: (request["apiKey"] as? Int).flatMap(Int16.init(exactly:)) ?? -1),
                apiVersion: (request["apiVersion"] as? Int).flatMap(Int16.init(exactly:)) ?? -1,
                correlationID: (header["correlation_id"] as? Int).flatMap(Int32.init(exactly:)) ?? 0,
                clientID: header["client_id"] as? String
            ),
            request: .fields(fields(request["request"])),
            answer: .fields(fields(answer["response"])),
            time: asked,
            duration: answered - asked
        )
    }

    private static func decoded(_ asked: Line, _ answered: Line) throws -> KafkaExchange {
        let request = asked.bytes.span.bytes
        let answer = answered.bytes.span.bytes
        let (header, offset) = try RequestHeader.read(request)
        let isFlexible = MessageLayouts.firstFlexibleVersion(of: header.apiKey).map { header.apiVersion >= $0 } ?? false
        // The correlation id, and since the flexible versions an empty section of tags; ApiVersions never has one.
        let answerOffset = isFlexible && header.apiKey.rawValue != 18 ? 5 : 4
        let decoder = MessageDecoder()
        return KafkaExchange(
            header: header,
            request: .fields(
                try decoder.decode(
                    request.extracting((offset ?? 0)..<request.byteCount),
                    header.apiKey,
                    version: header.apiVersion,
                    .request
                )
            ),
            answer: .fields(
                try decoder.decode(
                    answer.extracting(answerOffset..<answer.byteCount),
                    header.apiKey,
                    version: header.apiVersion,
                    .answer
                )
            ),
            time: asked.time,
            duration: answered.time - asked.time
        )
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - digits.count % 2, by: 2).map { place in
            UInt8(String(decoding: digits[place..<(place + 2)], as: UTF8.self), radix: 16) ?? 0
        }
    }

    // MARK: - Names and values

    private static func fields(_ json: Any?) -> KafkaFields {
        value(json ?? [String: Any](), "").fields ?? KafkaFields()
    }

    /// The other implementation writes `error_code` for `errorCode`, codes with their names, and bytes as hex.
    private static func value(_ json: Any, _ name: String) -> KafkaValue {
        switch json {
        case let number as NSNumber where isBoolean(number): .bool(number.boolValue)
        case let number as NSNumber: .integer(number.int64Value)
        case let text as String where name == "topicId": uuid(text)
        case let text as String: .string(text)
        case let list as [Any]: .array(list.map { value($0, name) })
        case let object as [String: Any]:
            if let code = object["value"] as? Int, name.lowercased().hasSuffix("errorcode") {
                .integer(Int64(code))
            } else if object["hex"] != nil {
                // The decoder of secrets would have withheld these.
                .withheld
            } else {
                .fields(
                    KafkaFields(
                        object.sorted { $0.key < $1.key }.map { key, inner in
                            let name = camelCase(key)
                            return KafkaFields.Field(name: name, value: value(inner, name))
                        }
                    )
                )
            }
        default: .null
        }
    }

    private static func isBoolean(_ number: NSNumber) -> Bool {
        unsafe String(cString: number.objCType) == "c"
    }

    private static func camelCase(_ snake: String) -> String {
        let words = snake.split(separator: "_")
        let joined = words.dropFirst().reduce(String(words.first ?? "")) { name, word in
            name + word.prefix(1).uppercased() + word.dropFirst()
        }
        return joined == "timeout" ? "timeoutMs" : joined
    }

    private static func uuid(_ text: String) -> KafkaValue {
        let digits = text.filter { $0 != "-" }
        return .uuid(
            KafkaUUID(high: UInt64(digits.prefix(16), radix: 16) ?? 0, low: UInt64(digits.suffix(16), radix: 16) ?? 0)
        )
    }
}

/// A login in the recording: PLAIN and SCRAM by SaslAuthenticate.
private struct Login {
    private var mechanism = ""
    private var name: String?
    private var start: Int64 = 0
    private var rounds = 0

    /// The exchange, when this was its end.
    mutating func note(_ request: [String: Any], _ answer: [String: Any], time: Int64) -> SASLExchange? {
        let asked = request["request"] as? [String: Any] ?? [:]
        let response = answer["response"] as? [String: Any] ?? [:]
        if request["apiKey"] as? Int == 17 {
            mechanism = asked["mechanism"] as? String ?? ""
            (name, start, rounds) = (nil, time, 0)
            return nil
        }
        rounds += 1
        let hex = (asked["auth_bytes"] as? [String: Any])?["hex"] as? String ?? ""
        if rounds == 1 { name = Self.name(hex, mechanism) }
        let code = (response["error_code"] as? [String: Any])?["value"] as? Int ?? 0
        guard code != 0 || mechanism == "PLAIN" || rounds == 2 else { return nil }
        let message = response["error_message"] as? String
        return SASLExchange(
            mechanism: mechanism,
            claimedName: name,
            details: [],
            verdict: code == 0 ? .success : .failure(errorCode: Int16(exactly: code), message: message),
            isRepeat: false,
            time: start,
            clientID: (request["header"] as? [String: Any])?["client_id"] as? String
        )
    }

    /// RFC 4616 §2: authzid NUL authcid NUL password; RFC 5802 §7: `n,,n=name,r=…`.
    private static func name(_ hex: String, _ mechanism: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Substring(hex)
        while rest.count >= 2 {
            bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        if mechanism == "PLAIN" {
            let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
            return parts.count == 3 ? String(decoding: parts[1], as: UTF8.self) : nil
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
            .first { $0.hasPrefix("n=") }.map { String($0.dropFirst(2)) }
    }
}
