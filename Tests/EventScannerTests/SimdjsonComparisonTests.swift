// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import CSimdjsonOracle
import EventScanner
import Testing

/// The same texts given to our scanner and to simdjson.
///
/// Where we are stricter (one object at the top, no key twice, 64 levels, no byte order mark), what decides is what
/// simdjson's own tree shows. Where we are looser (numbers that no double holds: we keep the text), the numbers are
/// looked at again here.
@Suite struct SimdjsonComparisonTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `the verdict and all scalars of random texts are simdjson's`(_ seed: UInt64) {
        var random = RandomText(seed: seed)
        for _ in 0..<500 {
            let text = random.object()
            compare(text, "seed \(seed)")
            compare(random.mutated(text), "seed \(seed), mutated")
        }
    }

    @Test(arguments: 100..<120 as Range<UInt64>)
    func `the verdict and all scalars of damaged events are simdjson's`(_ seed: UInt64) {
        var random = RandomText(seed: seed)
        for _ in 0..<250 {
            for event in WholeEvent.all { compare(random.mutated(event), "seed \(seed)") }
        }
    }

    @Test func `the verdict on every row of our own tables is simdjson's`() {
        for text in RejectedText.all.map(\.text) + AcceptedText.all.map(\.text) {
            compare(Notation(text).bytes, text)
        }
    }

    private func compare(_ text: [UInt8], _ origin: String) {
        let theirs = Oracle(text)
        var scanner = ObjectScanner(PathTable([]), wantsEveryScalar: true)
        let ours = scan(text, with: &scanner)
        let hexadecimal = Comment(rawValue: "\(origin): \(Hex.encode(text)) = \(String(decoding: text, as: UTF8.self))")

        guard case .valid(_, let found) = ours else {
            #expect(!theirs.isEvent(text), hexadecimal)
            return
        }
        if theirs.verdict.is_number_out_of_range != 0 {
            #expect(hasNumberOutOfRange(found, of: text), hexadecimal)
        } else {
            #expect(theirs.isEvent(text), hexadecimal)
            #expect(Self.flattened(found, of: text) == theirs.scalars, hexadecimal)
        }
    }

    /// Our scalars as the oracle writes its own.
    private static func flattened(_ found: [Found], of text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        for hit in found {
            switch hit.kind {
            case .string, .escapedString:
                var value: [UInt8] = []
                JSONString.decode(Array(text[hit.range]).span, into: &value)
                bytes.append(UInt8(ascii: "s"))
                for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value.count >> (8 * byte))) }
                bytes += value
            case .number: bytes.append(UInt8(ascii: "n"))
            case .true: bytes.append(UInt8(ascii: "t"))
            case .false: bytes.append(UInt8(ascii: "f"))
            case .null: bytes.append(UInt8(ascii: "z"))
            case .object, .array: break
            }
        }
        return bytes
    }
}

/// simdjson's reading of a text.
private struct Oracle {
    let verdict: martlet_oracle_verdict
    let scalars: [UInt8]

    init(_ text: [UInt8]) {
        // Every byte of text gives at most six of output: `""` becomes a letter and a length.
        var buffer = [UInt8](repeating: 0, count: 6 * text.count + 8)
        var count = 0
        verdict = text.withUnsafeBytes { martlet_oracle_parse($0.baseAddress, $0.count, &buffer, buffer.count, &count) }
        scalars = Array(buffer.prefix(count))
    }

    /// Whether the text is an event by its tree and our stricter rules.
    func isEvent(_ text: [UInt8]) -> Bool {
        verdict.is_valid != 0 && verdict.is_object != 0 && verdict.has_duplicate_key == 0 && verdict.depth <= 64
            && !text.starts(with: [0xEF, 0xBB, 0xBF])
    }
}
