// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner
import Foundation
import Testing

/// The same texts given to our scanner and to orjson, a reader of JSON in Rust, by way of `orjson_oracle.py`.
@Suite(.enabled(if: OrjsonOracle.isInstalled, "orjson is not installed for \(OrjsonOracle.python)"))
struct OrjsonComparisonTests {
    @Test func `verdict and values are orjson's`() throws {
        var texts = (RejectedText.all.map(\.text) + AcceptedText.all.map(\.text)).map { Notation($0).bytes }
        for seed in 1000..<1050 as Range<UInt64> {
            var random = RandomText(seed: seed)
            for _ in 0..<40 {
                let text = random.object()
                texts.append(text)
                texts.append(random.mutated(text))
                texts += WholeEvent.all.map { random.mutated($0) }
            }
        }

        let answers = try OrjsonOracle.answers(to: texts)

        try #require(answers.count == texts.count)
        var scanner = ObjectScanner(PathTable([]), wantsEveryScalar: true)
        for (text, answer) in zip(texts, answers) {
            let verdict = scan(text, with: &scanner)
            if answer == "-", case .valid(_, let found) = verdict, hasNumberOutOfRange(found, of: text) { continue }
            let ours = Self.answer(of: verdict, text)
            #expect(ours == answer, "\(Hex.encode(text)) = \(String(decoding: text, as: UTF8.self))")
        }
    }

    /// Our verdict as the script writes its own.
    private static func answer(of verdict: Verdict, _ text: [UInt8]) -> String {
        guard case .valid(_, let found) = verdict else { return "-" }
        let scalars = found.map { hit in
            switch hit.kind {
            case .string, .escapedString:
                "s" + Hex.encode(JSONString.decode(Array(text[hit.range]).span).utf8)
            case .true: "t"
            case .false: "f"
            case .null: "z"
            case .number, .object, .array: "n"
            }
        }
        return (["+"] + scalars).joined(separator: "\t")
    }
}

private enum OrjsonOracle {
    /// The interpreter with the packages of `Tests/requirements.txt`, when `make` runs the tests.
    static let python = ProcessInfo.processInfo.environment["MARTLET_PYTHON"] ?? "python3"

    static let isInstalled = (try? run(["-c", "import orjson"], input: Data()))?.status == 0

    static func answers(to texts: [[UInt8]]) throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "orjson_oracle.py")
        let lines = texts.map { Hex.encode($0) + "\n" }.joined()
        let (status, output) = try run([script.path], input: Data(lines.utf8))
        try #require(status == 0)
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func run(_ arguments: [String], input: Data) throws -> (status: Int32, output: Data) {
        // The input goes by way of a file: a pipe would fill up before the script has read it.
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-orjson-\(UUID().uuidString)")
        try input.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python] + arguments
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, data)
    }
}
