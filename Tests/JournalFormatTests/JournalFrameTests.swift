// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat
import Testing

@Suite struct JournalFrameTests {
    @Test func `a filtered frame has the chosen events, their keys and the flags given`() throws {
        let frame = Samples.frame(["one", "two", "three"])
        let kept = try #require(frame.filtered { $0 == 1 ? nil : $0 == 2 ? .conflict : [] })

        let reader = try Samples.read(Samples.blocks(kept))

        #expect(Samples.events(of: reader) == ["one", "three"])
        #expect((0..<2).map { reader.entry($0).keyHash } == [0xA0, 0xA2])
        #expect((0..<2).map { reader.entry($0).flags } == [[], .conflict])
        #expect(kept.timeRange == frame.timeRange)
        #expect((reader.header.submitter, reader.header.source) == (frame.submitter, frame.source))
        #expect(reader.header.position == frame.position)
    }

    @Test func `a frame filtered to nothing is none`() {
        #expect(Samples.frame().filtered { _ in nil } == nil)
    }

    @Test func `a frame with an event without time covers all times`() throws {
        let frame = JournalFrame(stream: .system, submitter: "", source: "")
        frame.append(Array("x".utf8).span.bytes, time: nil, keyHash: 0)
        frame.append(Array("y".utf8).span.bytes, time: 5, keyHash: 0)
        frame.finish()

        let header = try Samples.read(Samples.blocks(frame)).header

        #expect((header.earliestTime, header.latestTime) == (.min, .max))
        #expect(header.stream == .system)
    }

    @Test(arguments: [0, 1, 4000, 4096, 100_000])
    func `a frame grows to any size and is padded with zeros to whole blocks`(byteCount: Int) throws {
        let frame = JournalFrame(stream: .audit, submitter: "s", source: "", capacity: 1)
        let event = [UInt8](repeating: 0x20, count: byteCount)
        frame.append(event.span.bytes, time: 1, keyHash: 1)
        frame.finish()

        let bytes = Samples.blocks(frame)

        #expect(bytes.count == frame.paddedByteCount && bytes.count.isMultiple(of: 4096))
        #expect(bytes[frame.byteCount...].allSatisfy { $0 == 0 })
        #expect(try Samples.read(bytes).ranges().map(\.count) == [byteCount])
        #expect(frame.bodyByteCount == byteCount)
    }

    @Test(arguments: ["a", "ü", "日", "🐦"])
    func `a label that is too long is cut to what a reader accepts`(character: String) throws {
        for prefix in ["", "x", "xx", "xxx"] {
            let label = prefix + String(repeating: character, count: 5000)
            let frame = Samples.frame(["e"], submitter: label)

            #expect(frame.submitter.utf8.count <= JournalLimits.maximumLabelByteCount)
            #expect(try Samples.read(Samples.blocks(frame)).header.submitter == frame.submitter)
        }
    }

    @Test func `the position in the source does not go beyond its limit`() {
        let frame = JournalFrame(
            stream: .audit,
            submitter: "",
            source: "",
            position: [UInt8](repeating: 1, count: 9000)
        )

        #expect(frame.position.count == JournalLimits.maximumLabelByteCount)
    }

    @Test func `a frame may be sealed again for another place`() {
        let frame = Samples.frame()
        _ = Samples.blocks(frame, at: 4096)
        let moved = Samples.blocks(frame, firstIndex: 7, at: 8192)

        #expect(Samples.refusal(moved, at: 8192) == nil)
        #expect(Samples.refusal(moved, at: 4096) == .checksumMismatch)
    }

    @Test func `an event that would exceed the frame has no room`() {
        let frame = Samples.frame()

        #expect(frame.hasRoom(for: 1 << 20))
        #expect(!frame.hasRoom(for: JournalLimits.maximumFrameByteCount))
    }
}
