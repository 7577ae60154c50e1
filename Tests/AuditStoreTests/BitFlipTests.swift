// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import JournalFormat
import ManifestFormat
import SegmentFormat
import SystemPackage
import Testing

@testable import AuditStore

/// One flipped bit anywhere in a closed store's files: it is detected, or all events come back as they were.
///
/// Never other events, never a trap. Every bit is flipped. Where reading all events takes long and a bit is like its
/// neighbours, one bit of each byte of a segment's columns is read and the others are checked alone, and one bit in 64 bytes of
/// the journal's padding is tried; `MARTLET_LONG=1` has every bit go through everything.
@Suite struct BitFlipTests {
    private static let triesAll = ProcessInfo.processInfo.environment["MARTLET_LONG"] == "1"

    /// Where a flipped bit was noticed.
    private enum Outcome {
        case onOpening, onReading, byCheck, harmless
    }

    private struct Tally: CustomStringConvertible {
        var onOpening = 0
        var onReading = 0
        /// By a check alone: reading gives the right events all the same.
        var byCheck = 0
        /// By a check; reading was not tried.
        var checkedOnly = 0
        var harmless = 0

        var count: Int { onOpening + onReading + byCheck + checkedOnly + harmless }

        mutating func add(_ outcome: Outcome) {
            switch outcome {
            case .onOpening: onOpening += 1
            case .onReading: onReading += 1
            case .byCheck: byCheck += 1
            case .harmless: harmless += 1
            }
        }

        var description: String {
            """
            of \(count) flipped bits \(onOpening) were detected on opening, \(onReading) on reading, \(byCheck) by check \
            alone, \(checkedOnly) by check without reading, \(harmless) were harmless
            """
        }
    }

    private struct Violation: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    // MARK: - The store

    private let fileSystem = SimulatedFileSystem()
    /// The newest event is in the journal, so that opening reads no segment.
    private let options = Samples.options(journalFileByteCount: 16 << 10, repeatWindowEventCount: 1)
    private let records: [EventRecord]
    private let segments: [SealedSegment]

    /// Two segments, a manifest with a position, and a journal of one frame; closed.
    init() throws {
        var core = try Samples.open(fileSystem, options)
        _ = try core.append([SampleEvent(1)])
        try core.seal()
        let frame = JournalFrame(stream: .audit, submitter: "User:carol", source: "topic", position: [7, 8, 9])
        for event in [SampleEvent(2), SampleEvent(2, variant: 1)] {
            frame.append(event.bytes.span.bytes, time: 2, keyHash: event.keyHash(submitter: "User:carol"))
        }
        frame.finish()
        _ = try core.commit([frame])[0].get()
        try core.seal()
        core.close()
        core = try Samples.open(fileSystem, options)
        _ = try core.append([SampleEvent(3)])
        core.removeUnused()
        core.close()
        core = try Samples.open(fileSystem, options)
        records = try core.snapshot.allRecords()
        segments = core.snapshot.segments
        try #require(records.map(\.index) == [0, 1, 2, 3] && records[2].flags == EventFlags.conflict.rawValue)
        try #require(segments.map(\.description.eventCount) == [1, 2])
        try #require(try Samples.files(fileSystem).count == 1)
    }

    private func contents(_ path: FilePath) throws -> [UInt8] {
        try fileSystem.contents(of: path, maximumByteCount: 1 << 20)
    }

    /// Opens the store, reads all events, and checks all segments.
    private func look() throws -> Outcome {
        let snapshot: StoreSnapshot
        do throws(StoreError) {
            snapshot = try Samples.open(fileSystem, options).snapshot
        } catch {
            guard error.code == .damaged || error.code == .notADataDirectory else { throw Violation("open: \(error)") }
            return .onOpening
        }
        let found: [EventRecord]
        do throws(StoreError) {
            found = try snapshot.allRecords()
        } catch {
            guard error.code == .damaged else { throw Violation("read: \(error)") }
            return .onReading
        }
        guard found == records else { throw Violation("other events: \(found)") }
        for segment in snapshot.segments {
            do throws(StoreError) { try segment.check() } catch { return .byCheck }
        }
        return .harmless
    }

    /// Reads one segment, then checks it, through an object that has seen nothing of it yet.
    private func look(
        at description: SegmentDescription,
        in files: any FileSystem,
        _ expected: [EventRecord],
        reading: Bool
    ) throws -> Outcome {
        let fresh = SealedSegment(description, in: "/", files, SegmentCache(maximumCount: 1, maximumByteCount: 0))
        if reading {
            let found: EventRun
            do throws(StoreError) {
                found = try fresh.events(0..<description.eventCount)
            } catch {
                guard error.code == .damaged, fresh.damage != nil else { throw Violation("read: \(error)") }
                return .onReading
            }
            guard found.records == expected else { throw Violation("other events: \(found.records)") }
        }
        do throws(StoreError) {
            try fresh.check()
        } catch {
            guard error.code == .damaged, fresh.damage != nil else { throw Violation("check: \(error)") }
            return .byCheck
        }
        return .harmless
    }

    /// Flips each bit of a file in turn, and back.
    private func forEachBit(of path: FilePath, _ body: (_ byte: Int, _ bit: Int) throws -> Void) throws {
        let whole = try contents(path)
        for byte in whole.indices {
            for bit in 0..<8 {
                try fileSystem.corrupt(path) { $0[byte] ^= 1 << UInt8(bit) }
                do {
                    try body(byte, bit)
                } catch {
                    Issue.record("\(path), byte \(byte), bit \(bit): \(error)")
                    throw error
                }
                // All of it, in case that opening changed more.
                try fileSystem.corrupt(path) { $0 = whole }
            }
        }
    }

    // MARK: - Segments

    @Test(arguments: 0..<2)
    func `every flipped bit of a segment is detected`(number: Int) throws {
        let segment = segments[number]
        // Under a short name, because making paths would take most of the time.
        let description = SegmentDescription(
            name: "s",
            firstIndex: segment.description.firstIndex,
            eventCount: segment.description.eventCount,
            eventByteCount: segment.description.eventByteCount,
            receivedRange: segment.description.receivedRange,
            timeRange: segment.description.timeRange,
            streams: segment.description.streams,
            parts: segment.description.parts
        )
        let expected = records.filter { segment.description.indices.contains($0.index) }
        let footerOffset = segment.description.range(ofPart: segment.description.parts.count - 1).lowerBound
        let whole = try contents(segment.path)
        let files = InterposedFileSystem(fileSystem)
        var bytes = whole
        var tally = Tally()
        for byte in whole.indices {
            for bit in 0..<8 {
                bytes[byte] ^= 1 << UInt8(bit)
                files.replace(with: bytes)
                let isRead = byte >= footerOffset || bit == byte % 8 || Self.triesAll
                let outcome = try look(at: description, in: files, expected, reading: isRead)
                if outcome == .byCheck, !isRead { tally.checkedOnly += 1 } else { tally.add(outcome) }
                bytes[byte] = whole[byte]
            }
            // The whole way, once in a while: the segment is set aside, and the store opens.
            guard byte % 127 == 0 else { continue }
            try fileSystem.corrupt(segment.path) { $0[byte] ^= 1 }
            let outcome = try look()
            #expect(outcome == .onReading || outcome == .byCheck)
            try fileSystem.corrupt(segment.path) { $0 = whole }
        }
        print("segment \(number + 1): \(tally)")
        #expect(tally.harmless == 0, "\(tally)")
        #expect(tally.onReading > tally.byCheck, "\(tally)")
        #expect(tally.count == segment.description.byteCount * 8)
    }

    // MARK: - Indexes

    /// Nothing reads an index yet but whoever asks for it: every event comes back whatever its bits are.
    ///
    /// Its own checksums
    /// find every one, so that it can be believed once something does.
    @Test(arguments: 0..<2)
    func `every flipped bit of an index is found by its checksums, and no event depends on it`(number: Int) throws {
        let path = segments[number].indexPath
        let decompressor = ZstdDecompressor()
        func load() throws(SegmentError) {
            let index = try SegmentIndex(SegmentFileSource(path, in: fileSystem))
            _ = try index.ids(using: decompressor)
            _ = try index.times(using: decompressor)
            _ = try index.words(of: index.columns(using: decompressor), using: decompressor)
        }
        try load()
        var tally = Tally()
        var places = 0
        try forEachBit(of: path) { _, _ in
            do throws(SegmentError) {
                try load()
                tally.harmless += 1
            } catch {
                tally.byCheck += 1
            }
            places += 1
            if places % 499 == 0 {
                let whole = try look()
                #expect(whole == .harmless)
            }
        }
        print("index \(number + 1): \(tally)")
        #expect(tally.harmless == 0, "\(tally)")
        #expect(tally.byCheck == (try contents(path).count) * 8)
    }

    // MARK: - What opening reads

    @Test func `every flipped bit of the manifest is detected on opening`() throws {
        let path = Samples.directory.appending("manifest")
        var tally = Tally()
        try forEachBit(of: path) { _, _ in tally.add(try look()) }
        print("manifest: \(tally)")
        #expect(tally.onOpening == tally.count, "\(tally)")
    }

    /// The file was closed, so nothing in it counts as torn.
    ///
    /// Unused ends of blocks carry nothing.
    @Test func `every flipped bit of the journal is detected on opening, and of its padding harmless`() throws {
        let path = try #require(try Samples.files(fileSystem).first)
        let block = JournalLimits.blockByteCount
        let used = Set(0..<64).union(block..<block + 72 + 16 + 100 + 16)
        var tally = Tally()
        var padding = Tally()
        try forEachBit(of: path) { byte, bit in
            if used.contains(byte) {
                tally.add(try look())
            } else if Self.triesAll || byte % 512 == bit * 64 {
                padding.add(try look())
            }
        }
        print("journal: \(tally); of its padding: \(padding)")
        #expect(tally.onOpening == used.count * 8, "\(tally)")
        #expect(padding.harmless == padding.count && padding.count > 0, "\(padding)")
    }

    /// Nothing guards the seed of the key hashes.
    ///
    /// With another seed all events come back, and ones that are sent again are not recognised any more.
    @Test func `every flipped bit of the identity is detected on opening, or changes the seed alone`() throws {
        let path = Samples.directory.appending("identity")
        let whole = String(decoding: try contents(path), as: UTF8.self)
        let seed = try #require(whole.utf8.firstRange(of: "key-seed ".utf8)).upperBound
        let seedOffset = whole.utf8.distance(from: whole.utf8.startIndex, to: seed)
        var tally = Tally()
        try forEachBit(of: path) { byte, bit in
            let outcome = try look()
            tally.add(outcome)
            guard outcome == .harmless else { return }
            let flipped = try contents(path)[byte]
            // A letter in upper case is the same digit.
            let isSameDigit = bit == 5 && (0x41...0x46).contains(flipped)
            #expect(byte >= seedOffset || isSameDigit, "byte \(byte), bit \(bit)")
        }
        print("identity: \(tally)")
        #expect(tally.onOpening + tally.harmless == whole.utf8.count * 8, "\(tally)")
        #expect(tally.onOpening >= seedOffset * 8 - 32, "\(tally)")
    }

    /// A smaller index makes the record say less than it could; every other flipped bit is detected.
    @Test func `every flipped bit of the journal's end is detected on opening, or names an earlier index`() throws {
        let path = Samples.directory.appending("journal-end")
        var tally = Tally()
        try forEachBit(of: path) { byte, bit in
            let outcome = try look()
            tally.add(outcome)
            guard outcome == .harmless else { return }
            let text = String(decoding: try contents(path), as: UTF8.self)
            let word = text.split(separator: "\n").last?.split(separator: " ").last
            let index = try #require(word.flatMap { UInt64($0) })
            #expect(index <= 4, "byte \(byte), bit \(bit)")
        }
        print("journal's end: \(tally)")
        #expect(tally.onOpening + tally.harmless == (try contents(path).count) * 8, "\(tally)")
        #expect(tally.harmless <= 8, "\(tally)")
    }
}
