// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import Glibc
import SystemPackage
import TransparencyLog

/// Writes the tree of a log as a plain directory (c2sp.org/tlog-tiles), for verifiers that need no server.
///
/// The checkpoint comes last: a directory without one was not written to its end.
struct TlogExport {
    private let directory: FilePath
    /// Directories that were made.
    private var made: Set<String> = []

    /// Begins in a directory that is empty or not there.
    ///
    /// - Throws: `CommandFailure`.
    init(directory: String) throws {
        self.directory = FilePath(directory)
        if mkdir(directory, 0o755) != 0, errno != EEXIST {
            throw CommandFailure(.couldNotRun, "cannot make \(directory): \(String(cString: strerror(errno)))")
        }
        guard rmdir(directory) == 0, mkdir(directory, 0o755) == 0 else {
            throw CommandFailure(.couldNotRun, "\(directory) is not an empty directory; nothing is overwritten")
        }
    }

    /// What was written.
    struct Outcome {
        var size: UInt64 = 0
        var minimumIndex: UInt64 = 0
        var fileCount = 0
        var byteCount = 0
    }

    /// Writes all of it.
    ///
    /// - Parameters:
    ///   - tree: of the log.
    ///   - progress: is told of leaves and bytes so far, and of how many leaves there are.
    /// - Returns: what was written.
    /// - Throws: `CommandFailure`; what the log says.
    mutating func run(
        _ tree: any TreeAccess,
        progress: (_ leaves: UInt64, _ size: UInt64, _ byteCount: Int) -> Void
    ) async throws -> Outcome {
        let note = try await tree.checkpoint()
        let checkpoint = try Checkpoint(parsing: SignedNote(parsing: note).text)
        let minimum = try await tree.description().minimumIndex
        var outcome = Outcome(size: checkpoint.size, minimumIndex: minimum)
        for tile in TileCoordinate.tiles(ofSize: checkpoint.size) {
            let first = tile.index * UInt64(LogLimits.tileWidth)
            guard tile.level > 0 || first >= minimum else { continue }
            var requests: [TileRequest] = [.hashes(tile)]
            if tile.level == 0 { requests.append(.entries(index: tile.index, width: tile.width)) }
            for request in requests {
                guard let bytes = try await tree.bytes(of: request) else {
                    throw CommandFailure(
                        .incomplete,
                        "the log does not give \(request.path); was it deleted meanwhile?"
                    )
                }
                try write(bytes, to: request.path)
                outcome.fileCount += 1
                outcome.byteCount += bytes.count
            }
            if tile.level == 0 { progress(first + UInt64(tile.width), checkpoint.size, outcome.byteCount) }
        }
        try write(note, to: "checkpoint")
        outcome.fileCount += 1
        return outcome
    }

    private mutating func write(_ bytes: [UInt8], to name: String) throws {
        let path = directory.appending(name)
        try makeDirectory(path.removingLastComponent())
        do {
            let file = try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            try file.closeAfter { _ = try file.writeAll(bytes) }
        } catch let error as Errno {
            throw CommandFailure(.couldNotRun, "cannot write \(path): \(error)")
        }
    }

    private mutating func makeDirectory(_ path: FilePath) throws {
        guard path != directory, made.insert(path.string).inserted else { return }
        try makeDirectory(path.removingLastComponent())
        guard mkdir(path.string, 0o755) == 0 || errno == EEXIST else {
            throw CommandFailure(.couldNotRun, "cannot make \(path): \(String(cString: strerror(errno)))")
        }
    }
}
