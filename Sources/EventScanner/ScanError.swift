// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not an event, and where.
package struct ScanError: Error, Equatable, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        /// Nothing but white space.
        case empty
        /// A byte order mark, or UTF-16 or UTF-32: events are UTF-8 without a mark (RFC 8259 §8.1).
        case notUTF8Encoded
        /// JSON, but not an object.
        case notAnObject
        /// The text ended inside a value.
        case truncated
        /// Something follows the object.
        case trailingBytes
        /// A byte that no rule of RFC 8259 allows here.
        case unexpectedByte
        /// A comma before a closing bracket.
        case trailingComma
        /// A literal other than `true`, `false` and `null`, such as `NaN` or `None`.
        case invalidLiteral
        /// A number that RFC 8259 §6 does not allow: `01`, `+1`, `.5`, `1.`, `0x1`.
        case invalidNumber
        /// A byte below 0x20 inside a string.
        case controlCharacter
        /// A backslash before something that it does not escape.
        case invalidEscape
        /// Half of a surrogate pair: no text has that value.
        case loneSurrogate
        /// Bytes that are not UTF-8: overlong, a surrogate, above U+10FFFF, or cut short.
        case invalidUTF8
        /// The same key twice in one object, compared after unescaping.
        case duplicateKey
        case tooLong
        case tooDeep
        case tooManyKeys
        case tooManyValues
        case keyTooLong
    }

    package let code: Code

    /// Offset of the offending byte in the bytes that were handed over.
    package let byteOffset: Int

    package init(_ code: Code, at byteOffset: Int) {
        self.code = code
        self.byteOffset = byteOffset
    }

    /// One sentence for the sender.
    package var message: String {
        switch code {
        case .empty: "there is no event here"
        case .notUTF8Encoded: "events are UTF-8 without a byte order mark"
        case .notAnObject: "an event is one JSON object"
        case .truncated: "the text ends inside a value"
        case .trailingBytes: "more bytes follow the end of the object"
        case .unexpectedByte: "this byte is not allowed here"
        case .trailingComma: "a comma stands before a closing bracket"
        case .invalidLiteral: "only true, false and null may stand unquoted"
        case .invalidNumber: "this is not a JSON number"
        case .controlCharacter: "a control character stands unescaped inside a string"
        case .invalidEscape: "this escape does not exist in JSON"
        case .loneSurrogate: "half of a surrogate pair stands alone"
        case .invalidUTF8: "these bytes are not UTF-8"
        case .duplicateKey: "this key occurs twice in its object"
        case .tooLong: "the event is longer than the limit"
        case .tooDeep: "objects and arrays are nested deeper than the limit"
        case .tooManyKeys: "an object has more members than the limit"
        case .tooManyValues: "the event has more values than the limit"
        case .keyTooLong: "a key is longer than the limit"
        }
    }
}
