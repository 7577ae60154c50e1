// SPDX-License-Identifier: Apache-2.0

package import EventScanner

import ByteCoding

/// The promises of the scanner that must hold for any bytes at all.
///
/// libFuzzer calls this with inputs of its making, and the tests with every file of the corpus.
package enum ScannerFuzz {
    /// Scans `input` in many ways and compares what they give.
    ///
    /// - Returns: the error of the plain scan, nil when the input is an event.
    @discardableResult
    package static func check(_ input: [UInt8]) throws(BrokenPromise) -> ScanError? {
        let verdict = scan(input)
        var reused = ObjectScanner(paths, wantsEveryScalar: true)
        for _ in 0..<2 {
            try require(scan(input, 0..<input.count, with: &reused) == verdict, "a second scan differs")
        }
        switch verdict {
        case .invalid(_, let byteOffset):
            try require((0...input.count).contains(byteOffset), "an error outside the input")
        case .valid(let object, let found):
            try checkEvent(input, object, found, with: &reused)
        }
        try checkPrefixes(of: input, verdict, with: &reused)
        try checkSurroundings(of: input, verdict, with: &reused)
        try checkLimits(input, verdict)
        guard case .invalid(let code, let byteOffset) = verdict else { return nil }
        return ScanError(code, at: byteOffset)
    }

    private static let paths = PathTable(
        [
            ("id", 0), ("data", 1), ("data.principal", 2), ("data.principal.email", 2), ("list[]", 3), ("list[].a", 4),
            ("list[][]", 5), ("", 6), ("a key of more than sixteen bytes", 7), ("é", 8),
        ],
        seed: 1
    )

    // MARK: - Promises

    private static func checkEvent(
        _ input: [UInt8],
        _ object: Range<Int>,
        _ found: [Found],
        with scanner: inout ObjectScanner
    ) throws(BrokenPromise) {
        try require(object.lowerBound >= 0 && object.upperBound <= input.count, "an object outside the input")
        try require(input[object.lowerBound] == UInt8(ascii: "{"), "an object without its brace")
        try require(input[object.upperBound - 1] == UInt8(ascii: "}"), "an object without its closing brace")
        try require(String(validating: input, as: UTF8.self) != nil, "accepted bytes that are not UTF-8")
        for hit in found { try checkHit(hit, of: input, in: object) }
        let again = scan(input, object, with: &scanner)
        try require(again == .valid(object: object, found: found), "the object alone gives other hits")
        // A scalar may be shared by two slots' paths, but the first hit of each slot is the one in front.
        for hit in found.reversed() where hit.slot != PathTable.anySlot {
            let first = found.first { $0.slot == hit.slot }
            try require(scanner.first(hit.slot)?.range == first?.range, "not the first hit of its slot")
        }
    }

    /// The hit lies in the object, and its text is of its kind.
    private static func checkHit(_ hit: Found, of input: [UInt8], in object: Range<Int>) throws(BrokenPromise) {
        let range = hit.range
        try require(range.lowerBound > object.lowerBound && range.upperBound < object.upperBound, "a hit outside")
        let text = Array(input[range])
        switch hit.kind {
        case .string, .escapedString:
            let isQuoted =
                input[range.lowerBound - 1] == UInt8(ascii: "\"") && input[range.upperBound] == UInt8(ascii: "\"")
            try require(isQuoted, "a string without its quotes")
            try require(text.contains(UInt8(ascii: "\\")) == (hit.kind == .escapedString), "the wrong kind of string")
            try checkString(text)
        case .number:
            try require(Double(String(decoding: text, as: UTF8.self)) != nil, "no number")
        case .true: try require(text == Array("true".utf8), "not true")
        case .false: try require(text == Array("false".utf8), "not false")
        case .null: try require(text == Array("null".utf8), "not null")
        case .object: try require(text.first == UInt8(ascii: "{") && text.last == UInt8(ascii: "}"), "no object")
        case .array: try require(text.first == UInt8(ascii: "[") && text.last == UInt8(ascii: "]"), "no array")
        }
    }

    /// What is decoded and written again is found valid again, and means the same.
    private static func checkString(_ text: [UInt8]) throws(BrokenPromise) {
        var value: [UInt8] = []
        JSONString.decode(text.span, into: &value)
        guard let string = String(validating: value, as: UTF8.self) else {
            throw BrokenPromise("a value that is not UTF-8")
        }
        let again = Array("{\"id\":\(JSONString.encode(string))}".utf8)
        guard case .valid(_, let found) = scan(again), found.count == 1 else {
            throw BrokenPromise("a decoded string is not valid when encoded")
        }
        var valueAgain: [UInt8] = []
        JSONString.decode(Array(again[found[0].range]).span, into: &valueAgain)
        try require(value == valueAgain, "a string changed when encoded and decoded")
    }

    /// No cut is an event unless what is cut off is white space; before an error, every cut is called one.
    private static func checkPrefixes(
        of input: [UInt8],
        _ verdict: Verdict,
        with scanner: inout ObjectScanner
    ) throws(BrokenPromise) {
        // All prefixes of a long input would take too long: then some 200 of them.
        for count in stride(from: 0, to: input.count, by: 1 + input.count / 200) {
            switch (scan(input, 0..<count, with: &scanner), verdict) {
            case (.valid(let cut, _), .valid(let object, _)):
                try require(cut == object, "a part of an event was accepted")
            case (.invalid(let code, let byteOffset), .valid(let object, _)) where count > object.lowerBound:
                try require(code == .truncated && byteOffset == count, "a part of an event is not called truncated")
            case (_, .invalid(let code, let byteOffset)) where code == .trailingBytes && count <= byteOffset:
                break
            case (.valid, .invalid):
                guard case .invalid(.trailingBytes, _) = verdict else {
                    throw BrokenPromise("an error healed by a cut")
                }
            case (.invalid, _):
                break
            }
        }
    }

    /// The bytes around the range do not matter, although words are loaded from behind it.
    private static func checkSurroundings(
        of input: [UInt8],
        _ verdict: Verdict,
        with scanner: inout ObjectScanner
    ) throws(BrokenPromise) {
        for filler in ["\"", "\\", "}", "0", " ", "a", "\u{80}"] {
            let before = Array(repeatElement(filler, count: 7).joined().utf8)
            let after = Array(repeatElement(filler, count: 33).joined().utf8)
            let range = before.count..<before.count + input.count
            let surrounded = scan(before + input + after, range, with: &scanner)
            try require(surrounded == verdict.moved(by: before.count), "the bytes around the input changed the verdict")
        }
    }

    /// Tighter limits make an event invalid by one of their codes and leave earlier errors as they are.
    private static func checkLimits(_ input: [UInt8], _ verdict: Verdict) throws(BrokenPromise) {
        var limits = Array(repeating: ScanLimits(), count: 5)
        limits[0].maximumByteCount = max(1, input.count / 2)
        limits[1].maximumDepth = 2
        limits[2].maximumKeyCount = 2
        limits[3].maximumValueCount = 3
        limits[4].maximumKeyByteCount = 3
        let codes: [ScanError.Code] = [.tooLong, .tooDeep, .tooManyKeys, .tooManyValues, .keyTooLong]
        for (limits, expected) in zip(limits, codes) {
            var scanner = ObjectScanner(paths, limits: limits, wantsEveryScalar: true)
            let limited = scan(input, 0..<input.count, with: &scanner)
            if case .invalid(let code, let byteOffset) = limited, code == expected {
                try require((0...input.count).contains(byteOffset), "a limit outside the input")
            } else {
                try require(limited == verdict, "a limit changed the verdict to something else")
            }
        }
    }

    private static func require(_ promise: Bool, _ broken: String) throws(BrokenPromise) {
        if !promise { throw BrokenPromise(broken) }
    }

    // MARK: - Scans as values

    private struct Found: Equatable {
        let slot: UInt16
        let kind: JSONKind
        let range: Range<Int>
    }

    private enum Verdict: Equatable {
        case valid(object: Range<Int>, found: [Found])
        case invalid(ScanError.Code, byteOffset: Int)

        func moved(by distance: Int) -> Verdict {
            func moved(_ range: Range<Int>) -> Range<Int> {
                range.lowerBound + distance..<range.upperBound + distance
            }
            return switch self {
            case .invalid(let code, let byteOffset): .invalid(code, byteOffset: byteOffset + distance)
            case .valid(let object, let found):
                .valid(
                    object: moved(object),
                    found: found.map { Found(slot: $0.slot, kind: $0.kind, range: moved($0.range)) }
                )
            }
        }
    }

    private static func scan(_ bytes: [UInt8]) -> Verdict {
        var scanner = ObjectScanner(paths, wantsEveryScalar: true)
        return scan(bytes, 0..<bytes.count, with: &scanner)
    }

    private static func scan(_ bytes: [UInt8], _ range: Range<Int>, with scanner: inout ObjectScanner) -> Verdict {
        do {
            let object = try unsafe scanner.scan(bytes.span.bytes, in: range)
            let found = scanner.hits.map { Found(slot: $0.slot, kind: $0.kind, range: $0.range) }
            return .valid(object: object, found: found)
        } catch {
            return .invalid(error.code, byteOffset: error.byteOffset)
        }
    }
}
