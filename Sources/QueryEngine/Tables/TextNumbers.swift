// SPDX-License-Identifier: Apache-2.0

/// Numbers the different texts of a field; 0 stands for events without a value.
struct TextNumbers: Sendable {
    private var numbers: [ExactText: UInt32] = [:]
    private(set) var texts = [""]
    private(set) var byteCount = 0

    static let none: UInt32 = 0

    /// The number of a text, a new one if need be.
    mutating func number(of text: String?) -> UInt32 {
        guard let text else { return Self.none }
        if let known = numbers[ExactText(text)] { return known }
        let number = UInt32(truncatingIfNeeded: texts.count)
        numbers[ExactText(text)] = number
        texts.append(text)
        // The text on the heap, and its places in the two.
        byteCount += text.utf8.count + 128
        return number
    }

    /// For each number of another field's texts the number that the text has here.
    mutating func numbers(of other: TextNumbers) -> [UInt32] {
        other.texts.indices.map { number(of: other.text(UInt32(truncatingIfNeeded: $0))) }
    }

    /// The text of a number; nil of `none`.
    func text(_ number: UInt32) -> String? {
        number == Self.none ? nil : texts[Int(number)]
    }
}
