// SPDX-License-Identifier: Apache-2.0

/// Sizes for people.
enum ByteText {
    /// A count of bytes with three digits that mean something: `512 B`, `62.8 MB`, `1.20 GB`; powers of 1000.
    static func short(_ byteCount: Int) -> String {
        guard byteCount >= 1000 else { return "\(byteCount) B" }
        var value = Double(byteCount)
        var unit = ""
        for next in ["kB", "MB", "GB", "TB", "PB"] where value >= 999.5 {
            value /= 1000
            unit = next
        }
        return "\(fixed(value, digits: value < 9.995 ? 2 : value < 99.95 ? 1 : 0)) \(unit)"
    }

    /// A number with so many digits behind the point, 0 to 3.
    static func fixed(_ value: Double, digits: Int) -> String {
        let factor = [1, 10, 100, 1000][min(3, max(0, digits))]
        guard value.isFinite, value.magnitude < 1e15 else { return "–" }
        let scaled = Int((value.magnitude * Double(factor)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard factor > 1 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % factor)
        return "\(sign)\(scaled / factor).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
    }

    /// A bar of eighths of characters.
    ///
    /// - Parameters:
    ///   - fraction: 0 to 1.
    ///   - width: characters of the whole.
    /// - Returns: nothing for nothing, else at least an eighth.
    static func bar(_ fraction: Double, width: Int) -> String {
        guard fraction.isFinite, fraction > 0, width > 0 else { return "" }
        let eighths = max(1, Int((min(1, fraction) * Double(width) * 8).rounded()))
        let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        return String(repeating: "█", count: eighths / 8) + rest
    }
}

/// How many of a thing, in words.
enum Count {
    /// `1 event`, `2,000 events`.
    static func of(_ count: Int, _ thing: String) -> String {
        "\(ProgressBar.grouped(count)) \(thing)\(count == 1 ? "" : "s")"
    }
}
