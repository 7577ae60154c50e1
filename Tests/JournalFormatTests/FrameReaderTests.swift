// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat
import Testing

@Suite struct FrameReaderTests {
    @Test func `a frame gives back what was put into it`() throws {
        let reader = try Samples.read(Samples.blocks())

        #expect(Samples.events(of: reader) == Samples.events)
        #expect(reader.header.submitter == "User:alice")
        #expect(reader.header.source == "kafka:k1")
        #expect(reader.header.position == [1, 2, 3])
        #expect(reader.header.firstIndex == 1234)
        #expect(reader.header.endIndex == 1236)
        #expect(reader.header.received == 1_795_305_601_000_000_000)
        #expect(reader.header.earliestTime == 1_795_305_600_000_000_000)
        #expect(reader.header.latestTime == 1_795_305_600_000_000_001)
        #expect(reader.entry(0) == FrameTableEntry(byteCount: Samples.events[0].utf8.count, flags: [], keyHash: 0xA0))
        #expect(reader.entry(1).flags == .conflict)
    }

    @Test func `every prefix of a frame is truncated`() {
        let frame = Samples.frame()
        let bytes = Samples.blocks(frame)

        for count in 0..<frame.byteCount {
            #expect(Samples.refusal(Array(bytes.prefix(count))) == .truncated, "\(count) bytes")
        }
        #expect(Samples.refusal(Array(bytes.prefix(frame.byteCount))) == nil)
    }

    @Test func `every flipped bit of a frame is detected, and of its padding harmless`() throws {
        let frame = Samples.frame()
        var bytes = Samples.blocks(frame)
        let original = try Samples.read(bytes)

        for bit in 0..<bytes.count * 8 {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            if bit / 8 < frame.byteCount {
                #expect(Samples.refusal(bytes) != nil, "byte \(bit / 8), bit \(bit % 8)")
            } else {
                let reader = try Samples.read(bytes)
                #expect(reader.header == original.header && reader.ranges() == original.ranges())
            }
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }

    @Test func `a frame at another offset is refused`() {
        #expect(Samples.refusal(Samples.blocks(at: 4096), at: 8192) == .checksumMismatch)
        #expect(Samples.refusal(Samples.blocks(at: 8192), at: 4096) == .checksumMismatch)
    }

    @Test func `a frame of another log is refused`() {
        let other = LogID(high: Samples.logID.high, low: Samples.logID.low ^ 1)

        #expect(Samples.refusal(Samples.blocks(), logID: other) == .checksumMismatch)
    }

    @Test func `zeros are no frame`() {
        #expect(Samples.refusal([UInt8](repeating: 0, count: 4096)) == .notAFrame)
    }

    @Test func `a table that was read alone is decoded, without a last part`() throws {
        let bytes = Samples.blocks()
        let header = try Samples.read(bytes).header
        let table = Array(bytes[header.tableOffset..<header.byteCount])

        #expect(FrameTableEntry.decode(table).map(\.keyHash) == [0xA0, 0xA1])
        #expect(FrameTableEntry.decode(table.dropLast()).map(\.keyHash) == [0xA0])
    }
}
