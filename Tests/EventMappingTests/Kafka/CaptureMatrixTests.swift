// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Foundation
import Testing

struct CaptureMatrixTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/capture-kafka.md")
    private static let begin = "<!-- matrix: begin -->\n"
    private static let end = "\n<!-- matrix: end -->"

    @Test func `the page's matrix is that of the mapping`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin)).upperBound
        let end = try #require(text.range(of: Self.end, range: start..<text.endIndex)).lowerBound
        if ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] == "1" {
            try text.replacingCharacters(in: start..<end, with: CaptureMatrix.markdown)
                .write(to: Self.page, atomically: true, encoding: .utf8)
            return
        }

        #expect(text[start..<end] == CaptureMatrix.markdown, "UPDATE_FIXTURES=1 writes it anew")
    }
}
