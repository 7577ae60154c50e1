// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct DocumentTests {
    @Test func `every relative link leads somewhere`() throws {
        for file in try Repository.files(suffix: ".md") {
            for (line, target) in Markdown(try String(contentsOf: file, encoding: .utf8)).links {
                let place = "\(Repository.name(of: file)):\(line)"
                guard !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
                let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let path = String(parts[0])
                let destination = path.isEmpty ? file : file.deletingLastPathComponent().appending(path: path)
                #expect(Repository.exists(destination), "\(place): \(target) does not exist")
                guard parts.count == 2, destination.pathExtension == "md", Repository.exists(destination) else {
                    continue
                }
                let anchors = Markdown(try String(contentsOf: destination, encoding: .utf8)).anchors
                #expect(anchors.contains(String(parts[1])), "\(place): \(target) names no heading")
            }
        }
    }

    @Test(arguments: [("README.md", 200), ("ARCHITECTURE.md", 400)])
    func `the front pages stay short`(path: String, maximumLineCount: Int) throws {
        #expect(try lineCount(of: Repository.text(of: path)) <= maximumLineCount)
    }

    @Test func `every target in Swift has a landing page of at most 60 lines`() throws {
        for target in try Repository.directories(in: "Sources")
        where try !Repository.files(in: "Sources/\(target)", suffix: ".swift").isEmpty {
            let path = "Sources/\(target)/\(target).docc/\(target).md"
            let page = (try? Repository.text(of: path)) ?? ""

            #expect(page.hasPrefix("# ``\(target)``\n"), "\(path) begins with the target's name")
            #expect(page.contains("\n## May import\n"), "\(path) says what may be imported")
            #expect(lineCount(of: page) <= 60, "\(path) is too long")
        }
    }

    @Test func `headings become anchors as GitHub makes them`() {
        let page = Markdown("# Life of an event\n## `martlet serve`: start\n```sh\n# no heading\n```\n")

        #expect(page.anchors == ["life-of-an-event", "martlet-serve-start"])
    }

    @Test func `links are found outside of code`() {
        let page = Markdown("[a](b.md) `[c](d)` [`e`](f.md#g)\n```\n[h](i)\n```\n")

        #expect(page.links.map(\.target) == ["b.md", "f.md#g"])
    }

    private func lineCount(of text: String) -> Int {
        text.count { $0 == "\n" }
    }
}
