// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// How a run of a program ended and what it wrote.
struct CommandResult: Sendable {
    let status: Int32
    let output: [UInt8]
    let error: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// Lines of the output, without their ends and without an empty one behind the last.
    var lines: [[UInt8]] { NDJSON.lines(of: output) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(output))
    }
}

/// Runs `martlet` to its end.
///
/// Variables of the environment that begin with `MARTLET_` do not reach it, unless they are given here.
@discardableResult
func martlet(
    _ arguments: String...,
    input: [UInt8]? = nil,
    environment: [String: String] = [:],
    expecting status: Int32? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> CommandResult {
    let result = try await run(EndToEnd.binary.path, arguments, input: input, environment: environment)
    if let status {
        #expect(result.status == status, "\(arguments): \(result.error)", sourceLocation: sourceLocation)
    }
    return result
}

/// Runs a program to its end.
///
/// A status above 255 is 256 and the signal that ended it.
func run(
    _ executable: String,
    _ arguments: [String],
    input: [UInt8]? = nil,
    environment: [String: String] = [:]
) async throws -> CommandResult {
    let scratch = try Scratch()
    let child = try ChildProcess(
        executable,
        arguments,
        environment: cleanEnvironment(adding: environment),
        input: try input.map { try scratch.file("input", $0) },
        output: scratch.path("output"),
        error: scratch.path("error")
    )
    let status: Int32 =
        switch await child.wait() {
        case .exited(let status): status
        case .killed(let signal): 256 + signal
        }
    return CommandResult(
        status: status,
        output: try scratch.bytes(of: "output"),
        error: String(decoding: try scratch.bytes(of: "error"), as: UTF8.self)
    )
}

/// What a child gets: where programs are, and nothing that would configure ours.
func cleanEnvironment(adding variables: [String: String] = [:]) -> [String: String] {
    let kept = EndToEnd.environment.filter { !$0.key.hasPrefix("MARTLET_") && $0.key != "COLUMNS" }
    return kept.merging(variables) { $1 }
}
