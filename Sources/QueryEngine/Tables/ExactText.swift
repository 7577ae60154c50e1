// SPDX-License-Identifier: Apache-2.0

/// A text that is the same as another only byte for byte.
///
/// Texts of `String` that only look the same are equal: `ë`, and `e` with a diaeresis behind it. Filters tell such values
/// apart, so tables have to.
struct ExactText: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        // Equal bytes make equal texts, and those have equal hashes.
        text.hash(into: &hasher)
    }
}
