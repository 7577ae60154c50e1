// SPDX-License-Identifier: Apache-2.0

import EvidencePack
import Testing

@Suite struct TarHeaderTests {
    @Test func `a header is that of the standard`() {
        let header = TarHeader.encode("events.ndjson", byteCount: 1000)

        #expect(header.count == 512)
        #expect(header[0..<14].elementsEqual("events.ndjson\0".utf8))
        #expect(header[100..<136].elementsEqual("0000644\u{0}0000000\u{0}0000000\u{0}00000001750\u{0}".utf8))
        #expect(header[257..<265].elementsEqual("ustar\u{0}00".utf8))
        let sum = header[..<148].reduce(0) { $0 + Int($1) } + header[156...].reduce(0) { $0 + Int($1) } + 8 * 32
        let digits = String(sum, radix: 8)
        #expect(
            header[148..<156].elementsEqual((String(repeating: "0", count: 6 - digits.count) + digits + "\0 ").utf8)
        )
    }

    @Test(arguments: [0, 1, 511, 512, 513, 1 << 32, (1 << 33) - 1])
    func `a size is read again`(_ count: Int) {
        #expect(TarHeader.byteCount(of: TarHeader.encode("x", byteCount: count)) == count)
        #expect((count + TarHeader.paddingByteCount(behind: count)).isMultiple(of: 512))
        #expect(TarHeader.entryByteCount(of: count) == 512 + count + TarHeader.paddingByteCount(behind: count))
    }

    @Test func `a size that is no octal number is none`() {
        for digit in ["8", " ", "\0", "\u{7F}"] {
            var header = TarHeader.encode("x", byteCount: 8)
            header[130] = digit.utf8.first ?? 0
            #expect(TarHeader.byteCount(of: header) == nil)
        }
        #expect(TarHeader.byteCount(of: []) == nil)
    }
}
