// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Runs what README.md tells people to type, and compares what comes out with what is printed there.
///
/// Each ```` ```sh ```` block is run by the shell, one after the other, against a server with the example day in it; a
/// ```` ```text ```` block right behind is its standard output. A block whose last line before the fence is
/// `<!-- not run: reason -->` is left out.
@Suite struct ReadmeTests {
    private struct Command {
        let script: String
        /// Number of its fence in the file.
        let line: Int
        /// nil when the README shows no output.
        let expected: String?
        let reasonNotToRun: String?
    }

    private let commands: [Command]

    init() throws {
        let blocks = Markdown(try Repository.text(of: "README.md")).blocks
        commands = blocks.indices.compactMap { place -> Command? in
            let block = blocks[place]
            guard block.language == "sh" else { return nil }
            let next = place + 1 < blocks.count ? blocks[place + 1] : nil
            let isOutput = next.map { $0.language == "text" && $0.lead.isEmpty } ?? false
            return Command(
                script: block.text,
                line: block.line,
                expected: isOutput ? next?.text : nil,
                reasonNotToRun: block.lead.last.flatMap { $0.firstMatch(of: /^<!-- not run: (.+) -->$/) }.map {
                    String($0.output.1)
                }
            )
        }
    }

    @Test(.timeLimit(.minutes(20))) func `every command works and prints what the page shows`() async throws {
        let empty = try Shell()
        defer { empty.remove() }
        let (server, url) = try await empty.start(
            "martlet serve --data served --port 0 --allow-anonymous-loopback",
            until: "listening on "
        )
        defer {
            server.terminate()
            server.waitUntilExit()
        }
        let shell = empty.with("MARTLET_SERVER", url)
        let ingested = try await shell.run("martlet ingest Examples/day/*.ndjson")
        try #require(ingested.status == 0, "\(ingested.errors)")

        for command in commands where command.reasonNotToRun == nil {
            let result = try await shell.run(command.script)

            #expect(result.status == 0, "README.md:\(command.line): \(result.errors)")
            guard let expected = command.expected else { continue }
            #expect(lines(of: result.output) == lines(of: expected), "README.md:\(command.line)")
        }
    }

    @Test func `only what cannot be run is left out`() {
        let left = commands.filter { $0.reasonNotToRun != nil }

        #expect(left.count <= 3, "\(left.map(\.script))")
        #expect(left.first?.script.split(separator: "\n") == ["make run", "make test"])
    }

    @Test func `the commands that make run suggests are those of the story`() throws {
        let suggested = try Repository.text(of: "Examples/day/try.txt")
            .split(separator: "\n").map { String($0).replacing(".build/release/martlet", with: "martlet") }
        let shown = commands.filter { $0.expected != nil }.flatMap { $0.script.split(separator: "\n").map(String.init) }

        #expect(suggested.count == 3)
        for command in suggested { #expect(shown.contains(command), "not in README.md with its output: \(command)") }
    }

    /// Without spaces at the ends of lines, and without empty lines at the end.
    private func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            var line = line
            while line.last == " " { line.removeLast() }
            return String(line)
        }
        while lines.last == "" { lines.removeLast() }
        return lines
    }
}
