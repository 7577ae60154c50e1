// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import martlet

@Suite struct SettingsTests {
    /// Where the port stands, and what wins.
    @Test(arguments: [
        ([] as [String], "8080", "default"), (["file"], "1003", "file"),
        (["environment"], "1002", "$MARTLET_HTTP_PORT"),
        (["environment", "file"], "1002", "$MARTLET_HTTP_PORT"), (["flag"], "1001", "--port"),
        (["flag", "file"], "1001", "--port"), (["flag", "environment", "file"], "1001", "--port"),
    ])
    func `flags win over the environment, that over the file, and all over defaults`(
        places: [String],
        value: String,
        origin: String
    ) throws {
        let settings = try Self.settings(
            flags: places.contains("flag") ? ["http.port": ("--port", "1001")] : [:],
            file: places.contains("file") ? "http:\n  port: 1003\n" : "",
            environment: places.contains("environment") ? ["MARTLET_HTTP_PORT": "1002"] : [:]
        )

        #expect(settings.faults == [])
        let found = try #require(settings.value(of: .port))
        #expect(found.text == value)
        #expect(origin == "file" ? found.origin.hasSuffix("martlet.yaml") : found.origin == origin)
        #expect(settings.integer(.port) == Int(value))
    }

    @Test(arguments: Setting.all.map(\.key))
    func `every setting is read from each of its places`(key: String) throws {
        let setting = try #require(Setting.all.first { $0.key == key })
        let value =
            switch setting.kind {
            case .text: "/some/text"
            case .integer(let range): String(range.lowerBound + 1)
            case .boolean: "true"
            case .choice(let choices): choices.last ?? ""
            case .duration(_, let longest): longest < .max ? "90s" : "90d"
            case .bytes: "4GiB"
            }
        let parts = key.split(separator: ".")
        let lines = parts.enumerated().map { depth, part in String(repeating: "  ", count: depth) + part }
        let file = lines.joined(separator: ":\n") + ": \"\(value)\"\n"

        let fromFlag = try Self.settings(flags: [key: ("--flag", value)])
        let fromVariable = try Self.settings(environment: [setting.environmentVariable: value])
        let fromFile = try Self.settings(file: file)

        #expect(fromFlag.text(setting) == value)
        #expect(fromVariable.text(setting) == value)
        #expect(fromFile.text(setting) == value)
        #expect(fromFlag.faults + fromVariable.faults + fromFile.faults == [])
    }

    @Test func `a bad value is named with its place, and hides nothing behind it`() throws {
        let settings = try Self.settings(
            flags: ["http.port": ("--port", "eighty")],
            file: "log:\n  level: loud\n",
            environment: ["MARTLET_ACCESS_ALLOW_ANONYMOUS_LOOPBACK": "yes", "MARTLET_HTTP_PORT": "80"]
        )

        #expect(settings.faults.count == 3)
        #expect(settings.faults.contains { $0.hasPrefix(#"http.port = "eighty" (--port): "#) })
        #expect(settings.faults.contains { $0.contains("$MARTLET_ACCESS_ALLOW_ANONYMOUS_LOOPBACK") })
        #expect(settings.faults.contains { $0.hasPrefix(#"log.level = "loud" ("#) && $0.contains("martlet.yaml") })
    }

    @Test func `a key that nobody knows is a fault`() throws {
        let settings = try Self.settings(file: "http:\n  prot: 80\nhttps: true\n")

        #expect(settings.faults.count == 2)
        #expect(settings.faults.contains { $0.hasPrefix("http.prot (") })
        #expect(settings.faults.contains { $0.hasPrefix("https (") })
    }

    @Test(arguments: ["{\"http\":{\"port\":90}}", "http: {port: 90}", "http.port: 90", "---\nhttp:\n  port: '90'\n"])
    func `YAML in any style and JSON are the same`(file: String) throws {
        let settings = try Self.settings(file: file)

        #expect(settings.faults == [])
        #expect(settings.integer(.port) == 90)
    }

    @Test(arguments: ["- 1\n", "http:\n  - port\n", "just text", "http: [", "\"a\": {\n"])
    func `something else is no configuration`(file: String) {
        let failure = #expect(throws: CommandFailure.self) { try Self.settings(file: file) }

        #expect(failure?.status == .usage)
    }

    @Test func `a missing file is told`() {
        #expect(throws: CommandFailure.self) {
            try Settings(flags: [:], file: "/nowhere/martlet.yaml", environment: [:])
        }
    }

    @Test func `a setting without a value has none`() throws {
        let settings = try Self.settings()

        #expect(settings.text(.data) == nil)
        #expect(settings.boolean(.allowsAnonymousLoopback) == false)
        #expect(settings.faults == [])
    }

    private static func settings(
        flags: [String: (flag: String, value: String)] = [:],
        file: String = "",
        environment: [String: String] = [:]
    ) throws -> Settings {
        guard !file.isEmpty else { return try Settings(flags: flags, file: nil, environment: environment) }
        let directory = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "martlet.yaml")
        try Data(file.utf8).write(to: path)
        return try Settings(flags: flags, file: path.path, environment: environment)
    }
}
