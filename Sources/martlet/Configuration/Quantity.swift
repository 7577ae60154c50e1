// SPDX-License-Identifier: Apache-2.0

/// Lengths of time and numbers of bytes as people write them.
enum Quantity {
    private static let nanosecondsOfUnit: [String: Int64] = [
        "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000, "d": 86_400_000_000_000,
        "w": 604_800_000_000_000, "y": 31_557_600_000_000_000,
    ]
    private static let bytesOfUnit: [String: Int] = [
        "": 1, "B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]

    /// `90d` as nanoseconds; nil for anything else, and for nothing at all.
    ///
    /// A year has 365.25 days.
    static func nanoseconds(_ text: String) -> Int64? {
        let (number, unit) = parts(text)
        guard let number = Int64(number), number > 0, let factor = nanosecondsOfUnit[unit] else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// `512MiB` as bytes.
    static func bytes(_ text: String) -> Int? {
        let (number, unit) = parts(text)
        guard let number = Int(number), number > 0, let factor = bytesOfUnit[unit] else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    private static func parts(_ text: String) -> (number: String, unit: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        return (String(digits), text.dropFirst(digits.count).trimmingPrefix(while: { $0 == " " }).description)
    }
}
