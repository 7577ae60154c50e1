// SPDX-License-Identifier: Apache-2.0

import Access
import Foundation
import GRDB
import Synchronization

/// A directory of its own for a test, removed with it, and stores in it whose clock and random source the test holds.
final class Scratch: Sendable {
    let directory: URL
    let clock = ManualClock()

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "access-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    var path: String { directory.appending(path: "control.sqlite").path }

    func open(
        randomBytes: @escaping @Sendable (Int) -> [UInt8] = TokenStore.systemRandomBytes
    ) throws -> TokenStore {
        try TokenStore(path: path, clock: { [clock] in clock.now }, randomBytes: randomBytes)
    }

    func permissions(of name: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.appending(path: name).path)
        return attributes[.posixPermissions] as? Int
    }
}

/// A clock that stands still until it is moved.
final class ManualClock: Sendable {
    private let time = Mutex(Duration.seconds(1_790_000_000))

    var now: Duration { time.withLock(\.self) }

    func advance(by duration: Duration) {
        time.withLock { $0 += duration }
    }
}

/// Numbers 0, 1, 2 … for a random source that changes its mind.
final class Draws: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}

// MARK: - Other hands

extension Scratch {
    /// Puts a file where the store will look for its own, with the right mode.
    func place(_ bytes: Data) throws {
        try bytes.write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// Changes the database as another program would.
    func execute(_ sql: String) throws {
        try DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: sql) }
    }

    func string(_ sql: String) throws -> String? {
        try DatabaseQueue(path: path).writeWithoutTransaction { try String.fetchOne($0, sql: sql) }
    }
}
