// SPDX-License-Identifier: Apache-2.0

/// A value of a document, such as one in YAML or JSON, from which a policy is read.
package indirect enum PolicyValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case float(Double)
    case string(String)
    case array([PolicyValue])
    /// In the order of the document.
    case map([Member])

    package struct Member: Equatable, Sendable {
        package let key: String
        package let value: PolicyValue

        package init(_ key: String, _ value: PolicyValue) {
            self.key = key
            self.value = value
        }
    }

    /// What kind of value it is, for messages.
    var kind: String {
        switch self {
        case .null: "nothing"
        case .bool: "a boolean"
        case .integer: "a whole number"
        case .float: "a number"
        case .string: "a text"
        case .array: "a list"
        case .map: "a map"
        }
    }
}

/// Why a document is no policy.
package struct PolicyError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        /// A key that has no meaning here.
        case unknownKey
        /// A key that is there twice.
        case repeatedKey
        case missingKey
        /// A value of another kind, or out of range.
        case wrongValue
        /// A name of a category, method or action that does not exist.
        case unknownName
        /// A text that is no pattern over CRNs.
        case wrongPattern
        /// More than may be there.
        case tooMany
    }

    package let code: Code
    /// As in `rules[2].categories[0]`; empty for the document itself.
    package let path: String
    /// What is wrong.
    package let message: String
    /// What may stand there.
    package let expected: String

    package var description: String {
        "\(path.isEmpty ? "the policy" : path): \(message); \(expected)"
    }
}
