// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import KafkaProtocol
import Testing

/// `kio_messages.py`: messages and values that have nothing of our code.
enum Kio {
    static let python = ProcessInfo.processInfo.environment["MARTLET_PYTHON"] ?? "python3"

    static let isThere = (try? run(["decode"], input: "")) != nil

    /// One message as kio made it.
    struct Sample {
        let api: APIKey
        let version: Int16
        let direction: MessageDirection
        var bytes: [UInt8]
        let shown: Substring

        var name: String { "\(api.name ?? "?") \(version) \(direction)" }

        /// An answer with its header.
        var answer: [UInt8] {
            let hasTags = MessageLayouts.hasTaggedAnswerHeader(api, version: version)
            return [0, 0, 0, 7] + (hasTags ? [0] : []) + bytes
        }

        func decoded(_ keeping: MessageDecoder.Keeping = .everything) throws -> KafkaFields {
            try MessageDecoder().decode(bytes.span.bytes, api, version: version, direction, keeping: keeping)
        }
    }

    static func samples(seed: String, countOfEach: Int) throws -> [Sample] {
        try run(["random", seed, "\(countOfEach)"], input: "").map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            return Sample(
                api: APIKey(rawValue: try #require(Int16(words[0]))),
                version: try #require(Int16(words[1])),
                direction: words[2] == "q" ? .request : .answer,
                bytes: try #require(Hex.decode(words[3])),
                shown: words[4]
            )
        }
    }

    /// What the script says of whole answers.
    static func ask(
        _ question: String,
        about answers: [(api: APIKey, version: Int16, bytes: [UInt8])]
    ) throws -> [String] {
        let lines = answers.map { "\($0.api.rawValue) \($0.version) a \(Hex.encode($0.bytes))\n" }
        return try run([question], input: lines.joined())
    }

    /// The lines that the script writes.
    private static func run(_ arguments: [String], input: String) throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "kio_messages.py")
        // The input goes by way of a file: a pipe would fill up before the script has read it.
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-kafka-\(UUID().uuidString)")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, script.path] + arguments
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }
}

/// Values in the spelling of `kio_messages.py`.
struct Shown {
    private(set) var text = ""

    init(_ fields: KafkaFields) {
        text.reserveCapacity(256)
        add(fields)
    }

    private mutating func add(_ fields: KafkaFields) {
        text += "{"
        for (index, field) in fields.all.enumerated() {
            if index > 0 { text += "," }
            let name = field.name.lowercased()
            text += name.hasSuffix("ms") ? String(name.dropLast(2)) : name
            text += ":"
            add(field.value)
        }
        text += "}"
    }

    private mutating func add(_ value: KafkaValue) {
        switch value {
        case .null: text += "~"
        case .bool(let value): text += value ? "t" : "f"
        case .integer(let value): text += "\(value)"
        case .float(let value): text += "d" + Self.hex(value.bitPattern)
        case .uuid(let value): text += "u" + Self.hex(value.high) + Self.hex(value.low)
        case .string(let value): text += "s" + Hex.encode(Array(value.utf8))
        case .byteCount(let count): text += "b\(count)"
        case .withheld: text += "*"
        case .fields(let fields): add(fields)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                add(value)
            }
            text += "]"
        }
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
