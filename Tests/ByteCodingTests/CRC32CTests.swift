// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@Suite struct CRC32CTests {
    /// RFC 3720 §B.4, and the check value that catalogues of CRCs give for "123456789".
    static let vectors: [(bytes: [UInt8], checksum: UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0..<32), 0x46DD_794E),
        (Array((0..<32).reversed()), 0x113F_DB5C),
        (
            Hex.decode(
                "01c0000000000000000000000000000014000000000004000000001400000018280000000000000002000000" + "00000000"
            ) ?? [],
            0xD996_3A56
        ),
        (Array("123456789".utf8), 0xE306_9283),
        ([], 0),
    ]

    @Test(arguments: vectors)
    func `published vectors`(_ bytes: [UInt8], _ checksum: UInt32) {
        #expect(CRC32C.checksum(bytes.span.bytes) == checksum)
        #expect(CRC32C.portableChecksum(bytes.span.bytes) == checksum)
    }

    @Test func `the instruction and the table agree at every length and alignment`() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 131 ^ $0 >> 3) }
        for start in 0..<9 {
            for end in start...bytes.count {
                let part = bytes.span.bytes.extracting(start..<end)
                let checksum = CRC32C.checksum(part)
                #expect(checksum == CRC32C.portableChecksum(part))
            }
        }
    }

    @Test func `checks chain over every cut`() {
        let bytes = (0..<100).map { UInt8($0) }
        let whole = CRC32C.checksum(bytes.span.bytes)
        for cut in 0...bytes.count {
            let head = CRC32C.checksum(bytes.span.bytes.extracting(0..<cut))
            let portableHead = CRC32C.portableChecksum(bytes.span.bytes.extracting(0..<cut))
            let tail = bytes.span.bytes.extracting(cut..<bytes.count)
            let chained = CRC32C.checksum(tail, continuing: head)
            let portable = CRC32C.portableChecksum(tail, continuing: portableHead)
            #expect(chained == whole && portable == whole)
        }
    }

    @Test func `every flipped bit changes the check`() {
        let bytes = Array("the evidence is right".utf8)
        let whole = CRC32C.checksum(bytes.span.bytes)
        for index in bytes.indices {
            for bit in 0..<8 as Range<UInt8> {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                #expect(CRC32C.checksum(damaged.span.bytes) != whole)
            }
        }
    }
}
