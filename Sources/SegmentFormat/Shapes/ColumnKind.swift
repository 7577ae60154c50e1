// SPDX-License-Identifier: Apache-2.0

/// What the values of a column are, and so how their text is made of what is stored.
///
/// A kind is chosen only when the text of *every* value of the column is made again, byte for byte, from what is stored;
/// otherwise the column is text, which needs no making.
package enum ColumnKind: Sendable, Equatable, Hashable {
    /// The JSON text of a string between its quotes, escapes as they came, or of a number.
    case text
    /// The JSON text of an object or array.
    case json
    /// 16 bytes; printed as lower-case digits in groups of 8, 4, 4, 4 and 12.
    case uuid
    /// Bytes; printed as lower-case digits, two a byte.
    case hexadecimal
    /// Ticks since 1970-01-01T00:00:00Z; printed as RFC 3339 in UTC with `T`, `Z` and this many digits of fraction.
    ///
    /// A tick is a millisecond for 0 to 3 digits, a microsecond for 4 to 6, a nanosecond for 7 to 9.
    case time(fractionDigits: UInt8)
    /// A number of 64 bits; printed in decimal without leading zeros, `-0` or `+`.
    case integer

    /// How the kind is written: a code and a parameter.
    var encoded: (code: UInt8, parameter: UInt8) {
        switch self {
        case .text: (0, 0)
        case .json: (1, 0)
        case .uuid: (2, 0)
        case .hexadecimal: (3, 0)
        case .time(let digits): (4, digits)
        case .integer: (5, 0)
        }
    }

    init?(code: UInt8, parameter: UInt8) {
        switch (code, parameter) {
        case (0, 0): self = .text
        case (1, 0): self = .json
        case (2, 0): self = .uuid
        case (3, 0): self = .hexadecimal
        case (4, 0...9): self = .time(fractionDigits: parameter)
        case (5, 0): self = .integer
        default: return nil
        }
    }
}

/// In which forms the values of a column stand in the events.
package struct LeafForms: OptionSet, BitwiseCopyable, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let string = LeafForms(rawValue: 1)
    package static let number = LeafForms(rawValue: 2)
    /// An object or array as one value.
    package static let json = LeafForms(rawValue: 4)
    /// Whole events that have no shape.
    package static let event = LeafForms(rawValue: 8)

    static let all: LeafForms = [.string, .number, .json, .event]
}
