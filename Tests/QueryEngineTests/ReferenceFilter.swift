// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import Foundation
import QueryLanguage

/// What filters and comparisons mean, said again in the plainest way.
enum ReferenceFilter {
    /// The places of the rows that pass.
    static func places(_ filter: Filter, _ rows: [ReferenceRow]) -> Set<Int> {
        let all = Set(rows.indices)
        switch filter {
        case .all: return all
        case .and(let parts): return parts.reduce(all) { $0.intersection(places($1, rows)) }
        case .or(let parts): return parts.reduce([]) { $0.union(places($1, rows)) }
        case .not(let part): return all.subtracting(places(part, rows))
        case .freeText(let pattern):
            let test = wildcards(pattern)
            return all.filter { rows[$0].event.scalars.contains { test($0.text) } }
        case .field(.audit(.time), .exists):
            return all.filter { rows[$0].event.time != nil }
        case .field(.audit(.time), .range(let lower, let upper)):
            return all.filter { isBetween(rows[$0].time, lower, upper) }
        case .field(.audit(.received), .range(let lower, let upper)):
            return all.filter { isBetween(rows[$0].context.received, lower, upper) }
        case .field(let field, let comparison):
            let test = test(comparison)
            return all.filter { rows[$0].values(of: field).contains(where: test) }
        }
    }

    private static func test(_ comparison: Comparison) -> (String) -> Bool {
        switch comparison {
        case .equals(let text): { Array($0.utf8) == Array(text.utf8) }
        case .pattern(let pattern): wildcards(pattern)
        case .regex(let expression): regularExpression(expression)
        case .network(let network): self.network(network.description)
        case .range(let lower, let upper): { isBetween($0, lower, upper) }
        case .exists: { _ in true }
        }
    }

    // MARK: - Wildcards

    private static func wildcards(_ pattern: TextPattern) -> (String) -> Bool {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        for element in pattern.elements {
            if case .byte(let byte) = element {
                literal.append(byte)
                continue
            }
            pieces += String(decoding: literal, as: UTF8.self).unicodeScalars.map(Piece.scalar)
            literal = []
            pieces.append(element == .anyText ? .anyText : .anyScalar)
        }
        pieces += String(decoding: literal, as: UTF8.self).unicodeScalars.map(Piece.scalar)
        let ignoresCase = pattern.ignoresCase
        if ignoresCase { pieces = pieces.map { $0.lowercased } }
        return { text in
            let scalars = text.unicodeScalars.map { ignoresCase ? $0.lowercasedASCII : $0 }
            return fits(scalars[...], pieces[...])
        }
    }

    private enum Piece: Equatable {
        case scalar(Unicode.Scalar)
        case anyScalar
        case anyText

        var lowercased: Piece {
            if case .scalar(let scalar) = self { .scalar(scalar.lowercasedASCII) } else { self }
        }
    }

    private static func fits(_ text: ArraySlice<Unicode.Scalar>, _ pieces: ArraySlice<Piece>) -> Bool {
        var (text, pieces) = (text, pieces)
        while let piece = pieces.first, piece != .anyText {
            guard let scalar = text.first, piece == .anyScalar || piece == .scalar(scalar) else { return false }
            text = text.dropFirst()
            pieces = pieces.dropFirst()
        }
        guard !pieces.isEmpty else { return text.isEmpty }
        // The first place at which what stands before the next `*` fits is as good as any later one.
        let rest = pieces.dropFirst()
        guard let end = rest.firstIndex(of: .anyText) else {
            return text.count >= rest.count && fits(text.suffix(rest.count), rest)
        }
        let middle = rest[..<end]
        while text.count >= middle.count {
            if fits(text.prefix(middle.count), middle) { return fits(text.dropFirst(middle.count), rest[end...]) }
            text = text.dropFirst()
        }
        return false
    }

    // MARK: - Regular expressions

    /// Foundation's, told that everything is ASCII's.
    private static func regularExpression(_ expression: RegularExpression) -> (String) -> Bool {
        let classes: [Character: (outside: String, inside: String)] = [
            "d": ("[0-9]", "0-9"), "w": ("[A-Za-z0-9_]", "A-Za-z0-9_"),
            "s": (#"[ \t\n\r\u000B\f]"#, #" \t\n\r\u000B\f"#),
            "D": ("[^0-9]", ""), "W": ("[^A-Za-z0-9_]", ""), "S": (#"[^ \t\n\r\u000B\f]"#, ""),
        ]
        var source = ""
        var isInside = false
        var isEscaped = false
        for character in expression.source.unicodeScalars.map(Character.init) {
            if isEscaped {
                isEscaped = false
                if let text = classes[character] {
                    source += isInside ? text.inside : text.outside
                } else {
                    source += "\\\(character)"
                }
            } else if character == "\\" {
                isEscaped = true
            } else {
                if character == "[" { isInside = true }
                if character == "]" { isInside = false }
                source.unicodeScalars.append(contentsOf: character.unicodeScalars)
            }
        }
        let ignoresCase = expression.ignoresCase
        if ignoresCase { source = String(String.UnicodeScalarView(source.unicodeScalars.map(\.lowercasedASCII))) }
        guard
            let compiled = try? NSRegularExpression(
                pattern: #"\A(?:\#(source))\z"#,
                options: .dotMatchesLineSeparators
            )
        else {
            preconditionFailure("Foundation does not read \(source)")
        }
        return { text in
            let scalars = text.unicodeScalars.map { ignoresCase ? $0.lowercasedASCII : $0 }
            let text = String(String.UnicodeScalarView(scalars))
            return compiled.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
        }
    }

    // MARK: - Networks

    /// The C library reads the addresses.
    private static func network(_ written: String) -> (String) -> Bool {
        let parts = written.split(separator: "/")
        guard parts.count == 2, let address = address(String(parts[0])), let length = Int(parts[1]) else {
            preconditionFailure("no network: \(written)")
        }
        return { text in
            guard let other = Self.address(text) else { return false }
            let isMapped = other.count == 16 && other.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
            let compared = address.count == 4 && isMapped ? Array(other.suffix(4)) : other
            guard compared.count == address.count else { return false }
            return bits(compared).prefix(length) == bits(address).prefix(length)
        }
    }

    private static func bits(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
    }

    private static func address(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &bytes) == 1 { return bytes }
        let parts = text.split(separator: "%", omittingEmptySubsequences: false)
        guard parts.count == 1 || parts.count == 2 && !parts[1].isEmpty else { return nil }
        bytes = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, String(parts[0]), &bytes) == 1 ? bytes : nil
    }

    // MARK: - Ranges

    private static func isBetween(_ time: Timestamp, _ lower: Bound?, _ upper: Bound?) -> Bool {
        isBetween(lower, upper) { bound in
            guard case .time(let other) = bound.value else { return order(time.description, bound) }
            return sign(time.nanosecondsSinceEpoch, other.nanosecondsSinceEpoch)
        }
    }

    private static func isBetween(_ text: String, _ lower: Bound?, _ upper: Bound?) -> Bool {
        isBetween(lower, upper) { order(text, $0) }
    }

    private static func isBetween(_ lower: Bound?, _ upper: Bound?, _ order: (Bound) -> Int?) -> Bool {
        if let lower {
            guard let order = order(lower), order > 0 || order == 0 && lower.isInclusive else { return false }
        }
        if let upper {
            guard let order = order(upper), order < 0 || order == 0 && upper.isInclusive else { return false }
        }
        return true
    }

    private static func sign<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }

    /// nil for what can't be compared.
    private static func order(_ text: String, _ bound: Bound) -> Int? {
        switch bound.value {
        case .time(let time): return Timestamp(text).map { sign($0.nanosecondsSinceEpoch, time.nanosecondsSinceEpoch) }
        case .text(let other):
            if let left = Number(text), let right = Number(other) { return left.order(to: right) }
            if Array(text.utf8) == Array(other.utf8) { return 0 }
            return text.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : 1
        }
    }

    /// A plain decimal number, its digits padded to more than any query or event of the tests has before or behind the point.
    private struct Number {
        private static let width = 400
        private let isNegative: Bool
        private let digits: String

        init?(_ text: String) {
            let isSigned = text.utf8.first == UInt8(ascii: "-")
            let parts = text.unicodeScalars.dropFirst(isSigned ? 1 : 0).split(
                separator: ".",
                omittingEmptySubsequences: false
            )
            let isDecimal = parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { ("0"..."9").contains($0) }
            }
            guard (1...2).contains(parts.count), isDecimal, parts.allSatisfy({ $0.count <= Self.width }) else {
                return nil
            }
            let fraction = parts.count == 2 ? String(parts[1]) : ""
            digits =
                String(repeating: "0", count: Self.width - parts[0].count) + String(parts[0]) + fraction
                + String(repeating: "0", count: Self.width - fraction.count)
            isNegative = isSigned && digits.utf8.contains { $0 != UInt8(ascii: "0") }
        }

        func order(to other: Number) -> Int {
            if isNegative != other.isNegative { return isNegative ? -1 : 1 }
            let order =
                digits == other.digits ? 0 : digits.utf8.lexicographicallyPrecedes(other.digits.utf8) ? -1 : 1
            return isNegative ? -order : order
        }
    }
}

extension Unicode.Scalar {
    fileprivate var lowercasedASCII: Unicode.Scalar {
        ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value) + 0x20) : self
    }
}
