// SPDX-License-Identifier: Apache-2.0

/// Names of metrics as the format and Prometheus' conventions want them.
enum MetricName {
    /// The exported name: `[a-zA-Z_:][a-zA-Z0-9_:]*`, everything else replaced by `_`.
    ///
    /// Counters end in `_total`, and a name does not get a suffix twice.
    static func exported(_ label: String, kind: MetricKind) -> String {
        var name = sanitized(label, allowing: UInt8(ascii: ":"))
        if name.hasSuffix("_seconds_seconds") { name.removeLast("_seconds".count) }
        if kind == .counter, !name.hasSuffix("_total") { name += "_total" }
        return name
    }

    /// Names of the lines that a metric writes.
    static func samples(_ name: String, kind: MetricKind) -> [String] {
        kind == .histogram ? [name, name + "_bucket", name + "_sum", name + "_count"] : [name]
    }

    /// A label's name: `[a-zA-Z_][a-zA-Z0-9_]*`.
    ///
    /// Two leading underscores are Prometheus' own, and `le` is the bucket's.
    static func label(_ name: String, kind: MetricKind) -> String {
        let valid = sanitized(name)
        let rest = valid.drop { $0 == "_" }
        let single = valid.hasPrefix("__") ? "_" + rest : valid
        return single == "le" && kind == .histogram ? "exported_le" : single
    }

    private static func sanitized(_ text: String, allowing extra: UInt8? = nil) -> String {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            // One underscore for each scalar, not for each byte of it.
            let byte = scalar.isASCII ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "_")
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if bytes.isEmpty { bytes.append(UInt8(ascii: "_")) }
                bytes.append(byte)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                bytes.append(byte)
            default:
                bytes.append(byte == extra ? byte : UInt8(ascii: "_"))
            }
        }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }
}
