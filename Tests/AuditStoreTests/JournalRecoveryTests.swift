// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import JournalFormat
import SystemPackage
import Testing

/// What opening does with a journal that is not whole: cuts what a crash left, and refuses what was damaged.
///
/// Journals here have one event of 100 bytes in each frame, one block each, and 7 frames in a file.
@Suite struct JournalRecoveryTests {
    private let fileSystem = SimulatedFileSystem()

    private enum Outcome: Equatable {
        case opened(endIndex: UInt64, cutByteCount: Int)
        case refused(StoreError.Code)
    }

    /// What opening makes of the journal; "opened" includes that every event could be read.
    private func open(_ fileSystem: SimulatedFileSystem? = nil) -> Outcome {
        do {
            let core = try Samples.open(fileSystem ?? self.fileSystem)
            _ = try core.snapshot.allEvents()
            return .opened(endIndex: core.snapshot.endIndex, cutByteCount: core.cutByteCount)
        } catch {
            return .refused(error.code)
        }
    }

    private func newest() throws -> FilePath {
        try #require(try Samples.files(fileSystem).last)
    }

    /// Puts bytes behind the last frame of a journal that was not closed, as a torn write would.
    private func leaveTail(_ bytes: [UInt8], after commits: Int) throws {
        let start = 4096 * (1 + commits)
        try fileSystem.corrupt(newest()) { contents in
            for (place, byte) in bytes.enumerated() { contents[start + place] = byte }
        }
    }

    // MARK: - Torn

    @Test func `a torn tail is cut, and the cut is told and durable`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<3)
        try leaveTail([UInt8](repeating: 0xEE, count: 5000), after: 3)

        #expect(open() == .opened(endIndex: 3, cutByteCount: 5000))
        fileSystem.crash(keeping: .nothing)
        #expect(open() == .opened(endIndex: 3, cutByteCount: 0))
    }

    @Test func `an unused reserved end is no loss`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<3)

        #expect(open() == .opened(endIndex: 3, cutByteCount: 0))
    }

    @Test func `any part of a frame behind the last whole one is cut`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<4)
        let whole = try fileSystem.contents(of: newest(), maximumByteCount: 1 << 20)
        core.close()
        for count in stride(from: 0, to: 4096, by: 64) {
            let torn = SimulatedFileSystem()
            _ = try Samples.filled(torn, commits: 0..<3)
            let path = try #require(try Samples.files(torn).last)
            try torn.corrupt(path) { contents in
                contents = Array(whole.prefix(4096 * 4 + count)) + [UInt8](repeating: 0, count: whole.count)
                contents.removeLast(contents.count - whole.count)
            }
            let outcome = open(torn)
            let isWhole = count >= 72 + 16 + 100 + 16
            #expect(
                outcome
                    == .opened(
                        endIndex: isWhole ? 4 : 3,
                        cutByteCount: isWhole ? 0 : min(count, usedEnd(torn: whole, count))
                    )
            )
        }
    }

    /// End of the last byte that is not zero among the first of the fourth frame.
    private func usedEnd(torn whole: [UInt8], _ count: Int) -> Int {
        let part = whole[(4096 * 4)..<(4096 * 4 + count)]
        return part.lastIndex { $0 != 0 }.map { $0 - part.startIndex + 1 } ?? 0
    }

    @Test func `a file begun by a crash and never used is removed`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<3)
        for contents in [[], [UInt8](repeating: 0, count: 32768), [UInt8](repeating: 9, count: 5000)] {
            try fileSystem.place(Samples.journal.appending("00000000000000000003.journal"), contents)

            #expect(open() == .opened(endIndex: 3, cutByteCount: 0))
            #expect(try Samples.files(fileSystem).count == 1)
        }
    }

    @Test func `a file with a whole header and no frame is made anew`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<7)
        // The eighth event begins a file; the power goes when its frame is written.
        var core = try Samples.open(fileSystem)
        while true {
            fileSystem.fail(fileSystem.operationCount + 4, with: .powerCut)
            if case .failure = core.commit([SampleBatch([SampleEvent(7)])])[0] { break }
        }
        fileSystem.crash(keeping: .everything)

        core = try Samples.open(fileSystem)
        let answer = try core.append([SampleEvent(7)])

        #expect(answer.acceptedCount + answer.repeated.count == 1)
        #expect(open() == .opened(endIndex: 8, cutByteCount: 0))
    }

    @Test func `files of other names are left alone`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<3)
        let names = ["notes.journal", "00000000000000000003.journal.bak", "zzzzzzzzzzzzzzzzzzzz.journal"]
        for name in names { try fileSystem.place(Samples.journal.appending(name), [1]) }

        #expect(open() == .opened(endIndex: 3, cutByteCount: 0))
        for name in names { #expect(fileSystem.exists(Samples.journal.appending(name))) }
    }

    // MARK: - Damaged

    @Test func `damage before a later commit is refused, and nothing is changed`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<5)
        let path = try newest()
        try fileSystem.corrupt(path) { $0[4096 * 2 + 200] ^= 1 }
        let before = try fileSystem.contents(of: path, maximumByteCount: 1 << 20)

        let error = #expect(throws: StoreError.self) { try Samples.open(fileSystem) }

        #expect(error?.code == .damaged)
        #expect((error?.path, error?.byteOffset) == (path, 8192))
        #expect(try fileSystem.contents(of: path, maximumByteCount: 1 << 20) == before)
    }

    @Test func `damage of the last commit of a closed journal is refused`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<5)
        core.close()
        try fileSystem.corrupt(newest()) { $0[4096 * 5 + 150] ^= 1 }

        #expect(open() == .refused(.damaged))
    }

    @Test func `damage of the last commit of a recovered journal is refused`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<5)
        #expect(open() == .opened(endIndex: 5, cutByteCount: 0))
        try fileSystem.corrupt(newest()) { $0[4096 * 5 + 150] ^= 1 }

        #expect(open() == .refused(.damaged))
    }

    @Test func `damage of the last commit before a crash can't be told from a torn write, and is told as a cut`() throws
    {
        _ = try Samples.filled(fileSystem, commits: 0..<5)
        try fileSystem.corrupt(newest()) { $0[4096 * 5 + 150] ^= 1 }

        guard case .opened(endIndex: 4, let cutByteCount) = open() else {
            Issue.record("not opened")
            return
        }
        #expect(cutByteCount > 0)
    }

    @Test func `a newer file without frames is evidence against a torn older one`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<8)
        let files = try Samples.files(fileSystem)
        try fileSystem.corrupt(files[1]) { $0.removeLast($0.count - 4096) }
        try fileSystem.corrupt(files[0]) { $0[4096 * 7 + 150] ^= 1 }

        #expect(open() == .refused(.damaged))
        #expect(try Samples.files(fileSystem) == files)
    }

    @Test func `every cut of a closed journal that takes an event is refused`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<3)
        core.close()
        let path = try newest()
        let whole = try fileSystem.contents(of: path, maximumByteCount: 1 << 20)
        #expect(whole.count == 4096 * 4)
        let used = 72 + 16 + 100 + 16
        for count in stride(from: 4096, through: whole.count, by: 61) {
            try fileSystem.corrupt(path) { $0 = Array(whole.prefix(count)) }
            let (blocks, rest) = (count / 4096 - 1, count % 4096)
            let isWhole = blocks + (rest >= used ? 1 : 0) == 3
            #expect(open() == (isWhole ? .opened(endIndex: 3, cutByteCount: 0) : .refused(.damaged)), "\(count) bytes")
        }
    }

    @Test(arguments: [0, 1])
    func `a closed journal without its newest files is refused`(keeping: Int) throws {
        var core = try Samples.filled(fileSystem, commits: 0..<8)
        core.close()
        for path in try Samples.files(fileSystem).dropFirst(keeping) { try fileSystem.remove(path) }

        #expect(open() == .refused(.damaged))
    }

    @Test func `a journal that was not closed is known to reach its newest file's begin`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<24)
        let files = try Samples.files(fileSystem)
        try #require(files.count > 2)
        for path in files.dropFirst(files.count - 2) { try fileSystem.remove(path) }

        #expect(open() == .refused(.damaged))
    }

    enum Tampering: CaseIterable {
        case fileMissing, fileTwice, filesSwapped, blocksSwapped, blockZeroed, fileOfAnotherLog, newerVersion
    }

    @Test(arguments: Tampering.allCases)
    func `what somebody did to the files is refused`(_ tampering: Tampering) throws {
        _ = try Samples.filled(fileSystem, commits: 0..<20)
        let files = try Samples.files(fileSystem)
        let contents = try files.map { try fileSystem.contents(of: $0, maximumByteCount: 1 << 20) }
        switch tampering {
        case .fileMissing:
            try fileSystem.remove(files[1])
        case .fileTwice:
            try fileSystem.place(Samples.journal.appending("00000000000000000015.journal"), contents[1])
        case .filesSwapped:
            try fileSystem.corrupt(files[0]) { $0 = contents[1] }
            try fileSystem.corrupt(files[1]) { $0 = contents[0] }
        case .blocksSwapped:
            try fileSystem.corrupt(files[1]) { $0[4096..<12288] = contents[1][8192..<12288] + contents[1][4096..<8192] }
        case .blockZeroed:
            try fileSystem.corrupt(files[0]) { for place in 28672..<32768 { $0[place] = 0 } }
        case .fileOfAnotherLog:
            let header = JournalFileHeader(
                logID: LogID(high: 1, low: 2),
                firstIndex: 14,
                created: 0,
                reservedByteCount: 1
            )
            try fileSystem.corrupt(files[2]) { $0[..<4096] = header.encoded()[...] }
        case .newerVersion:
            try fileSystem.corrupt(files[2]) { $0[8] = 2 }
        }

        #expect(open() == .refused(tampering == .newerVersion ? .notADataDirectory : .damaged))
    }

    /// The rule for each byte of a closed journal of two frames: damage of what was written is refused; the unused ends
    /// of the header block and of the frames' blocks carry nothing.
    @Test(arguments: 0..<4)
    func `every flipped bit of a small closed journal is refused or harmless`(part: Int) throws {
        var core = try Samples.filled(fileSystem, commits: 0..<2)
        core.close()
        let path = try newest()
        let used = 72 + 16 + 100 + 16
        var refused = 0
        for byte in stride(from: part, to: 4096 * 3, by: 4) {
            let inBlock = byte % 4096
            let isUsed = byte < 64 || byte >= 4096 && inBlock < used
            // Unused bytes are all alike: each of their bits is tried once in a while.
            for bit in 0..<8 where isUsed || byte % 64 / 4 == bit {
                try fileSystem.corrupt(path) { $0[byte] ^= 1 << UInt8(bit) }
                let outcome = open()
                if isUsed {
                    guard case .refused = outcome else {
                        Issue.record("byte \(byte), bit \(bit): \(outcome)")
                        return
                    }
                    refused += 1
                } else {
                    #expect(outcome == .opened(endIndex: 2, cutByteCount: 0), "byte \(byte), bit \(bit)")
                }
                try fileSystem.corrupt(path) { $0[byte] ^= 1 << UInt8(bit) }
            }
        }
        #expect(refused == (64 + 2 * used) / 4 * 8)
    }
}
