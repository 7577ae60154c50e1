// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage
import TransparencyLog

/// Checkpoints that were replaced by newer ones, for whoever wants to see that the log always extended itself: `log/checkpoints`.
///
/// One after the other, each behind a line with its length in bytes. Not all of them: about one an hour, and of those that
/// witnesses signed one in ten minutes; each second one would be more than the events of a quiet log.
struct CheckpointHistory {
    private let path: FilePath
    private let fileSystem: any FileSystem
    private let interval: Int64
    private var lastAdded: Int64 = .min
    private var lastWitnessed: Int64 = .min

    private static let witnessedInterval: Int64 = 600_000_000_000

    /// Opens a history, and cuts what a crash left half-written at its end.
    ///
    /// - Throws: `inputOutput`.
    init(_ path: FilePath, in fileSystem: any FileSystem, interval: Int64) throws(StoreError) {
        self.path = path
        self.fileSystem = fileSystem
        self.interval = interval
        guard fileSystem.exists(path) else { return }
        do {
            let file = try fileSystem.openForRecovery(path)
            let bytes = try file.bytes(in: 0..<file.byteCount())
            let end = Self.wholeByteCount(bytes)
            guard end < bytes.count else { return }
            try file.truncate(to: end)
            try file.sync()
        } catch {
            throw StoreError(error)
        }
    }

    /// Bytes up to the end of the last checkpoint that is there as a whole.
    private static func wholeByteCount(_ bytes: [UInt8]) -> Int {
        var end = 0
        while let line = bytes[end...].prefix(12).firstIndex(of: UInt8(ascii: "\n")),
            let count = Int(String(decoding: bytes[end..<line], as: UTF8.self)), count > 0,
            count <= bytes.count - line - 1
        {
            end = line + 1 + count
        }
        return end
    }

    /// Keeps a checkpoint, unless one was kept not long ago.
    ///
    /// - Throws: `noSpace`, `inputOutput`.
    mutating func add(_ note: SignedNote, at time: Int64, isWitnessed: Bool = false) throws(StoreError) {
        let last = isWitnessed ? lastWitnessed : lastAdded
        let interval = isWitnessed ? min(Self.witnessedInterval, self.interval) : self.interval
        // Also when the clock was put back.
        guard last == .min || time < last || time.subtractingReportingOverflow(last).partialValue >= interval else {
            return
        }
        let bytes = note.encoded()
        do {
            try fileSystem.appendDurably(path, Array("\(bytes.count)\n".utf8) + bytes)
        } catch {
            throw StoreError(error)
        }
        lastAdded = time
        if isWitnessed { lastWitnessed = time }
    }
}
