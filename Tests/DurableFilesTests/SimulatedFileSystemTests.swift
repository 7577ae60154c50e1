// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage
import Testing

@Suite struct SimulatedFileSystemTests {
    private let directory: FilePath = "/data"
    private let path: FilePath = "/data/a"

    private func make(seed: UInt64 = 0, capacity: Int = .max) throws -> SimulatedFileSystem {
        let fileSystem = SimulatedFileSystem(seed: seed, capacity: capacity)
        try fileSystem.createDirectory(directory)
        return fileSystem
    }

    @Test(arguments: [true, false])
    func `a name survives a power cut once its directory is synced`(isSynced: Bool) throws {
        let fileSystem = try make()
        _ = try fileSystem.createForDurableWrites(path, preallocatedByteCount: 4096)
        if isSynced { try fileSystem.syncDirectory(directory) }

        fileSystem.crash(keeping: .nothing)

        #expect(fileSystem.exists(path) == isSynced)
    }

    @Test func `a durable write survives a power cut when it has returned`() throws {
        let fileSystem = try make()
        let file = try fileSystem.createForDurableWrites(path, preallocatedByteCount: 8192)
        try fileSystem.syncDirectory(directory)
        try write([AlignedBlocks(repeating: 7)], to: file, at: 4096)

        fileSystem.crash(keeping: .nothing)

        let contents = try fileSystem.contents(of: path, maximumByteCount: 8192)
        #expect(contents == [UInt8](repeating: 0, count: 4096) + [UInt8](repeating: 7, count: 4096))
    }

    @Test func `a power cut in a durable write leaves some sectors, some not, and some torn`() throws {
        var (absent, whole, torn) = (0, 0, 0)
        for seed in 0..<32 as Range<UInt64> {
            let fileSystem = try make()
            let file = try fileSystem.createForDurableWrites(path, preallocatedByteCount: 8192)
            try fileSystem.syncDirectory(directory)
            fileSystem.fail(fileSystem.operationCount, with: .powerCut)
            #expect(throws: FileError.self) { try write([AlignedBlocks(repeating: 7, count: 2)], to: file, at: 0) }
            #expect(fileSystem.isOff)
            #expect(throws: FileError.self) { try fileSystem.names(in: directory) }

            fileSystem.crash(keeping: .random(seed: seed))

            let contents = try fileSystem.contents(of: path, maximumByteCount: 8192)
            for start in stride(from: 0, to: 8192, by: 512) {
                switch contents[start..<start + 512].count(where: { $0 == 7 }) {
                case 0: absent += 1
                case 512: whole += 1
                default: torn += 1
                }
            }
        }

        #expect(absent > 100 && whole > 100 && torn > 5, "\(absent) absent, \(whole) whole, \(torn) torn")
    }

    @Test func `the same seed leaves the same bytes`() throws {
        func survivors(_ seed: UInt64) throws -> [UInt8] {
            let fileSystem = try make(seed: seed)
            let file = try fileSystem.createForDurableWrites(path, preallocatedByteCount: 8192)
            try fileSystem.syncDirectory(directory)
            fileSystem.fail(fileSystem.operationCount, with: .inputOutput)
            #expect(throws: FileError.self) { try write([AlignedBlocks(repeating: 7, count: 2)], to: file, at: 0) }
            fileSystem.crash(keeping: .random(seed: seed))
            return try fileSystem.contents(of: path, maximumByteCount: 8192)
        }

        #expect(try survivors(1) == survivors(1))
        #expect(try survivors(1) != survivors(2))
    }

    @Test func `a failed sync loses its bytes, shows them, and the next one does not say so`() throws {
        let fileSystem = try make()
        try fileSystem.appendDurably(path, [1])
        let file = try fileSystem.openForRecovery(path)
        try file.truncate(to: 3)
        fileSystem.fail(fileSystem.operationCount, with: .inputOutput)
        #expect(throws: FileError.self) { try file.sync() }

        #expect(try file.bytes(in: 0..<9) == [1, 0, 0])
        try file.sync()

        fileSystem.crash(keeping: .everything)
        #expect(try fileSystem.contents(of: path, maximumByteCount: 9) == [1])
    }

    @Test func `opening for recovery shows what is on disk after a failed sync`() throws {
        let fileSystem = try make()
        try fileSystem.appendDurably(path, [1])
        let file = try fileSystem.openForRecovery(path)
        try file.truncate(to: 3)
        fileSystem.fail(fileSystem.operationCount, with: .inputOutput)
        #expect(throws: FileError.self) { try file.sync() }
        fileSystem.endProcess()

        #expect(try fileSystem.openForRecovery(path).bytes(in: 0..<9) == [1])
    }

    @Test func `the end of a process loses no bytes, but its files and locks`() throws {
        let fileSystem = try make()
        let file = try fileSystem.createForDurableWrites(path, preallocatedByteCount: 4096)
        let lock = try fileSystem.lock("/data/LOCK")

        fileSystem.endProcess()

        #expect(fileSystem.exists(path))
        #expect(throws: FileError.self) { try write([AlignedBlocks(repeating: 1)], to: file, at: 0) }
        let next = try fileSystem.lock("/data/LOCK")
        _ = lock
        #expect(throws: FileError.self) { try fileSystem.lock("/data/LOCK") }
        _ = next
    }

    @Test func `a replaced file has all of its old or all of its new contents wherever the power goes`() throws {
        for cut in 0..<16 {
            for seed in 0..<8 as Range<UInt64> {
                let fileSystem = try make()
                try fileSystem.replaceAtomically(path, with: [UInt8](repeating: 1, count: 2000), mode: .ownerReadWrite)
                fileSystem.fail(fileSystem.operationCount + cut, with: .powerCut)
                try? fileSystem.replaceAtomically(path, with: [UInt8](repeating: 2, count: 3000), mode: .ownerReadWrite)

                fileSystem.crash(keeping: .random(seed: seed))

                let contents = try fileSystem.contents(of: path, maximumByteCount: 3000)
                #expect(
                    contents == [UInt8](repeating: 1, count: 2000) || contents == [UInt8](repeating: 2, count: 3000),
                    "cut \(cut), seed \(seed)"
                )
            }
        }
    }

    @Test func `a full disk refuses to reserve, leaves no file, and has room again`() throws {
        let fileSystem = try make(capacity: 8192)

        let error = #expect(throws: FileError.self) {
            try fileSystem.createForDurableWrites(path, preallocatedByteCount: 12288)
        }
        #expect(error?.code == .noSpace)
        #expect(!fileSystem.exists(path))

        fileSystem.setCapacity(12288)
        _ = try fileSystem.createForDurableWrites(path, preallocatedByteCount: 12288)
        #expect(try fileSystem.availableByteCount(at: directory) == 0)
    }

    @Test func `a short write leaves its first half`() throws {
        let fileSystem = try make()
        let file = try fileSystem.createForDurableWrites(path, preallocatedByteCount: 8192)
        fileSystem.fail(fileSystem.operationCount, with: .shortWrite)

        let error = #expect(throws: FileError.self) {
            try write([AlignedBlocks(repeating: 7, count: 2)], to: file, at: 0)
        }

        #expect(error?.code == .noSpace)
        #expect(try file.bytes(in: 4095..<4097) == [7, 0])
    }

    @Test func `the log says what was done and what failed`() throws {
        let fileSystem = try make()
        fileSystem.fail(fileSystem.operationCount, with: .noSpace)
        #expect(throws: FileError.self) { try fileSystem.appendDurably(path, [1]) }

        let last = try #require(fileSystem.log.last)

        #expect(last.description == "\(last.number): create /data/a — noSpace")
        #expect(last.isChange)
    }
}
