// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat
import Testing

/// Headers with checksums that fit and contents that do not: what a program in error could write.
@Suite struct FrameHeaderTests {
    struct Forgery: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let edits: [Int: UInt8]
        let expected: JournalError.Code
    }

    static let forgeries = [
        Forgery(testDescription: "no events", edits: [12: 0, 13: 0], expected: .inconsistent),
        Forgery(testDescription: "more events than bytes", edits: [13: 1], expected: .inconsistent),
        Forgery(testDescription: "more events than allowed", edits: [15: 1], expected: .tooLarge),
        Forgery(testDescription: "more bytes than allowed", edits: [11: 0xFF], expected: .tooLarge),
        Forgery(testDescription: "fewer bytes than the header", edits: [8: 9, 9: 0], expected: .inconsistent),
        Forgery(testDescription: "an unknown stream", edits: [60: 2], expected: .inconsistent),
        Forgery(testDescription: "durable bytes behind itself", edits: [50: 1], expected: .inconsistent),
        Forgery(
            testDescription: "an index that overflows",
            edits: Dictionary(uniqueKeysWithValues: (16..<24).map { ($0, 0xFF) }),
            expected: .inconsistent
        ),
        Forgery(testDescription: "labels of other bytes than UTF-8", edits: [72: 0xFF], expected: .inconsistent),
        Forgery(testDescription: "labels longer than the bytes", edits: [67: 0xFF], expected: .truncated),
    ]

    @Test(arguments: forgeries)
    func `a header that contradicts itself is refused`(_ forgery: Forgery) {
        var bytes = Samples.blocks()
        for (offset, byte) in forgery.edits { bytes[offset] = byte }
        Self.fixChecksum(of: &bytes)

        #expect(Samples.refusal(bytes) == forgery.expected)
    }

    @Test func `labels that are too long are refused`() {
        var bytes = Samples.blocks() + [UInt8](repeating: 0, count: 8192)
        bytes[67] = 0x10  // 4,099 bytes of position
        Self.fixChecksum(of: &bytes)

        #expect(Samples.refusal(bytes) == .tooLarge)
    }

    /// Computes the header's checksum as the format says, over log id, offset, and bytes 8 up to the bodies.
    static func fixChecksum(of bytes: inout [UInt8], at fileOffset: UInt64 = 4096) {
        func short(_ offset: Int) -> Int { Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 }
        let bodyOffset = (72 + short(62) + short(64) + short(66) + 7) / 8 * 8
        var seed = ByteWriter()
        seed.append(Samples.logID.bytes)
        seed.append(fileOffset)
        let covered = Array(bytes[8..<min(bytes.count, bodyOffset)])
        let start = CRC32C.checksum(seed.bytes.span.bytes)
        let checksum = CRC32C.checksum(covered.span.bytes, continuing: start)
        for place in 0..<4 { bytes[4 + place] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * place)) }
    }
}
