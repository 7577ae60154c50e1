// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import Testing
import TransparencyLog

/// Leaves of ours beside those of `leaf_vectors.py`, which shares nothing with our code.
@Suite(.enabled(if: LeafScript.isThere, "\(LeafScript.python) is not installed"))
struct LeafVectorsTests {
    @Test func `the worked bytes are the script's`() throws {
        let lines = try LeafScript.run(["--worked"], input: "")
        let ours = LogLeafTests.worked.map { [$0.leaf, $0.hash, $0.bodySalt, $0.provenanceSalt] }

        #expect(lines == ours.map { $0.joined(separator: "\t") })
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `leaves of any content are the script's`(seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        var input = ""
        var ours: [String] = []
        for _ in 0..<250 {
            let index = UInt64.random(in: 0...UInt64.max >> UInt64.random(in: 0...63, using: &random), using: &random)
            let stream: LeafStream = Bool.random(using: &random) ? .audit : .system
            let isConflict = Bool.random(using: &random)
            let received = Int64.random(in: .min ... .max, using: &random)
            let spanKey = random.bytes(32)
            let sourceSecret = random.bytes(32)
            let submitter = Self.text(&random)
            let origin = Self.text(&random)
            let position = random.bytes(.random(in: 0...300, using: &random))
            let body = Self.text(&random) + Self.text(&random)
            let (leaf, salts) = try Samples.leaf(
                at: index,
                stream: stream,
                isConflict: isConflict,
                received: received,
                submitter: submitter,
                origin: origin,
                position: position,
                body: body,
                spanKey: spanKey,
                sourceSecret: sourceSecret
            )
            let parts = [spanKey, sourceSecret, Array(submitter.utf8), Array(origin.utf8), position, Array(body.utf8)]
            let numbers = ["\(index)", "\(stream.rawValue)", isConflict ? "1" : "0", "\(received)"]
            input += (parts.map { Hex.encode($0) } + numbers).joined(separator: "\t") + "\n"
            let answer = [leaf.encoded(), leaf.hash.bytes, salts.body.bytes, salts.provenance.bytes]
            ours.append(answer.map { Hex.encode($0) }.joined(separator: "\t"))
        }

        let lines = try LeafScript.run([], input: input)

        try #require(lines.count == ours.count)
        for (line, own) in zip(lines, ours) { #expect(line == own) }
    }

    private static func text(_ random: inout SeededNumbers) -> String {
        let characters = Array("aé€😀:/\0 ")
        let count = Int.random(in: 0...Int.random(in: 0...300, using: &random), using: &random)
        return String((0..<count).map { _ in characters[Int.random(in: 0..<characters.count, using: &random)] })
    }
}

private enum LeafScript {
    static let python = ProcessInfo.processInfo.environment["MARTLET_PYTHON"] ?? "python3"

    static let isThere = (try? run(["--worked"], input: "")) != nil

    /// The lines that the script writes.
    static func run(_ arguments: [String], input: String) throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "leaf_vectors.py")
        // The input goes by way of a file: a pipe would fill up before the script has read it.
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-leaves-\(UUID().uuidString)")
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
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
