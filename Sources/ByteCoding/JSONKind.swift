// SPDX-License-Identifier: Apache-2.0

/// What kind of JSON value (RFC 8259) a stretch of text is.
///
/// Strings come in two kinds because most hold no escape: their bytes between the quotes are the value, and comparing
/// them needs no decoding.
package enum JSONKind: UInt8, Sendable {
    case string
    case escapedString
    case number
    case `true`
    case `false`
    case null
    case object
    case array

    /// Whether the value is text between quotes.
    package var isString: Bool { self == .string || self == .escapedString }

    /// Whether the value holds no other value.
    package var isScalar: Bool { self != .object && self != .array }
}
