// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import EventScanner
import Foundation
import SystemPackage
import Testing

@testable import Ingest

@Suite struct QuarantineTests {
    private static let directory: FilePath = "/data"
    private static let file: FilePath = "/data/quarantine.ndjson"

    @Test func `what is added is there again after opening`() async throws {
        let files = try Self.files()
        try await Self.with(files) { quarantine async throws in
            let told = try await quarantine.add(
                [Self.piece("a"), Self.piece("b")],
                from: "User:alice",
                source: "file:x"
            )
            #expect(told == [Self.piece("a").rejection, Self.piece("b").rejection])
            #expect(quarantine.count == 2)
        }

        try await Self.with(files) { quarantine async throws in
            let entries = try await quarantine.entries()
            #expect(quarantine.count == 2)
            #expect(entries.map(\.id) == [1, 2])
            #expect(entries.map(\.submitter) == ["User:alice", "User:alice"])
            #expect(entries.map(\.source) == ["file:x", "file:x"])
            #expect(entries.map { Array($0.bytes) } == [Self.piece("a").bytes, Self.piece("b").bytes])
            #expect(entries.map(\.line) == [3, 3])
            #expect(entries.map(\.byteOffset) == [40, 40])
            #expect(entries.map(\.code) == ["notAnObject", "notAnObject"])
            #expect(entries.map(\.received) == [Samples.now, Samples.now])
        }
    }

    @Test func `nothing added is nothing written`() async throws {
        let files = try Self.files()
        try await Self.with(files) { quarantine async throws in
            let told = try await quarantine.add([], from: "User:alice", source: "x")
            #expect(told == [])
            #expect(try await quarantine.entries().isEmpty)
        }
        #expect(!files.exists(Self.file))
    }

    @Test func `any bytes come back as they came`() async throws {
        let bytes = (0...255).map { UInt8($0) } + Array("\n\"\\\r\n".utf8)
        try await Self.with(Self.files()) { quarantine async throws in
            let piece = RejectedPiece(rejection: Rejection(.scan(.invalidUTF8), byteOffset: 0), bytes: bytes)
            _ = try await quarantine.add([piece], from: "User:\u{0}\"\n", source: "é/🐦")

            let entry = try #require(try await quarantine.entries().first)
            #expect(Array(entry.bytes) == bytes)
            #expect(entry.submitter == "User:\u{0}\"\n")
            #expect(entry.source == "é/🐦")
        }
    }

    @Test func `of a long piece the beginning is kept, and how long it was`() async throws {
        try await Self.with(Self.files()) { quarantine async throws in
            let long = [UInt8](repeating: UInt8(ascii: "x"), count: IngestLimits.maximumQuarantinedByteCount + 10)
            let piece = RejectedPiece(rejection: Rejection(.scan(.tooLong), byteOffset: 0), bytes: long)
            _ = try await quarantine.add([piece], from: "User:alice", source: "x")

            let entry = try #require(try await quarantine.entries().first)
            #expect(entry.bytes.count == IngestLimits.maximumQuarantinedByteCount)
            #expect(entry.byteCount == long.count)
        }
    }

    @Test func `a full quarantine says so and keeps what it has`() async throws {
        try await Self.with(Self.files()) { quarantine async throws in
            let long = [UInt8](repeating: UInt8(ascii: "x"), count: IngestLimits.maximumQuarantinedByteCount)
            let piece = RejectedPiece(rejection: Rejection(.scan(.tooLong), byteOffset: 0), bytes: long)
            // In base64 each takes four bytes for three.
            let fitting = IngestLimits.maximumQuarantineByteCount / (long.count / 3 * 4 + 1000)
            _ = try await quarantine.add(Array(repeating: piece, count: fitting), from: "User:alice", source: "x")

            let error = await #expect(throws: QuarantineError.self) {
                try await quarantine.add([piece, piece], from: "User:alice", source: "x")
            }

            #expect(error?.code == .full)
            #expect(quarantine.count == fitting)
            _ = try await quarantine.remove([1, 2, 3])
            _ = try await quarantine.add([piece, piece], from: "User:alice", source: "x")
            #expect(quarantine.count == fitting - 1)
        }
    }

    // MARK: - Removing

    @Test func `removed entries are gone, the others stay in order`() async throws {
        let files = try Self.files()
        try await Self.with(files) { quarantine async throws in
            _ = try await quarantine.add(["a", "b", "c"].map(Self.piece), from: "User:alice", source: "x")

            #expect(try await quarantine.remove([2, 99]) == 1)
            #expect(try await quarantine.remove([2]) == 0)

            #expect(quarantine.count == 2)
            #expect(try await quarantine.entries().map(\.id) == [1, 3])
            _ = try await quarantine.add([Self.piece("d")], from: "User:alice", source: "x")
        }

        try await Self.with(files) { quarantine async throws in
            let ids = try await quarantine.entries().map(\.id)
            #expect(ids == [1, 3, 4])
            #expect(quarantine.count == 3)
        }
    }

    @Test func `an empty quarantine is one`() async throws {
        let files = try Self.files()
        try await Self.with(files) { quarantine async throws in
            _ = try await quarantine.add([Self.piece("a")], from: "User:alice", source: "x")
            #expect(try await quarantine.remove([1]) == 1)
            #expect(try await quarantine.entries().isEmpty)
        }
        try await Self.with(files) { quarantine in #expect(quarantine.count == 0) }
    }

    // MARK: - Damage

    @Test func `every torn last line is cut, and the next entry begins its own`() async throws {
        let files = try Self.files()
        try await Self.with(files) { quarantine async throws in
            _ = try await quarantine.add(["a", "b"].map(Self.piece), from: "User:alice", source: "x")
        }
        let whole = try files.contents(of: Self.file, maximumByteCount: 1 << 20)
        let firstEnd = try #require(whole.firstIndex(of: UInt8(ascii: "\n"))) + 1

        for length in stride(from: firstEnd, to: whole.count, by: 7) {
            try files.place(Self.file, Array(whole[..<length]))
            try await Self.with(files) { quarantine async throws in
                #expect(quarantine.count == 1, "\(length)")
                _ = try await quarantine.add([Self.piece("c")], from: "User:alice", source: "x")
            }
            try await Self.with(files) { quarantine async throws in
                let bytes = try await quarantine.entries().map { Array($0.bytes) }
                #expect(bytes == [Self.piece("a").bytes, Self.piece("c").bytes], "\(length)")
            }
        }
    }

    @Test func `a damaged line in the middle is told, never left out`() async throws {
        let files = try Self.files()
        try await Self.with(files) { quarantine async throws in
            _ = try await quarantine.add(["a", "b"].map(Self.piece), from: "User:alice", source: "x")
        }
        try files.corrupt(Self.file) { $0[5] ^= 0xFF }

        let error = #expect(throws: QuarantineError.self) {
            try Quarantine(directory: Self.directory, fileSystem: files, now: { Samples.now })
        }

        #expect(error?.code == .damaged)
    }

    @Test(arguments: Fault.allCases.filter { $0 != .powerCut }, 0..<6)
    func `an append that fails spoils no other`(fault: Fault, step: Int) async throws {
        let files = try Self.files()
        try await Self.with(files) { quarantine async throws in
            _ = try await quarantine.add([Self.piece("a")], from: "User:alice", source: "x")
            files.fail(files.operationCount + step, with: fault)
            let added = try? await quarantine.add([Self.piece("b")], from: "User:alice", source: "x")
            // As a stream that is offered again.
            var isAddedAgain = false
            for _ in 0..<10 where !isAddedAgain {
                isAddedAgain = (try? await quarantine.add([Self.piece("c")], from: "User:alice", source: "x")) != nil
            }

            #expect(isAddedAgain)
            let texts = try await quarantine.entries().map { String(decoding: $0.bytes, as: UTF8.self) }
            #expect(texts.first == "a")
            #expect(texts.last == "c")
            #expect(added == nil || texts == ["a", "b", "c"])
            #expect(quarantine.count == texts.count)
        }
    }

    // MARK: - Making

    private static func files() throws -> SimulatedFileSystem {
        let files = SimulatedFileSystem()
        try files.createDirectory(directory)
        return files
    }

    private static func with(
        _ files: SimulatedFileSystem,
        _ body: (Quarantine) async throws -> Void
    ) async throws {
        let quarantine = try Quarantine(directory: directory, fileSystem: files, now: { Samples.now })
        do {
            try await body(quarantine)
            await quarantine.close()
        } catch {
            await quarantine.close()
            throw error
        }
    }

    private static func piece(_ text: String) -> RejectedPiece {
        RejectedPiece(rejection: Rejection(.scan(.notAnObject), byteOffset: 40, line: 3), bytes: Array(text.utf8))
    }
}
