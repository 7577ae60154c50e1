// SPDX-License-Identifier: Apache-2.0

import AuditStore
package import DurableFiles
package import FoundationEssentials
import NIOPosix
import Synchronization
package import SystemPackage

/// Keeps what came in a stream and was no event, with the reason, until somebody decides.
///
/// One file, `quarantine.ndjson` in the data directory: a JSON object a line, appended and synced before the stream goes
/// on, replaced as a whole when entries leave it. Bounded: when it is full, streams stop with an error.
///
/// All file work runs on a thread of its own, one step at a time.
package final class Quarantine: Sendable {
    private static let fileName = "quarantine.ndjson"

    private let path: FilePath
    private let fileSystem: any FileSystem
    private let now: @Sendable () -> Int64
    private let thread: NIOThreadPool
    private let state: Mutex<State>

    private struct State {
        var nextID: Int
        var byteCount: Int
        var count: Int
        /// An append failed, so the last line may be half there; the next one must not go on in it.
        var mayEndInLine = false

        /// - Parameter entries: all that are kept.
        init(_ entries: [QuarantineEntry]) {
            nextID = (entries.last?.id ?? 0) + 1
            byteCount = entries.reduce(0) { $0 + $1.encoded.count }
            count = entries.count
        }
    }

    /// Opens the quarantine of a data directory.
    ///
    /// Blocks.
    ///
    /// - Throws: `QuarantineError` when its file cannot be read.
    package init(
        directory: FilePath,
        fileSystem: any FileSystem,
        now: @escaping @Sendable () -> Int64
    ) throws(QuarantineError) {
        path = directory.appending(Self.fileName)
        self.fileSystem = fileSystem
        self.now = now
        state = Mutex(State(try Self.recover(path, fileSystem)))
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    /// How many pieces are kept.
    package var count: Int { state.withLock { $0.count } }

    /// Adds rejected pieces.
    ///
    /// When this returns, they survive a power cut.
    ///
    /// - Returns: why each was rejected.
    /// - Throws: `full`; `inputOutput`.
    func add(_ pieces: [RejectedPiece], from submitter: String, source: String) async throws -> [Rejection] {
        guard !pieces.isEmpty else { return [] }
        try await onThread { [self] in
            if state.withLock({ $0.mayEndInLine }) {
                let entries = try Self.recover(path, fileSystem)
                state.withLock { $0 = State(entries) }
            }
            let received = now()
            var lines: [UInt8] = []
            var id = state.withLock { $0.nextID }
            for piece in pieces {
                lines +=
                    QuarantineEntry(id: id, received: received, submitter: submitter, source: source, piece: piece)
                    .encoded
                id += 1
            }
            let total = state.withLock { $0.byteCount } + lines.count
            guard total <= IngestLimits.maximumQuarantineByteCount else {
                throw QuarantineError(
                    .full,
                    "the quarantine holds \(total - lines.count) bytes; retry or purge what is in it"
                )
            }
            state.withLock { $0.mayEndInLine = true }
            try appendDurably(lines)
            state.withLock {
                $0.nextID = id
                $0.byteCount = total
                $0.count += pieces.count
                $0.mayEndInLine = false
            }
        }
        IngestTelemetry.quarantined(pieces.count)
        return pieces.map(\.rejection)
    }

    /// All entries, oldest first.
    package func entries() async throws -> [QuarantineEntry] {
        try await onThread { [self] in try Self.read(path, fileSystem) }
    }

    /// Removes entries.
    ///
    /// When this returns, they are gone.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package func remove(_ ids: Set<Int>) async throws -> Int {
        try await onThread { [self] in
            let all = try Self.read(path, fileSystem)
            let kept = all.filter { !ids.contains($0.id) }
            guard kept.count < all.count else { return 0 }
            let lines = kept.flatMap(\.encoded)
            do throws(FileError) {
                try fileSystem.replaceAtomically(path, with: lines, mode: .ownerReadWrite)
            } catch {
                throw QuarantineError(.inputOutput, error.message)
            }
            state.withLock {
                $0.byteCount = lines.count
                $0.count = kept.count
                $0.mayEndInLine = false
            }
            return all.count - kept.count
        }
    }

    package func close() async {
        try? await thread.shutdownGracefully()
    }

    // MARK: - File

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await thread.runIfActive(work)
    }

    private func appendDurably(_ lines: [UInt8]) throws(QuarantineError) {
        do {
            try fileSystem.appendDurably(path, lines)
        } catch {
            throw QuarantineError(.inputOutput, error.message)
        }
    }

    private static func read(
        _ path: FilePath,
        _ fileSystem: any FileSystem
    ) throws(QuarantineError) -> [QuarantineEntry] {
        guard fileSystem.exists(path) else { return [] }
        let bytes: [UInt8]
        do {
            bytes = try fileSystem.contents(of: path, maximumByteCount: 2 * IngestLimits.maximumQuarantineByteCount)
        } catch {
            throw QuarantineError(.inputOutput, error.message)
        }
        // A line that a crash cut short was not acknowledged: the stream is offered again.
        var entries: [QuarantineEntry] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let entry = QuarantineEntry(line: line) else {
                guard line.endIndex == bytes.endIndex else {
                    throw QuarantineError(.damaged, "\(path) is damaged behind entry \(entries.last?.id ?? 0)")
                }
                break
            }
            entries.append(entry)
        }
        return entries
    }

    /// Reads the entries and cuts a line that a crash left half-written, so that the next one begins a line of its own.
    private static func recover(
        _ path: FilePath,
        _ fileSystem: any FileSystem
    ) throws(QuarantineError) -> [QuarantineEntry] {
        let entries = try read(path, fileSystem)
        do throws(FileError) {
            guard fileSystem.exists(path) else { return [] }
            let whole = entries.flatMap(\.encoded)
            let size = try fileSystem.openForReading(path).byteCount()
            if size != whole.count { try fileSystem.replaceAtomically(path, with: whole, mode: .ownerReadWrite) }
        } catch {
            throw QuarantineError(.inputOutput, error.message)
        }
        return entries
    }
}

/// A piece that was set aside.
package struct QuarantineEntry: Codable, Sendable {
    package let id: Int
    /// Nanoseconds since 1970.
    package let received: Int64
    package let submitter: String
    package let source: String
    package let line: Int
    package let byteOffset: Int
    package let code: String
    package let message: String
    /// How long the piece was; `bytes` holds at most `IngestLimits.maximumQuarantinedByteCount` of it.
    package let byteCount: Int
    /// The piece as it came, in base64.
    package let bytes: Data

    init(id: Int, received: Int64, submitter: String, source: String, piece: RejectedPiece) {
        self.id = id
        self.received = received
        self.submitter = submitter
        self.source = source
        line = piece.rejection.line
        byteOffset = piece.rejection.byteOffset
        code = piece.rejection.code
        message = piece.rejection.message
        byteCount = piece.bytes.count
        bytes = Data(piece.bytes.prefix(IngestLimits.maximumQuarantinedByteCount))
    }

    init?(line: some Collection<UInt8>) {
        guard let entry = try? JSONDecoder().decode(Self.self, from: Data(line)) else { return nil }
        self = entry
    }

    /// The entry's line, with its end.
    var encoded: [UInt8] {
        guard let line = try? JSONEncoder().encode(self) else { return [] }
        return Array(line) + [UInt8(ascii: "\n")]
    }
}

/// Why the quarantine could not do something.
package struct QuarantineError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        case full
        case inputOutput
        /// A line that was acknowledged can't be read any more.
        case damaged
    }

    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
