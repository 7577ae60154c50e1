// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import Testing

@Suite struct JournalFileHeaderTests {
    private func refusal(_ bytes: [UInt8]) -> JournalError.Code? {
        do {
            _ = try JournalFileHeader(from: bytes.span.bytes)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `a file header gives back what was put into it`() throws {
        let bytes = Samples.fileHeader.encoded()

        #expect(bytes.count == 4096)
        #expect(try JournalFileHeader(from: bytes.span.bytes) == Samples.fileHeader)
    }

    @Test func `every prefix of a file header is truncated`() {
        let bytes = Samples.fileHeader.encoded()

        for count in 0..<bytes.count { #expect(refusal(Array(bytes.prefix(count))) == .truncated, "\(count) bytes") }
    }

    @Test func `every flipped bit of the first 64 bytes is detected, and of the zeros behind harmless`() throws {
        var bytes = Samples.fileHeader.encoded()
        for bit in 0..<bytes.count * 8 {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            if bit / 8 < 64 {
                let expected: JournalError.Code =
                    switch bit / 8 {
                    case 0..<8: .notAFrame
                    case 8..<12: .unsupportedVersion
                    default: .checksumMismatch
                    }
                #expect(refusal(bytes) == expected, "byte \(bit / 8), bit \(bit % 8)")
            } else {
                #expect(try JournalFileHeader(from: bytes.span.bytes) == Samples.fileHeader)
            }
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }

    @Test func `a log id has sixteen bytes and their digits`() {
        #expect(Samples.logID.bytes == Array(0..<16))
        #expect(LogID(bytes: Array(0..<16)) == Samples.logID)
        #expect(LogID(bytes: Array(0..<15)) == nil)
        #expect(Samples.logID.description == "000102030405060708090a0b0c0d0e0f")
    }
}
