// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Foundation
import Testing

@Suite struct TimeZoneTests {
    private static let zones = [
        "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia", "America/Sao_Paulo", "Europe/Dublin", "UTC", "Asia/Gaza",
    ]

    /// Python's `zoneinfo` on the same instants: offsets at moments, and of local readings with `fold=0`.
    private static let program = """
        import sys, json, datetime, zoneinfo
        out = {}
        utc = datetime.timezone.utc
        epoch = datetime.datetime(1970, 1, 1)
        for name, seconds in json.load(sys.stdin).items():
            zone = zoneinfo.ZoneInfo(name)
            rows = []
            for second in seconds:
                local = epoch + datetime.timedelta(seconds=second)
                moment = local.replace(tzinfo=utc).astimezone(zone)
                reading = local.replace(tzinfo=zone)
                rows.append([int(moment.utcoffset().total_seconds()), int(reading.utcoffset().total_seconds())])
            out[name] = rows
        print(json.dumps(out))
        """

    @Test func `zones are read as Python reads them`() throws {
        var random = Generator(state: 3)
        var questions: [String: [Int]] = [:]
        var rules: [String: TimeZoneRule] = [:]
        for name in Self.zones {
            guard let bytes = try? Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")) else { continue }
            let rule = try #require(TimeZoneFile.rule(Array(bytes)))
            rules[name] = rule
            // 2007 to 2090, and around each change of 2026 to 2028, by minutes.
            var seconds = (0..<400).map { _ in Int.random(in: 1_170_000_000...3_780_000_000, using: &random) }
            for start in stride(from: 1_767_225_600, to: 1_861_920_000, by: 1800)
            where rule.offset(atUTC: Int64(start)) != rule.offset(atUTC: Int64(start + 1800)) {
                seconds += stride(from: start - 14_400, to: start + 50_400, by: 600)
            }
            questions[name] = seconds
        }
        let answers = try #require(try Self.python(questions))
        for (name, seconds) in questions {
            let rule = try #require(rules[name]), rows = try #require(answers[name])
            for (second, row) in zip(seconds, rows) {
                #expect(rule.offset(atUTC: Int64(second)) == row[0], "\(name) at \(second)")
                #expect(rule.offset(ofLocal: Int64(second)) == row[1], "\(name) showing \(second)")
            }
        }
    }

    private static func python(_ questions: [String: [Int]]) throws -> [String: [[Int]]]? {
        let process = Process(), input = Pipe(), output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(questions))
        try input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode([String: [[Int]]].self, from: data)
    }

    @Test(arguments: [("UTC", 0), ("Z", 0), ("+02:00", 7200), ("-0530", -19_800), ("+2", 7200), ("+14:00", 50_400)])
    func `fixed offsets`(text: String, seconds: Int) {
        #expect(TimeZoneRule(fixed: text)?.offset(ofLocal: 0) == seconds)
    }

    @Test(arguments: ["Europe/Berlin", "+2:0:0:0", "+99", "02:00", "", "+", "+02:60", "+-2"])
    func `other texts are no offsets`(text: String) {
        #expect(TimeZoneRule(fixed: text) == nil)
    }

    @Test func `every cut of a file is refused or read, and no byte crashes`() throws {
        guard let data = try? Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Europe/Berlin")) else { return }
        let bytes = Array(data)
        for count in 0..<bytes.count { _ = TimeZoneFile.rule(Array(bytes.prefix(count))) }
        var random = Generator(state: 5)
        for _ in 0..<3000 {
            var other = bytes
            for _ in 0..<3 {
                other[Int.random(in: 0..<other.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            _ = TimeZoneFile.rule(other)?.offset(ofLocal: 1_795_353_860)
        }
        #expect(TimeZoneFile.rule([]) == nil)
        #expect(TimeZoneFile.rule(Array(bytes.prefix(40))) == nil)
    }

    @Test func `a line has the time of its zone`() throws {
        let line =
            "[2026-07-22 13:24:20,529] INFO Principal = User:a is Denied Operation = Read from host = h on resource = Topic:o (kafka.authorizer.logger)"
        let rule = try #require(TimeZoneRule(fixed: "+02:00"))
        #expect(try Broker.authorizer([line], zone: rule).objects.first?.text("time") == "2026-07-22T11:24:20.529Z")
    }
}
