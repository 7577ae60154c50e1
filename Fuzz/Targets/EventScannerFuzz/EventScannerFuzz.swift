// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner

/// What libFuzzer calls with every input.
///
/// Besides not crashing, the scanner has to keep the promises below.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEventScanner(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    // SAFETY: libFuzzer hands over `count` readable bytes, which are copied before anything else happens.
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    checkScanner(input)
    return 0
}

private let paths = PathTable(
    [("id", 0), ("data", 1), ("data.principal", 2), ("data.principal.email", 2), ("list[]", 3), ("list[].a", 4)],
    seed: 1
)

/// A hit by the place of its text.
private struct Found: Equatable {
    let slot: UInt16
    let kind: JSONKind
    let range: Range<Int>
}

/// A scan's whole result, in a form that can be compared and moved.
private enum Verdict: Equatable {
    case valid(object: Range<Int>, found: [Found])
    case invalid(ScanError.Code, byteOffset: Int)

    func moved(by distance: Int) -> Verdict {
        switch self {
        case .invalid(let code, let byteOffset): return .invalid(code, byteOffset: byteOffset + distance)
        case .valid(let object, let found):
            let moved = found.map { Found(slot: $0.slot, kind: $0.kind, range: $0.range.moved(by: distance)) }
            return .valid(object: object.moved(by: distance), found: moved)
        }
    }
}

extension Range<Int> {
    fileprivate func moved(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}

private func checkScanner(_ input: [UInt8]) {
    // A scanner is used again for the next event: what one event leaves behind must not change the next verdict.
    var scanner = ObjectScanner(paths, wantsEveryScalar: true)
    let verdict = scan(input, 0..<input.count, with: &scanner)
    check(scan(input, 0..<input.count, with: &scanner) == verdict, "a second scan differs")

    switch verdict {
    case .invalid(_, let byteOffset):
        check((0...input.count).contains(byteOffset), "an error outside the input")
    case .valid(let object, let found):
        check(object.lowerBound >= 0 && object.upperBound <= input.count, "an object outside the input")
        check(input[object.lowerBound] == UInt8(ascii: "{"), "an object without its brace")
        check(input[object.upperBound - 1] == UInt8(ascii: "}"), "an object without its closing brace")
        check(String(validating: input, as: UTF8.self) != nil, "accepted bytes that are no UTF-8")
        for hit in found { checkHit(hit, in: input, of: object) }
        checkPrefix(of: input, object, with: &scanner)
    }
    checkSurroundings(input, verdict, with: &scanner)
}

/// The hit lies in the object and its text is of its kind.
private func checkHit(_ hit: Found, in input: [UInt8], of object: Range<Int>) {
    let range = hit.range
    check(range.lowerBound > object.lowerBound && range.upperBound < object.upperBound, "a hit outside the object")
    let text = Array(input[range])
    switch hit.kind {
    case .string:
        check(!text.contains(UInt8(ascii: "\\")) && !text.contains(UInt8(ascii: "\"")), "a plain string with an escape")
    case .escapedString:
        // What is decoded and written again must be found valid again, and mean the same.
        let value = JSONString.decode(text.span)
        let again = Array("{\"id\":\(JSONString.encode(value))}".utf8)
        var scanner = ObjectScanner(paths)
        guard case .valid(_, let found) = scan(again, 0..<again.count, with: &scanner), found.count == 1 else {
            fail("a decoded string is not valid when encoded")
        }
        check(
            JSONString.decode(Array(again[found[0].range]).span) == value,
            "a string changed when encoded and decoded"
        )
    case .number: check(text.allSatisfy { "+-.0123456789Ee".utf8.contains($0) } && !text.isEmpty, "not a number")
    case .true: check(text == Array("true".utf8), "not true")
    case .false: check(text == Array("false".utf8), "not false")
    case .null: check(text == Array("null".utf8), "not null")
    case .object: check(text.first == UInt8(ascii: "{") && text.last == UInt8(ascii: "}"), "not an object")
    case .array: check(text.first == UInt8(ascii: "[") && text.last == UInt8(ascii: "]"), "not an array")
    }
}

/// No event ends early: a cut is never valid.
///
/// The place is chosen by the content, as all places would be slow.
private func checkPrefix(of input: [UInt8], _ object: Range<Int>, with scanner: inout ObjectScanner) {
    let hash = input.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    let cut = object.lowerBound + Int(hash % UInt64(object.count))
    if case .valid = scan(input, 0..<cut, with: &scanner) { fail("a part of an event was accepted") }
}

/// The bytes around the range must not matter, although words are loaded from behind it.
private func checkSurroundings(_ input: [UInt8], _ verdict: Verdict, with scanner: inout ObjectScanner) {
    for filler in ["\"", "\\", "}", "0", " "] {
        let before = Array(repeatElement(filler, count: 7).joined().utf8)
        let after = Array(repeatElement(filler, count: 33).joined().utf8)
        let moved = scan(before + input + after, before.count..<before.count + input.count, with: &scanner)
        check(moved.moved(by: -before.count) == verdict, "the bytes around the input changed the verdict")
    }
}

private func scan(_ bytes: [UInt8], _ range: Range<Int>, with scanner: inout ObjectScanner) -> Verdict {
    do {
        let object = try unsafe scanner.scan(bytes.span.bytes, in: range)
        let found = scanner.hits.map { Found(slot: $0.slot, kind: $0.kind, range: $0.range) }
        return .valid(object: object, found: found)
    } catch {
        return .invalid(error.code, byteOffset: error.byteOffset)
    }
}

private func check(_ promise: Bool, _ broken: StaticString) {
    if !promise { fail(broken) }
}

/// Ends the process, which is how libFuzzer hears of a find.
private func fail(_ broken: StaticString) -> Never {
    // SAFETY: a fuzzer is meant to stop at the first broken promise.
    fatalError("\(broken)")
}
