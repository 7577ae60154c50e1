// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner

/// Bytes written as text: `⟨C0 AF⟩` stands for the bytes of these hexadecimal digits, and `▶` marks a place.
struct Notation: Sendable {
    var bytes: [UInt8] = []
    var markedOffset: Int?

    init(_ text: String) {
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "▶":
                markedOffset = bytes.count
            case "⟨":
                let digits = rest.prefix { $0 != "⟩" }
                rest = rest.dropFirst(digits.count + 1)
                bytes += Hex.decode(digits.filter { $0 != " " }) ?? []
            default:
                bytes += Array(String(character).utf8)
            }
        }
    }
}

/// A hit by the place of its text.
struct Found: Equatable, Sendable {
    let slot: UInt16
    let kind: JSONKind
    let range: Range<Int>
}

/// What a scan gave, in a form that can be compared.
enum Verdict: Equatable, Sendable {
    case valid(object: Range<Int>, found: [Found])
    case invalid(ScanError)

    var error: ScanError? {
        if case .invalid(let error) = self { error } else { nil }
    }

    var isValid: Bool { error == nil }

    /// The same for a text that stands `distance` bytes further on.
    func moved(by distance: Int) -> Verdict {
        switch self {
        case .invalid(let error): .invalid(ScanError(error.code, at: error.byteOffset + distance))
        case .valid(let object, let found):
            .valid(
                object: object.moved(by: distance),
                found: found.map { Found(slot: $0.slot, kind: $0.kind, range: $0.range.moved(by: distance)) }
            )
        }
    }
}

/// Scans `bytes[range]`, all of them by default.
func scan(
    _ bytes: [UInt8],
    in range: Range<Int>? = nil,
    _ paths: [(path: String, slot: UInt16)] = [],
    limits: ScanLimits = ScanLimits(),
    wantsEveryScalar: Bool = false
) -> Verdict {
    var scanner = ObjectScanner(PathTable(paths), limits: limits, wantsEveryScalar: wantsEveryScalar)
    return scan(bytes, in: range, with: &scanner)
}

func scan(_ bytes: [UInt8], in range: Range<Int>? = nil, with scanner: inout ObjectScanner) -> Verdict {
    do {
        let object = try scanner.scan(bytes.span.bytes, in: range ?? 0..<bytes.count)
        return .valid(object: object, found: scanner.hits.map { Found(slot: $0.slot, kind: $0.kind, range: $0.range) })
    } catch {
        return .invalid(error)
    }
}

extension Range<Int> {
    fileprivate func moved(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}
