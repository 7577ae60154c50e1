// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@Suite struct RawSpanLoadsTests {
    private static let bytes: [UInt8] = Array(1...20)

    @Test func `loads are little-endian from any offset`() {
        let span = Self.bytes.span.bytes
        #expect(span.byte(at: 19) == 20)
        #expect(span.halfWord(at: 1) == 0x0504_0302)
        #expect(span.word(at: 3) == 0x0B0A_0908_0706_0504)
        #expect(span.word(at: 12) == 0x1413_1211_100F_0E0D)
    }

    @Test func `a load that ends beyond the bytes traps`() async {
        await #expect(processExitsWith: .failure) { _ = Array<UInt8>(1...20).span.bytes.byte(at: 20) }
        await #expect(processExitsWith: .failure) { _ = Array<UInt8>(1...20).span.bytes.word(at: 13) }
        await #expect(processExitsWith: .failure) { _ = Array<UInt8>(1...20).span.bytes.halfWord(at: 17) }
        await #expect(processExitsWith: .failure) { _ = Array<UInt8>(1...20).span.bytes.byte(at: -1) }
    }

    @Test func `spans are equal when all their bytes are`() {
        for count in 0...Self.bytes.count {
            let part = Array(Self.bytes.prefix(count))
            let isEqual = part.span.bytes.equals(Self.bytes.span.bytes.extracting(0..<count))
            #expect(isEqual)
            let isEqualToLonger = part.span.bytes.equals(Self.bytes.span.bytes)
            #expect(isEqualToLonger == (count == Self.bytes.count))
            for index in part.indices {
                var changed = part
                changed[index] ^= 0x80
                let isStillEqual = changed.span.bytes.equals(part.span.bytes)
                #expect(!isStillEqual)
            }
        }
    }
}
