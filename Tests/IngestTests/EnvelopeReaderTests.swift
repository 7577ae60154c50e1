// SPDX-License-Identifier: Apache-2.0

import EventScanner
import Testing

@testable import Ingest

@Suite struct EnvelopeReaderTests {
    @Test(arguments: [
        (#"{"id":"1","source":"s","type":"t"}"#, "missingAttribute", "specversion", 0),
        (#"{"specversion":"1.0","source":"s","type":"t"}"#, "missingAttribute", "id", 0),
        (#"{"specversion":"1.0","id":"1","type":"t"}"#, "missingAttribute", "source", 0),
        (#"  {"specversion":"1.0","id":"1","source":"s"}"#, "missingAttribute", "type", 2),
        (#"{"specversion":1.0,"id":"1","source":"s","type":"t"}"#, "invalidAttribute", "specversion", 15),
        (#"{"specversion":"1.0","id":"","source":"s","type":"t"}"#, "invalidAttribute", "id", 27),
        (#"{"specversion":"1.0","id":7,"source":"s","type":"t"}"#, "invalidAttribute", "id", 26),
        (#"{"specversion":"1.0","id":null,"source":"s","type":"t"}"#, "invalidAttribute", "id", 26),
        (#"{"specversion":"1.0","id":"1","source":{},"type":"t"}"#, "invalidAttribute", "source", 39),
        (#"{"specversion":"1.0","id":"1","source":"s","type":["t"]}"#, "invalidAttribute", "type", 50),
        (#"{"data":{"specversion":"1.0","id":"1","source":"s","type":"t"}}"#, "missingAttribute", "specversion", 0),
    ])
    func `the attributes that CloudEvents require are strings with something in them`(
        text: String,
        code: String,
        name: String,
        byteOffset: Int
    ) {
        let rejection = #expect(throws: Rejection.self) { try Self.read(text) }

        #expect(rejection?.code == code)
        #expect(rejection?.message.contains("\"\(name)\"") == true)
        #expect(rejection?.byteOffset == byteOffset)
    }

    @Test(arguments: [
        ("[]", ScanError.Code.notAnObject), ("", .empty), ("{", .truncated), ("{} {}", .trailingBytes),
        (#"{"id":"1","id":"2"}"#, .duplicateKey), ("\u{FEFF}{}", .notUTF8Encoded), ("{\"a\":1,}", .trailingComma),
    ])
    func `what is no strict object is rejected with the scanner's reason`(text: String, code: ScanError.Code) {
        let rejection = #expect(throws: Rejection.self) { try Self.read(text) }

        #expect(rejection?.reason == .scan(code))
    }

    @Test func `the event goes from brace to brace`() throws {
        let event = Samples.event()

        let envelope = try Self.read(" \t\(event)\r\n")

        #expect(envelope.range == 2..<2 + event.utf8.count)
    }

    @Test func `unknown types and members are nobody's business here`() throws {
        let members = #","data":[1],"subject":null,"x":{"id":2}"#

        _ = try Self.read(Samples.event(and: members))
    }

    // MARK: - Time

    @Test(arguments: [
        (#""1970-01-01T00:00:01Z""#, 1_000_000_000 as Int64?), (#""1970-01-01T00:00:00.123456789Z""#, 123_456_789),
        (#""1970-01-01T01:00:00+01:00""#, 0), (#""1970\u002d01-01T00:00:01Z""#, 1_000_000_000),
        (#""+999999999-12-31T23:59:59.999999999-18:00""#, .max), (#""yesterday""#, nil), (#""""#, nil), ("17", nil),
        ("null", nil), (#"{"seconds":1}"#, nil),
    ])
    func `time is read where it can be, and the event is taken anyway`(time: String, nanoseconds: Int64?) throws {
        let envelope = try Self.read(Samples.event(and: ",\"time\":\(time)"))

        #expect(envelope.time == nanoseconds)
    }

    @Test func `an event without time has none`() throws {
        #expect(try Self.read(Samples.event()).time == nil)
    }

    // MARK: - Hash

    @Test(arguments: [
        (#"caf\u00e9"#, "café"), (#"a\/b"#, "a/b"), (#"\ud83d\udc26"#, "🐦"), (#"\u0041"#, "A"),
        (#"a\"b"#, #"a\u0022b"#),
    ])
    func `escaped ids hash as what they stand for`(escaped: String, plain: String) throws {
        let left = try Self.read(Samples.event(escaped))
        let right = try Self.read(Samples.event(plain))

        #expect(left.keyHash == right.keyHash)
    }

    @Test func `an escaped source hashes as what it stands for`() throws {
        let left = try Self.read(Samples.event(source: #"crn:\/\/\/kafka=lkc-1"#))

        #expect(try left.keyHash == Self.read(Samples.event()).keyHash)
    }

    @Test func `submitter, source, id and seed each change the hash, and nothing else does`() throws {
        let hash = try Self.read(Samples.event()).keyHash

        #expect(try Self.read(Samples.event("2")).keyHash != hash)
        #expect(try Self.read(Samples.event(source: "other")).keyHash != hash)
        #expect(try Self.read(Samples.event(), submitter: "User:bob").keyHash != hash)
        #expect(try Self.read(Samples.event(), keySeed: 8).keyHash != hash)
        #expect(try Self.read(Samples.event(and: #","data":{"id":"2"}"#)).keyHash == hash)
        // Swapping the two is another event.
        let swapped = try Self.read(Samples.event("crn:///kafka=lkc-1", source: "1")).keyHash
        #expect(swapped != hash)
    }

    @Test func `nothing of one event is left for the next`() throws {
        let text = Array((Samples.event(and: #","time":"2026-01-01T00:00:00Z""#) + #"{"id":"2"}"#).utf8)
        var reader = EnvelopeReader(submitter: "User:alice", keySeed: 7, limits: ScanLimits())
        let end = try #require(text.firstIndex(of: UInt8(ascii: "}"))) + 1
        _ = try reader.read(text.span.bytes, in: 0..<end)

        var rejection: Rejection?
        do throws(Rejection) { _ = try reader.read(text.span.bytes, in: end..<text.count) } catch { rejection = error }

        #expect(rejection?.reason == .missingAttribute("specversion"))
    }

    private static func read(
        _ text: String,
        submitter: String = "User:alice",
        keySeed: UInt64 = 7
    ) throws(Rejection) -> EnvelopeReader.Envelope {
        let bytes = Array(text.utf8)
        var reader = EnvelopeReader(submitter: submitter, keySeed: keySeed, limits: ScanLimits())
        return try reader.read(bytes.span.bytes, in: 0..<bytes.count)
    }
}
