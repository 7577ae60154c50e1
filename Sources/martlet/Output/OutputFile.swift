// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// A new file that gets its name only once it is whole, and that never takes the place of another.
///
/// Until then it is `….partial`: what a crash or Ctrl-C leaves is not taken for the whole. Let go of before that, it is removed.
final class OutputFile {
    private static let ending = ".partial"

    private let path: FilePath
    private let partialPath: FilePath
    private let descriptor: FileDescriptor
    private var isFinished = false

    /// Begins a file.
    ///
    /// - Throws: `CommandFailure` when there is one already, or it can't be made.
    init(_ path: String) throws {
        self.path = FilePath(path)
        partialPath = FilePath(path + Self.ending)
        guard access(path, F_OK) != 0 else {
            throw CommandFailure(
                .couldNotRun,
                "\(path) is there already, and nothing is overwritten; name another file"
            )
        }
        do {
            descriptor = try FileDescriptor.open(
                partialPath,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite
            )
        } catch let error as Errno {
            guard error == .fileExists else { throw Self.failure(error, partialPath) }
            throw CommandFailure(
                .couldNotRun,
                "\(partialPath) was left by a run that did not end, or another one is writing it; remove it if none is"
            )
        }
    }

    deinit {
        try? descriptor.close()
        if !isFinished { unlink(partialPath.string) }
    }

    func write(_ bytes: [UInt8]) throws {
        do {
            try descriptor.writeAll(bytes)
        } catch let error as Errno {
            throw Self.failure(error, path)
        }
    }

    /// Has the file survive a power cut, and gives it its name.
    func finish() throws {
        guard fsync(descriptor.rawValue) == 0 else { throw Self.failure(Errno(rawValue: errno), path) }
        if link(partialPath.string, path.string) == 0 {
            unlink(partialPath.string)
        } else {
            let error = Errno(rawValue: errno)
            // File systems without links, as those of USB sticks, can only rename; who looked first has to do.
            guard error != .fileExists, access(path.string, F_OK) != 0 else {
                throw CommandFailure(.couldNotRun, "\(path) was made by somebody else meanwhile, and stays as it is")
            }
            guard rename(partialPath.string, path.string) == 0 else { throw Self.failure(Errno(rawValue: errno), path) }
        }
        isFinished = true
        let directory = path.removingLastComponent()
        let parentPath = directory.isEmpty ? "." : directory
        if let parent = try? FileDescriptor.open(parentPath, .readOnly, options: [.directory, .closeOnExec]) {
            // Some file systems sync no directories; the file's bytes are safe all the same.
            _ = fsync(parent.rawValue)
            try? parent.close()
        }
    }

    private static func failure(_ error: Errno, _ path: FilePath) -> CommandFailure {
        CommandFailure(.couldNotRun, "cannot write \(path): \(String(describing: error).lowercased())")
    }
}
