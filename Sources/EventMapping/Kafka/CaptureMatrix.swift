// SPDX-License-Identifier: Apache-2.0

/// What is captured of each API, as a table for people; made of the rows that the mapping works with.
package enum CaptureMatrix {
    /// A Markdown table: API, category, checks, what of the request goes into the event, and where it is seen.
    package static var markdown: String {
        let rows = KafkaAPI.all.sorted { $0.key < $1.key }.map(row)
        return (["| API | category | checks | of the request | of the answer |", "|---|---|---|---|---|"] + rows)
            .joined(separator: "\n")
    }

    private static func row(_ api: KafkaAPI) -> String {
        let checks = (api.checks + api.refusals).map { "\($0.resource.rawValue):\($0.operation.rawValue)" }
        let columns = [
            "\(api.key) `\(api.method)`", api.category.rawValue, list(checks), list(api.data.nodes.map(text)),
            list(api.result.nodes.map(text)),
        ]
        return "| " + columns.joined(separator: " | ") + " |"
    }

    private static func list(_ words: [String]) -> String {
        words.isEmpty ? "–" : words.joined(separator: ", ")
    }

    private static func text(_ node: Projection.Node) -> String {
        node.inner.isEmpty ? node.field : "\(node.field) (\(node.inner.map(text).joined(separator: ", ")))"
    }
}
