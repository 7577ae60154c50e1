// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import KafkaCapture
import KafkaProtocol
import Testing

@Suite(.enabled(if: Fixture.isThere)) struct RecordedTrafficTests {
    private static let rewritten: Set<Int16> = [0, 1, 3, 10, 18, 60]

    @Test func `every frame goes on byte for byte but the rewritten answers`() throws {
        let recording = try Fixture.recording()
        let results = Fixture.replay(recording)

        var changedCount = 0
        // By the independent decode: answers that name a broker's host.
        let namingCount = try Fixture.bytes("wire.decoded.jsonl").split(separator: UInt8(ascii: "\n")).count { line in
            let text = String(decoding: line, as: UTF8.self)
            return text.contains("\"dir\": \"S>C\"") && text.contains("127.0.0.1")
                && (text.contains("\"name\": \"metadata\"") || text.contains("\"name\": \"find_coordinator\""))
        }
        var requestCount = 0
        for (number, result) in results {
            let entries = recording.entries.filter { $0.connection == number }
            let sent = entries.filter(\.isFromClient).compactMap(\.frame)
            let answered = entries.filter { !$0.isFromClient }.compactMap(\.frame)
            #expect(result.close == nil, "connection \(number)")
            #expect(result.unmapped.isEmpty)
            let got = frames(result.toClient)
            #expect(got.count == answered.count)
            // Requests of versions that the gateway does not know are not in the recording but for one ApiVersions.
            for (frame, original) in zip(frames(result.toBroker), sent) {
                requestCount += 1
                guard frame != original else { continue }
                #expect(original.prefix(2) == [0, 18] && frame[2...3] == [0x7f, 0xff])
                #expect(Array(frame[4...]) == Array(original[4...]))
            }
            for (frame, original) in zip(got, answered) where frame != original {
                let id = Array(original.prefix(4))
                let request = try #require(sent.first { Array($0[4..<8]) == id })
                let key = Int16(request[0]) << 8 | Int16(request[1])
                let version = Int16(request[2]) << 8 | Int16(request[3])
                #expect(Self.rewritten.contains(key))
                try Self.expectOnlyEndpointsDiffer(frame, original, APIKey(rawValue: key), version)
                changedCount += 1
            }
        }
        #expect(requestCount == recording.entries.filter { $0.isFromClient && $0.frame != nil }.count)
        #expect(changedCount == namingCount)
    }

    private static func expectOnlyEndpointsDiffer(
        _ frame: [UInt8],
        _ original: [UInt8],
        _ api: APIKey,
        _ version: Int16
    ) throws {
        func decode(_ bytes: [UInt8]) throws -> KafkaFields {
            let start = MessageLayouts.hasTaggedAnswerHeader(api, version: version) ? 5 : 4
            return try MessageDecoder().decode(
                bytes.span.bytes.extracting(start...),
                api,
                version: version,
                .answer,
                keeping: .everything
            )
        }
        #expect(frame.prefix(4) == original.prefix(4))
        #expect(try masked(.fields(decode(frame))) == masked(.fields(decode(original))))
        #expect(String(decoding: frame, as: UTF8.self).contains("127.0.0.1") == false)
    }

    /// The message with all hosts, ports and highest versions alike.
    private static func masked(_ value: KafkaValue) -> KafkaValue {
        switch value {
        case .array(let values): .array(values.map(masked))
        case .fields(let fields):
            .fields(
                KafkaFields(
                    fields.all.map {
                        ["host", "port", "maxVersion"].contains($0.name)
                            ? .init(name: $0.name, value: .null) : .init(name: $0.name, value: masked($0.value))
                    }
                )
            )
        default: value
        }
    }

    @Test func `the denials and failed logins are those of the list`() throws {
        let results = Fixture.replay(try Fixture.recording())
        let list = String(decoding: try Fixture.bytes("wire.denials.txt"), as: UTF8.self)

        let expected = list.split(separator: "\n").map { line in
            line.split(separator: " ", omittingEmptySubsequences: false).dropFirst().joined(separator: " ")
        }
        var found: [String] = []
        for (number, result) in results {
            var user = "?"
            for observation in result.observations {
                switch observation {
                case .authentication(let login):
                    user = login.claimedName ?? "?"
                    if case .failure(let code, _) = login.verdict {
                        found.append("\(number) \(user) SaslAuthenticate 1 \(code ?? -1) ")
                    }
                case .exchange(let exchange):
                    guard case .fields(let answer) = exchange.answer else { continue }
                    let denials = Self.denials(.fields(answer), name: nil)
                    for denial in Set(denials.map { "\($0.code) \($0.name)" }) {
                        let header = exchange.header
                        let api = header.apiKey.name ?? "?"
                        found.append("\(number) \(user) \(api) \(header.apiVersion) \(denial)")
                    }
                case .ended: break
                }
            }
        }
        // The list is of answers. One more login was cut off before its answer, which the broker's log of failures has as well.
        let cutOff = found.filter { $0.contains(" -1 ") }
        let failureCount = expected.count { $0.contains("SaslAuthenticate") }
        let logged = try Fixture.bytes("failed-authentication.log").split(separator: UInt8(ascii: "\n")).count
        #expect(cutOff == ["49 mallory SaslAuthenticate 1 -1 "])
        #expect(logged == failureCount + cutOff.count)
        // Where the list has no resource, the answer names it all the same.
        let seen = found.map { $0.replacing("DeleteRecords 2 29 orders", with: "DeleteRecords 2 29 ") }
        #expect(Set(seen).subtracting(cutOff) == Set(expected))
        #expect(found.count - cutOff.count == expected.count)
    }

    private static func denials(_ value: KafkaValue, name: String?) -> [(code: Int64, name: String)] {
        switch value {
        case .array(let values): return values.flatMap { denials($0, name: name) }
        case .fields(let fields):
            let own = (fields["name"] ?? fields["topic"] ?? fields["resourceName"])?.string ?? name
            var found: [(code: Int64, name: String)] = []
            if let code = fields["errorCode"]?.integer, [29, 30, 31, 53, 65].contains(code) {
                found.append((code, code == 29 ? own ?? "" : ""))
            }
            return found + fields.all.flatMap { denials($0.value, name: own) }
        default: return []
        }
    }

    @Test func `no password, salt, proof or token can be found in what was observed`() throws {
        let recording = try Fixture.recording()
        let secrets = try Self.secrets(of: recording)
        #expect(secrets.count > 20)

        var text = ""
        for result in Fixture.replay(recording).values {
            for observation in result.observations { text += "\(observation)\n" }
        }
        for secret in secrets {
            let isThere = text.contains(secret)
            #expect(!isThere, "a secret of \(secret.utf8.count) bytes")
        }
        #expect(text.contains("alice"))
    }

    /// Taken from the recording itself: PLAIN's passwords; SCRAM's nonces, salts and proofs.
    private static func secrets(of recording: WireRecording) throws -> Set<String> {
        var secrets: Set<String> = []
        for frame in recording.entries.compactMap(\.frame) {
            if frame.prefix(2) == [0, 36] {
                let parts = frame.split(separator: 0, omittingEmptySubsequences: true)
                if let last = parts.last, parts.count >= 3 {
                    let password = String(decoding: last, as: UTF8.self)
                    if password.utf8.count >= 6, password.allSatisfy({ $0.isASCII }) { secrets.insert(password) }
                }
            }
            let text = String(decoding: frame, as: UTF8.self)
            // RFC 5802 §7: client-first and client-final in a request, server-first and server-final in an answer.
            let isSCRAM =
                text.contains("n,,n=") || text.contains("c=biws,r=") || text.contains(",s=") || text.contains("v=")
            guard isSCRAM, text.contains(",r=") || text.contains("r=") && text.contains(",i=") else { continue }
            for part in text.split(separator: ",") {
                guard let start = ["r=", "s=", "p=", "v="].firstIndex(where: { part.contains($0) }) else { continue }
                let value = part.split(separator: "=", maxSplits: 1).last.map(String.init) ?? ""
                if start >= 0, value.utf8.count >= 16, value.allSatisfy({ $0.isASCII && !$0.isWhitespace }) {
                    secrets.insert(value)
                }
            }
        }
        return secrets
    }

    @Test func `however the bytes are cut, the same goes on and the same is seen`() throws {
        let recording = try Fixture.recording()
        let whole = Self.summary(Fixture.replay(recording))

        #expect(Self.summary(Self.replay(recording) { _ in 1 }) == whole, "one byte at a time")
        for seed in UInt64(1)...8 {
            var generator = SeededGenerator(state: seed)
            let cut = Self.replay(recording) { Int.random(in: 1...min($0, 700), using: &generator) }
            #expect(Self.summary(cut) == whole, "seed \(seed)")
        }
    }

    /// Plays each frame in parts of the lengths that `next` gives for what is left.
    private static func replay(_ recording: WireRecording, _ next: (Int) -> Int) -> [Int: Replay.Result] {
        var replay = Replay(options: Fixture.options, connection: Fixture.connection)
        for entry in recording.entries {
            guard let frame = entry.frame else {
                replay.play(entry)
                continue
            }
            var left = framed(frame)[...]
            while !left.isEmpty {
                let part = left.prefix(next(left.count))
                left = left.dropFirst(part.count)
                replay.play(
                    Array(part),
                    of: entry.connection,
                    isFromClient: entry.isFromClient,
                    time: entry.time
                )
            }
        }
        return replay.finish(time: recording.entries.last?.time ?? 0)
    }

    private static func summary(_ results: [Int: Replay.Result]) -> [Int: [String]] {
        results.mapValues { result in
            [Hex.encode(result.toBroker), Hex.encode(result.toClient), "\(result.close as Any)", "\(result.nodes)"]
                + result.observations.map { "\($0)" }
        }
    }
}
