// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import SystemPackage
import Testing

/// What every file system does.
///
/// A new one is one line in `Candidate`.
@Suite struct FileSystemConformanceTests {
    enum Candidate: CaseIterable {
        case real
        case simulated

        /// A file system, and a directory in it that is empty.
        func open() throws -> (any FileSystem, Scratch) {
            switch self {
            case .real: (RealFileSystem(), try Scratch())
            case .simulated: (SimulatedFileSystem(), try Scratch(makingDirectory: false))
            }
        }
    }

    /// Runs a test on a directory that exists.
    private func with(_ candidate: Candidate, _ body: (any FileSystem, FilePath) throws -> Void) throws {
        let (fileSystem, scratch) = try candidate.open()
        try withExtendedLifetime(scratch) {
            try fileSystem.createDirectory(scratch.path)
            try body(fileSystem, scratch.path)
        }
    }

    @Test(arguments: Candidate.allCases)
    func `a file made for durable writes has its reserved size, zeros, and what is written`(
        _ candidate: Candidate
    ) throws {
        try with(candidate) { fileSystem, directory in
            let path = directory.appending("a")
            let written = try fileSystem.createForDurableWrites(path, preallocatedByteCount: 16384)
            try write([AlignedBlocks(repeating: 1), AlignedBlocks(repeating: 2)], to: written, at: 4096)

            let file = try fileSystem.openForReading(path)
            #expect(try file.byteCount() == 16384)
            #expect(try file.bytes(in: 4094..<4098) == [0, 0, 1, 1])
            #expect(try file.bytes(in: 8191..<8193) == [1, 2])
            #expect(try file.bytes(in: 12287..<12289) == [2, 0])
        }
    }

    @Test(arguments: Candidate.allCases)
    func `a file that exists is not made again`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            _ = try fileSystem.createForDurableWrites(directory.appending("a"), preallocatedByteCount: 4096)

            let error = #expect(throws: FileError.self) {
                try fileSystem.createForDurableWrites(directory.appending("a"), preallocatedByteCount: 4096)
            }

            #expect(error?.code == .alreadyExists)
        }
    }

    @Test(arguments: Candidate.allCases)
    func `a read ends early at the end of the file`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            try fileSystem.appendDurably(directory.appending("a"), [1, 2, 3])
            let file = try fileSystem.openForReading(directory.appending("a"))

            #expect(try file.bytes(in: 1..<100) == [2, 3])
            #expect(try file.bytes(in: 3..<100) == [])
            #expect(try file.bytes(in: 50..<100) == [])
        }
    }

    @Test(arguments: Candidate.allCases)
    func `appending adds to the end and makes the file when it is missing`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            try fileSystem.appendDurably(directory.appending("a"), [1, 2])
            try fileSystem.appendDurably(directory.appending("a"), [3])

            #expect(try fileSystem.contents(of: directory.appending("a"), maximumByteCount: 3) == [1, 2, 3])
        }
    }

    @Test(arguments: Candidate.allCases)
    func `replacing leaves the new contents and no other name`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            let path = directory.appending("a")
            try fileSystem.replaceAtomically(path, with: [1, 2, 3], mode: .ownerReadWrite)
            try fileSystem.replaceAtomically(path, with: [9], mode: .ownerReadWrite)

            #expect(try fileSystem.contents(of: path, maximumByteCount: 10) == [9])
            #expect(try fileSystem.names(in: directory) == ["a"])
        }
    }

    @Test(arguments: Candidate.allCases)
    func `contents beyond the limit are refused`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            try fileSystem.appendDurably(directory.appending("a"), [1, 2, 3])

            let error = #expect(throws: FileError.self) {
                try fileSystem.contents(of: directory.appending("a"), maximumByteCount: 2)
            }

            #expect(error?.code == .tooLarge)
        }
    }

    @Test(arguments: Candidate.allCases)
    func `what is not there is not found`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            let missing = directory.appending("missing")
            let calls: [() throws -> Void] = [
                { _ = try fileSystem.openForReading(missing) },
                { _ = try fileSystem.openForRecovery(missing) },
                { _ = try fileSystem.contents(of: missing, maximumByteCount: 1) },
                { _ = try fileSystem.names(in: missing) },
                { try fileSystem.remove(missing) },
                { try fileSystem.syncDirectory(missing) },
                { _ = try fileSystem.createForDurableWrites(missing.appending("a"), preallocatedByteCount: 1) },
            ]

            for (place, call) in calls.enumerated() {
                let error = #expect(throws: FileError.self, "call \(place)") { try call() }
                #expect(error?.code == .notFound, "call \(place)")
            }
            #expect(!fileSystem.exists(missing))
        }
    }

    @Test(arguments: Candidate.allCases)
    func `a removed file has no name any more`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            try fileSystem.appendDurably(directory.appending("b"), [1])
            try fileSystem.appendDurably(directory.appending("a"), [1])
            #expect(try fileSystem.names(in: directory) == ["a", "b"])

            try fileSystem.remove(directory.appending("a"))

            #expect(try fileSystem.names(in: directory) == ["b"])
            #expect(fileSystem.exists(directory.appending("b")))
        }
    }

    @Test(arguments: Candidate.allCases)
    func `directories are made with those above them, and again without complaint`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            let path = directory.appending("x").appending("y").appending("z")
            try fileSystem.createDirectory(path)
            try fileSystem.createDirectory(path)

            #expect(try fileSystem.names(in: directory.appending("x")) == ["y"])
            #expect(try fileSystem.names(in: path) == [])
        }
    }

    @Test(arguments: Candidate.allCases)
    func `a file opened for recovery can be read, cut and lengthened`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            try fileSystem.appendDurably(directory.appending("a"), [1, 2, 3])
            let file = try fileSystem.openForRecovery(directory.appending("a"))
            #expect(try file.bytes(in: 0..<3) == [1, 2, 3])

            try file.truncate(to: 2)
            try file.truncate(to: 4)
            try file.sync()

            #expect(try fileSystem.contents(of: directory.appending("a"), maximumByteCount: 9) == [1, 2, 0, 0])
        }
    }

    @Test(arguments: Candidate.allCases)
    func `a lock is held by one, and free when it goes`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            let path = directory.appending("LOCK")
            var first: (any FileLock)? = try fileSystem.lock(path)
            let error = #expect(throws: FileError.self) { try fileSystem.lock(path) }
            #expect(error?.code == .locked)
            _ = first
            first = nil

            _ = try fileSystem.lock(path)
        }
    }

    @Test(arguments: Candidate.allCases)
    func `free space is known`(_ candidate: Candidate) throws {
        try with(candidate) { fileSystem, directory in
            let byteCount = try fileSystem.availableByteCount(at: directory)
            #expect(byteCount > 0)
        }
    }
}

/// A name in the temporary directory that nobody else has, removed with all that is under it.
final class Scratch: Sendable {
    let path: FilePath

    init(makingDirectory: Bool = true) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)")
        if makingDirectory {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        }
        path = FilePath(directory.path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }
}

/// Memory that may be written past the page cache.
final class AlignedBlocks {
    fileprivate let memory: UnsafeMutableRawBufferPointer

    init(repeating byte: UInt8, count: Int = 1) {
        let byteCount = count * durableWriteAlignment
        memory = .allocate(byteCount: byteCount, alignment: durableWriteAlignment)
        memory.initializeMemory(as: UInt8.self, repeating: byte)
    }

    deinit { memory.deallocate() }
}

/// Writes blocks one after the other.
func write(_ blocks: [AlignedBlocks], to file: any DurableFile, at offset: Int) throws {
    try withExtendedLifetime(blocks) {
        try file.write(blocks.map { UnsafeRawBufferPointer($0.memory) }, at: offset)
    }
}
