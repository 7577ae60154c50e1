// SPDX-License-Identifier: Apache-2.0

/// A length of time as people write it, such as `90m`.
package struct TimeStep: Hashable, Sendable {
    /// At least 1 s, at most 366 d.
    package let nanoseconds: Int64

    /// As it was written, without leading zeros.
    package let description: String

    /// Reads a whole number and one of the units `s m h d w`; nil for other text, and for a length
    /// outside the limits.
    package init?(_ text: String) {
        guard let letter = text.utf8.last, let unit = Self.seconds(letter),
            let amount = WholeNumber.read(text.dropLast()), amount > 0
        else { return nil }
        let (seconds, overflow) = Int64(amount).multipliedReportingOverflow(by: unit)
        let limits = QueryLimits.minimumStepSeconds...QueryLimits.maximumStepSeconds
        guard !overflow, limits.contains(seconds) else { return nil }
        nanoseconds = seconds * 1_000_000_000
        description = "\(amount)\(text.suffix(1))"
    }

    private static func seconds(_ letter: UInt8) -> Int64? {
        switch letter {
        case UInt8(ascii: "s"): 1
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "h"): 3_600
        case UInt8(ascii: "d"): 86_400
        case UInt8(ascii: "w"): 604_800
        default: nil
        }
    }
}

extension TimeStep: CustomStringConvertible {}

/// Whole numbers behind pipes.
enum WholeNumber {
    /// Reads digits and nothing else, not even a sign; nil for other text and more than 9 digits.
    static func read(_ text: some StringProtocol) -> Int? {
        guard text.utf8.count <= 9, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }
}
