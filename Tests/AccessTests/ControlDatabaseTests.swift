// SPDX-License-Identifier: Apache-2.0

import Access
import Foundation
import Testing

@Suite struct ControlDatabaseTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test func `the file and its companions are readable by their owner only`() async throws {
        let store = try scratch.open()
        _ = try await store.create(name: "x", scopes: .read)

        for name in ["control.sqlite", "control.sqlite-wal", "control.sqlite-shm"] {
            #expect(try scratch.permissions(of: name) == 0o600, "\(name)")
        }
    }

    @Test(arguments: [0o644, 0o640, 0o602, 0o666, 0o610])
    func `a file that others can reach is not opened`(mode: Int) throws {
        _ = try scratch.open()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: scratch.path)

        let error = #expect(throws: AccessError.self) { try scratch.open() }

        #expect(error?.code == .storeUnprotected)
        let octal = String(mode, radix: 8)
        #expect(error?.message == "has mode 0\(octal): other users can reach it; chmod it to 0600")
        #expect(error?.file == scratch.path)
    }

    @Test func `a symbolic link is not followed`() throws {
        let elsewhere = try Scratch()
        _ = try elsewhere.open()
        try FileManager.default.createSymbolicLink(atPath: scratch.path, withDestinationPath: elsewhere.path)

        let error = #expect(throws: AccessError.self) { try scratch.open() }

        #expect(error?.code == .storeUnprotected)
    }

    @Test func `a dangling symbolic link makes no file elsewhere`() throws {
        let target = scratch.directory.appending(path: "elsewhere").path
        try FileManager.default.createSymbolicLink(atPath: scratch.path, withDestinationPath: target)

        #expect(throws: AccessError.self) { try scratch.open() }

        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func `a directory in its place is not opened`() throws {
        try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: false)

        let error = #expect(throws: AccessError.self) { try scratch.open() }

        #expect(error?.code == .storeUnprotected)
    }

    @Test func `a missing directory is named`() throws {
        let path = scratch.directory.appending(path: "missing/control.sqlite").path

        let error = #expect(throws: AccessError.self) { try TokenStore(path: path, clock: { .zero }) }

        #expect(error?.code == .storeUnavailable)
        #expect(error?.description == "\(path): cannot be created: No such file or directory")
    }

    @Test func `a file of other bytes is damaged and stays as it is`() throws {
        let bytes = Data((0..<8192).map { UInt8(truncatingIfNeeded: $0) })
        try scratch.place(bytes)

        let error = #expect(throws: AccessError.self) { try scratch.open() }

        #expect(error?.code == .storeDamaged)
        #expect(FileManager.default.contents(atPath: scratch.path) == bytes)
    }

    @Test func `a store of a later version is not opened`() throws {
        _ = try scratch.open()
        try scratch.execute("INSERT INTO grdb_migrations VALUES ('access-9999-later')")

        let error = #expect(throws: AccessError.self) { try scratch.open() }

        #expect(error?.code == .storeTooNew)
    }

    @Test func `tables of other parts may be newer`() throws {
        _ = try scratch.open()
        try scratch.execute("INSERT INTO grdb_migrations VALUES ('alerting-0001-rule')")

        _ = try scratch.open()
    }

    @Test func `an empty file becomes a store`() async throws {
        try scratch.place(Data())

        #expect(try await scratch.open().list().isEmpty)
    }

    @Test func `commits are synced and the journal is a write-ahead log`() throws {
        _ = try scratch.open()

        #expect(try scratch.string("PRAGMA journal_mode") == "wal")
    }
}
