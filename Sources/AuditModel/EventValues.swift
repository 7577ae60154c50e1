// SPDX-License-Identifier: Apache-2.0

package import ByteCoding

/// One JSON value of an event.
package struct JSONText: Equatable, Sendable {
    package let kind: JSONKind

    /// A string's value with its escapes resolved; of anything else the text as it stands in the
    /// record.
    ///
    /// A number is therefore never rounded: ids above 2^53 keep all their digits.
    package let text: String

    package init(kind: JSONKind, text: String) {
        self.kind = kind
        self.text = text
    }
}

/// The values that a scanner found in an event, by place.
package protocol EventValues {
    /// The value at a place that comes first in the document, of any kind.
    func first(_ path: AuditPath) -> JSONText?

    /// All values at a place, in the order of the document.
    func all(_ path: AuditPath) -> [JSONText]
}

extension EventValues {
    /// The first value at a place that says something.
    func text(_ path: AuditPath) -> String? {
        guard let first = first(path) else { return nil }
        if let text = first.content { return text }
        for other in all(path) {
            if let text = other.content { return text }
        }
        return nil
    }

    /// The first text at the first of the places that has one.
    func text(_ paths: [AuditPath]) -> String? {
        for path in paths {
            if let text = text(path) { return text }
        }
        return nil
    }

    /// All texts at a place.
    func texts(_ path: AuditPath) -> [String] {
        all(path).compactMap(\.content)
    }
}

extension JSONText {
    /// The text of a scalar; nil for `null`, `""`, objects and arrays.
    ///
    /// The compatibility policy of the records lets a writer leave out nulls at will, and Platform
    /// writes `""` for what it does not know, so all three mean the same: nothing is known.
    var content: String? {
        kind.isScalar && kind != .null && !text.isEmpty ? text : nil
    }
}
