// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A JSON value as a tree: slow and plain, so that what is tested can be compared with it.
///
/// Numbers keep their text and members their order, which Foundation's parser loses; it decodes the strings, though.
indirect enum JSONTree {
    case string(String)
    /// A number, `true`, `false` or `null`, as it is written.
    case plain(String)
    case array([JSONTree])
    case object([(name: String, value: JSONTree)])

    /// The tree of valid JSON; nil for what is not.
    init?(_ bytes: [UInt8]) {
        var parser = TreeParser(bytes: bytes)
        guard let tree = parser.value() else { return nil }
        self = tree
    }

    /// The text of a scalar; nil for others.
    var scalar: String? {
        switch self {
        case .string(let text), .plain(let text): text
        case .array, .object: nil
        }
    }
}

private struct TreeParser {
    let bytes: [UInt8]
    var index = 0

    private mutating func next() -> UInt8? {
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        return index < bytes.count ? bytes[index] : nil
    }

    mutating func value() -> JSONTree? {
        switch next() {
        case UInt8(ascii: "{"): object()
        case UInt8(ascii: "["): array()
        case UInt8(ascii: "\""): string().map(JSONTree.string)
        case nil: nil
        default: plain()
        }
    }

    private mutating func object() -> JSONTree? {
        index += 1
        var members: [(name: String, value: JSONTree)] = []
        while let byte = next() {
            index += byte == UInt8(ascii: "\"") ? 0 : 1
            if byte == UInt8(ascii: "}") { return .object(members) }
            guard byte == UInt8(ascii: "\"") else { continue }
            guard let name = string(), next() == UInt8(ascii: ":") else { return nil }
            index += 1
            guard let value = value() else { return nil }
            members.append((name, value))
        }
        return nil
    }

    private mutating func array() -> JSONTree? {
        index += 1
        var elements: [JSONTree] = []
        while let byte = next() {
            if byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",") {
                index += 1
                if byte == UInt8(ascii: "]") { return .array(elements) }
                continue
            }
            guard let value = value() else { return nil }
            elements.append(value)
        }
        return nil
    }

    private mutating func string() -> String? {
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < bytes.count else { return nil }
        index += 1
        let quoted = bytes[start..<index]
        guard quoted.contains(UInt8(ascii: "\\")) else {
            return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        }
        return try? JSONSerialization.jsonObject(with: Data(quoted), options: .fragmentsAllowed) as? String
    }

    private mutating func plain() -> JSONTree? {
        let start = index
        let ends = Array(",]} \t\r\n".utf8)
        while index < bytes.count, !ends.contains(bytes[index]) { index += 1 }
        return index > start ? .plain(String(decoding: bytes[start..<index], as: UTF8.self)) : nil
    }
}

// MARK: - Writing

extension JSONTree {
    /// The value as JSON; `spell` writes the inside of each string.
    func encoded(space: String = "", _ spell: (String) -> String) -> String {
        switch self {
        case .string(let text): "\"\(spell(text))\""
        case .plain(let text): text
        case .array(let elements):
            "[\(space)" + elements.map { $0.encoded(space: space, spell) }.joined(separator: ",\(space)") + "\(space)]"
        case .object(let members):
            "{\(space)"
                + members.map { "\"\(spell($0.name))\"\(space):\(space)\($0.value.encoded(space: space, spell))" }
                .joined(separator: ",\(space)") + "\(space)}"
        }
    }
}
