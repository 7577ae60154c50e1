// SPDX-License-Identifier: Apache-2.0

/// Writes Prometheus' text exposition format, version 0.0.4.
///
/// Lines end in LF. A metric is `# HELP name text` (where there is one), `# TYPE name kind`, then its samples
/// `name{label="value",…} number`. A histogram's `_bucket` lines are cumulative; the last has `le="+Inf"` and equals
/// `_count`. Source: prometheus.io, "Exposition formats", "Text-based format".
struct ExpositionText {
    private(set) var text = ""

    mutating func append(_ family: Family, name: String, help: String?) {
        if let help { text += "# HELP \(name) \(ExpositionText.escaped(help, quotes: false))\n" }
        text += "# TYPE \(name) \(family.kind.rawValue)\n"
        for (labels, series) in family.series.sorted(by: { $0.key.text < $1.key.text }) {
            let value = series.value
            if family.kind == .histogram {
                append(value, bounds: series.bounds, name: name, labels: labels.text)
            } else {
                append(name, labels.text, ExpositionText.number(value.number))
            }
        }
    }

    private mutating func append(_ histogram: Series.Value, bounds: [Double], name: String, labels: String) {
        let prefix = labels.isEmpty ? "" : labels + ","
        var cumulative: UInt64 = 0
        for (bound, count) in zip(bounds + [.infinity], histogram.counts) {
            cumulative += count
            append(name + "_bucket", "\(prefix)le=\"\(ExpositionText.number(bound))\"", String(cumulative))
        }
        append(name + "_sum", labels, ExpositionText.number(histogram.number))
        append(name + "_count", labels, String(cumulative))
    }

    private mutating func append(_ name: String, _ labels: String, _ number: String) {
        text += labels.isEmpty ? "\(name) \(number)\n" : "\(name){\(labels)} \(number)\n"
    }

    // MARK: - Parts

    /// A number as Go's `ParseFloat` reads it, whole ones without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return value.description
    }

    /// Text with `\`, LF and, in a label's value, `"` escaped.
    static func escaped(_ value: String, quotes: Bool) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
