// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Events one a line.
enum NDJSON {
    static func lines(of bytes: some Collection<UInt8>) -> [[UInt8]] {
        bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    static func joined(_ events: [[UInt8]], lineEnd: String = "\n") -> [UInt8] {
        events.flatMap { $0 + Array(lineEnd.utf8) }
    }
}

/// Events for tests.
enum Sample {
    /// An event with an id and, in it, a text.
    static func event(_ id: String, note: String = "", source: String = "crn://example.test/") -> [UInt8] {
        Array(
            """
            {"specversion":"1.0","id":"\(id)","source":"\(source)","type":"io.confluent.kafka.server/authorization",\
            "time":"2026-11-20T08:00:00.123456Z","data":{"serviceName":"\(source)kafka=lkc-test","methodName":\
            "kafka.CreateTopics","resourceName":"\(source)kafka=lkc-test/topic=orders","authenticationInfo":\
            {"principal":"User:sa-test"},"authorizationInfo":{"granted":true,"operation":"Create"},"note":"\(note)"}}
            """.utf8
        )
    }

    /// The same event over several lines.
    static func spread(_ event: [UInt8]) -> [UInt8] {
        Array(String(decoding: event, as: UTF8.self).replacing(",\"", with: ",\n  \"").utf8)
    }

    static func events(_ ids: Range<Int>, prefix: String = "event") -> [[UInt8]] {
        ids.map { event("\(prefix)-\($0)") }
    }

    /// The files of the example day, by name, and the events of each.
    static func exampleDay() throws -> [(path: String, events: [[UInt8]])] {
        let directory = EndToEnd.root.appending(path: "Examples/day")
        return try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "ndjson" }
            .sorted { $0.path < $1.path }
            .map { ($0.path, NDJSON.lines(of: try Data(contentsOf: $0))) }
    }

    /// Records that other products wrote, one a file, where they are to be had.
    static let recordDirectory = EndToEnd.root.deletingLastPathComponent().appending(path: "shared/fixtures/records")

    static var hasRecords: Bool { FileManager.default.fileExists(atPath: recordDirectory.path) }

    /// From the first brace to the last: what comes back.
    static func object(in file: URL) throws -> [UInt8] {
        object(in: try [UInt8](Data(contentsOf: file)))
    }

    static func object(in bytes: [UInt8]) -> [UInt8] {
        guard let start = bytes.firstIndex(of: UInt8(ascii: "{")), let end = bytes.lastIndex(of: UInt8(ascii: "}"))
        else {
            return []
        }
        return Array(bytes[start...end])
    }
}

/// The first place where two lists of events differ, in words; nil when they are equal.
///
/// For expectations: a list of bytes is no message for people.
func difference(_ found: [[UInt8]], _ expected: [[UInt8]]) -> String? {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(2000), as: UTF8.self) }
    for (place, (one, other)) in zip(found, expected).enumerated() where one != other {
        return "event \(place) is \(text(one)), not \(text(other))"
    }
    return found.count == expected.count ? nil : "\(found.count) events, not \(expected.count)"
}

/// Numbers that come again with their seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
