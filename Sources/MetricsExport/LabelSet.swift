// SPDX-License-Identifier: Apache-2.0

/// The labels of a series, valid and sorted by name, so that equal sets are equal in any order.
struct LabelSet: Hashable, Sendable {
    /// As the format writes them between the braces, without a trailing comma: `a="1",b="2"`.
    let text: String

    static let empty = LabelSet(text: "")
    static let overflow = LabelSet(text: "overflow=\"true\"")

    private init(text: String) {
        self.text = text
    }

    /// The first of labels whose names become the same wins.
    init(_ dimensions: [(String, String)], kind: MetricKind, limits: Limits) {
        var values: [String: String] = [:]
        for (name, value) in dimensions {
            let valid = MetricName.label(name, kind: kind)
            if values[valid] == nil { values[valid] = LabelSet.cut(value, to: limits.maximumLabelValueBytes) }
        }
        text = values.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(ExpositionText.escaped($0.value, quotes: true))\"" }
            .joined(separator: ",")
    }

    private static func cut(_ value: String, to byteCount: Int) -> String {
        guard value.utf8.count > byteCount else { return value }
        var shorter = ""
        var count = 0
        for scalar in value.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= byteCount else { break }
            shorter.unicodeScalars.append(scalar)
        }
        return shorter
    }
}
