// SPDX-License-Identifier: Apache-2.0

extension ColumnKind {
    /// Whether a value of the kind could have a text in it, ASCII letters in either case; true of kinds that print anything.
    package func mayPrint(_ text: [UInt8]) -> Bool {
        switch self {
        case .text, .json: return true
        case .hexadecimal: return text.allSatisfy { Self.fits($0, UInt8(ascii: "x")) }
        case .integer:
            return text.enumerated().allSatisfy { place, byte in
                Self.fits(byte, UInt8(ascii: "0")) || place == 0 && byte == UInt8(ascii: "-")
            }
        case .uuid: return Self.canStand(text, in: Array("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".utf8))
        case .time(let digits):
            let fraction = digits == 0 ? "" : "." + String(repeating: "0", count: Int(digits))
            return Self.canStand(text, in: Array("0000-00-00t00:00:00\(fraction)z".utf8))
        }
    }

    /// Whether a text fits anywhere into a form in which `0` stands for a digit and `x` for a hexadecimal one.
    private static func canStand(_ text: [UInt8], in form: [UInt8]) -> Bool {
        guard text.count <= form.count else { return false }
        return (0...form.count - text.count).contains { start in
            text.indices.allSatisfy { fits(text[$0], form[start + $0]) }
        }
    }

    private static func fits(_ byte: UInt8, _ form: UInt8) -> Bool {
        let byte = WordText.lowercase(byte)
        let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        switch form {
        case UInt8(ascii: "0"): return isDigit
        case UInt8(ascii: "x"): return isDigit || byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f")
        default: return byte == form
        }
    }
}
