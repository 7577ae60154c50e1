// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import ManifestFormat
import SegmentFormat
import Testing
import TransparencyLog

@testable import Verification

/// A bit of a file that is other than it was: found, or harmless.
@Suite struct BitFlipTests {
    private static let log = SampleLog(3, segments: [2])

    /// All bits of short files, one of each byte of long ones.
    private static func bits(_ bytes: [UInt8]) -> [Int] {
        bytes.count <= 512 ? Array(0..<bytes.count * 8) : bytes.indices.map { $0 * 8 + ($0 &* 5) % 8 }
    }

    @Test func `every flipped bit of a file is found`() async throws {
        let whole = try Self.log.files()
        // The others have tests of their own.
        let others = ["identity", "log/vkeys", "log/checkpoint"]
        for name in whole.keys.sorted() where !others.contains(name) && !name.hasPrefix("journal/") {
            let bytes = try #require(whole[name])
            // Of a segment some: a checksum covers each part, and below the manifest is changed with it.
            for bit in name.hasPrefix("segments/")
                ? Array(stride(from: 0, to: bytes.count * 8, by: 61)) : Self.bits(bytes)
            {
                var files = whole
                files[name]?[bit / 8] ^= 1 << UInt8(bit % 8)
                // A record of an end that was reached is one that was written earlier.
                if name == "journal-end", bit / 8 == bytes.count - 2, files[name]?[bit / 8] ?? 0 <= UInt8(ascii: "3") {
                    continue
                }
                #expect(try await SampleLog.verify(files).outcome == .tampered, "\(name), bit \(bit)")
            }
        }
    }

    @Test func `every flipped bit of the identity is found`() async throws {
        let whole = try Self.log.files()
        let bytes = try #require(whole["identity"])
        let seed = try #require(String(decoding: bytes, as: UTF8.self).split(separator: " ").last).utf8.count
        for bit in 0..<bytes.count * 8 {
            var files = whole
            files["identity"]?[bit / 8] ^= 1 << UInt8(bit % 8)
            do {
                let report = try await SampleLog.verify(files)
                // The seed of the key hashes has nothing to do with the evidence, nor has the case of a digit.
                let isHarmless = bit / 8 >= bytes.count - seed || bit % 8 == 5
                #expect(report.outcome == .tampered || isHarmless, "bit \(bit)")
            } catch let error as EvidenceError {
                #expect(error.code == .notALog)
            }
        }
    }

    @Test func `every flipped bit of the journal is found, or in padding`() async throws {
        let whole = try Self.log.files()
        let name = try #require(whole.keys.first { $0.hasPrefix("journal/") })
        let bytes = try #require(whole[name])
        // The header's checked bytes, and the frame's.
        let frameEnd = 4096 + 72 + 6 + 7 + 8 + 200
        for byte in Array(0..<80) + Array(4096..<min(frameEnd, bytes.count)) {
            for bit in [byte % 8, (byte + 3) % 8] {
                var files = whole
                files[name]?[byte] ^= 1 << UInt8(bit)
                let report = try await SampleLog.verify(files)
                let isPadding = (64..<4096).contains(byte) || bytes[byte...].allSatisfy { $0 == 0 }
                #expect(report.outcome == .tampered || isPadding || bytes[byte] == 0, "byte \(byte)")
            }
        }
    }

    /// Whoever changes the file changes the manifest's checksums with it.
    @Test func `every flipped bit of a segment is found, or leaves the events what they were`() async throws {
        let whole = try Self.log.files()
        let name = try #require(whole.keys.first { $0.hasPrefix("segments/") })
        let bytes = try #require(whole[name])
        let manifest = try ManifestText.decode(whole["manifest"] ?? [])
        let segment = manifest.segments[0]
        var harmlessCount = 0
        for bit in Self.bits(bytes) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            var start = 0
            let parts = segment.parts.map { part in
                let range = start..<part.endOffset
                start = part.endOffset
                return unsafe SegmentDescription.Part(
                    endOffset: part.endOffset,
                    checksum: CRC32C.checksum(changed.span.bytes.extracting(range))
                )
            }
            var other = manifest
            other.segments = [
                SegmentDescription(
                    name: name,
                    firstIndex: segment.firstIndex,
                    eventCount: segment.eventCount,
                    eventByteCount: segment.eventByteCount,
                    receivedRange: segment.receivedRange,
                    timeRange: segment.timeRange,
                    streams: segment.streams,
                    parts: parts
                )
            ]
            var files = whole
            files[name] = changed
            files["manifest"] = ManifestText.encode(other)
            let report = try await SampleLog.verify(files)
            guard report.outcome != .tampered else { continue }
            #expect(report.outcome == .verified)
            harmlessCount += 1
            // Statistics, and what is made of the events for queries.
            let reader = try SegmentRowReader(ParquetBytes(changed))
            let rows = try reader.events(0..<2, using: ZstdDecompressor())
            for place in 0..<2 { #expect(Array(rows.bytes[rows.range(of: place)]) == Self.log.events[place].body) }
        }
        #expect(harmlessCount < bytes.count)
    }

    @Test func `every flipped bit of a tile is found`() async throws {
        for (log, name, step) in [
            (SampleLog(1, removed: 768), "log/tile/1/000.p/3", 1),
            (SampleLog(1, removed: 65_536), "log/tile/1/000", 509),
        ] {
            let whole = try log.files()
            let bytes = try #require(whole[name])
            for bit in stride(from: 0, to: bytes.count * 8, by: step) {
                var files = whole
                files[name]?[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(try await SampleLog.verify(files).outcome == .tampered, "\(name), bit \(bit)")
            }
        }
    }
}
