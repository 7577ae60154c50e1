// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct ColumnTextTests {
    private static let kinds: [ColumnKind] = [
        .uuid, .hexadecimal, .integer, .time(fractionDigits: 0), .time(fractionDigits: 3), .time(fractionDigits: 9),
    ]

    @Test(arguments: kinds)
    func `whatever a kind prints may be in it`(kind: ColumnKind) {
        var random = SeededNumbers(seed: 3)
        var printer = ValuePrinter()
        for _ in 0..<20 {
            var text: [UInt8] = []
            switch kind {
            case .uuid, .hexadecimal:
                printer.append((0..<16).map { _ in UInt8(random.below(256)) }[...], kind, to: &text)
            default: printer.append(Int64(random.below(1 << 40)) - 1 << 20, kind, to: &text)
            }
            for start in text.indices {
                for end in start...text.count { #expect(kind.mayPrint(Array(text[start..<end]))) }
            }
            #expect(kind.mayPrint(Array(String(decoding: text, as: UTF8.self).uppercased().utf8)))
        }
    }

    @Test func `an address is in no UUID, number or time`() {
        let address = Array("203.0.113.77".utf8)
        #expect(!Self.kinds.contains { $0.mayPrint(address) })
        #expect(ColumnKind.text.mayPrint(address) && ColumnKind.json.mayPrint(address))
        #expect(!ColumnKind.time(fractionDigits: 3).mayPrint(Array("25:0x".utf8)))
    }

    @Test func `texts are found as a slow search finds them`() {
        var random = SeededNumbers(seed: 11)
        for _ in 0..<200 {
            let all = (0..<random.below(120)).map { _ in UInt8(97 + random.below(3)) }
            let text = (0..<1 + random.below(5)).map { _ in UInt8(97 + random.below(3)) }
            for start in 0..<all.count + 1 {
                let expected = (start..<max(start, all.count - text.count + 1)).first { all[$0...].starts(with: text) }
                #expect(TextSearch.first(text, in: all, from: start) == expected)
            }
        }
    }

    @Test func `entries that hold a text are found at once`() {
        func column(_ texts: [String]) -> ShreddedColumn {
            let arrays = ByteArrays(texts.map { Array($0.utf8) })
            return ShreddedColumn(
                path: "p",
                kind: .text,
                forms: .string,
                codes: nil,
                entries: .variable(offsets: arrays.offsets, bytes: arrays.bytes)
            )
        }
        let addresses = column(["10.0.0.1", "10.0.0.11", "", "110.0.0.1", "1", "0.0.0.1"])
        #expect(addresses.entries(holding: Array("10.0.0.1".utf8)) == [0, 1, 3])
        // Not what goes from one into the next.
        #expect(addresses.entries(holding: Array("10.0".utf8)) == [0, 1, 3])
        #expect(addresses.entries(holding: Array("99".utf8)) == [])
        #expect(addresses.entries(holding: Array("a1".utf8)) == nil)
        #expect(column(["1\\u0031"]).entries(holding: Array("11".utf8)) == nil)
    }
}
