// SPDX-License-Identifier: Apache-2.0

/// Text that must not reach a log, an error message or a debugger's output.
///
/// Printing, interpolating or dumping it shows a placeholder. It is deliberately not `Equatable`: comparing secrets
/// with `==` takes a time that depends on them.
package struct Secret: Sendable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The text itself: for showing a new token once, and for hashing.
    package func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[secret]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
