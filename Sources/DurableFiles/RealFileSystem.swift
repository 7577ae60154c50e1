// SPDX-License-Identifier: Apache-2.0

import CFiles
import Glibc
package import SystemPackage

/// The machine's own files.
package struct RealFileSystem: FileSystem {
    package init() {}

    package func openForReading(_ path: FilePath) throws(FileError) -> any DurableFile {
        try RealFile(path, .readOnly, [.closeOnExec], doing: "open")
    }

    package func openForRecovery(_ path: FilePath) throws(FileError) -> any DurableFile {
        let file = try RealFile(path, .readWrite, [.closeOnExec], doing: "open")
        try file.sync()
        file.dropCache()
        return file
    }

    package func createForDurableWrites(
        _ path: FilePath,
        preallocatedByteCount: Int
    ) throws(FileError) -> any DurableFile {
        let file = try RealFile.createForDurableWrites(path)
        do {
            try file.preallocate(preallocatedByteCount)
            try file.sync()
        } catch {
            try? remove(path)
            throw error
        }
        return file
    }

    package func replaceAtomically(
        _ path: FilePath,
        with contents: [UInt8],
        mode: FilePermissions
    ) throws(FileError) {
        let temporary = FilePath(path.string + ".new")
        let file = try RealFile(
            temporary,
            .writeOnly,
            [.create, .truncate, .closeOnExec],
            permissions: mode,
            doing: "create"
        )
        try file.write(contents, at: 0)
        try file.sync()
        guard Glibc.rename(temporary.string, path.string) == 0 else { throw lastError("replace", path) }
        try syncDirectory(path.removingLastComponent())
    }

    package func appendDurably(_ path: FilePath, _ contents: [UInt8]) throws(FileError) {
        let file = try RealFile(
            path,
            .writeOnly,
            [.create, .closeOnExec],
            permissions: .ownerReadWrite,
            doing: "append to"
        )
        try file.write(contents, at: try file.byteCount())
        try file.sync()
        // Even when the file was there: a process that made it may have ended before it synced the name.
        try syncDirectory(path.removingLastComponent())
    }

    package func contents(of path: FilePath, maximumByteCount: Int) throws(FileError) -> [UInt8] {
        let file = try openForReading(path)
        let count = try file.byteCount()
        guard count <= maximumByteCount else {
            throw FileError(
                .tooLarge,
                "\(path) has \(count) bytes, at most \(maximumByteCount) were expected",
                path: path
            )
        }
        return try file.bytes(in: 0..<count)
    }

    package func names(in directory: FilePath) throws(FileError) -> [String] {
        guard let stream = opendir(directory.string) else { throw lastError("list", directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    package func exists(_ path: FilePath) -> Bool {
        access(path.string, F_OK) == 0
    }

    package func number(of path: FilePath) throws(FileError) -> UInt64 {
        var status = stat()
        guard stat(path.string, &status) == 0 else { throw lastError("look at", path) }
        return UInt64(status.st_ino)
    }

    package func createDirectory(_ path: FilePath) throws(FileError) {
        let parent = path.removingLastComponent()
        if mkdir(path.string, 0o700) != 0 {
            switch Errno(rawValue: errno) {
            case .fileExists:
                break
            case .noSuchFileOrDirectory where !parent.isEmpty:
                try createDirectory(parent)
                guard mkdir(path.string, 0o700) == 0 || errno == EEXIST else { throw lastError("create", path) }
            case let failure:
                throw FileError(failure, doing: "create", path: path)
            }
        }
        do {
            try syncDirectory(parent)
        } catch  where error.code == .permissionDenied {
            // A parent that we may not read is one that we did not make a name in, or the system's administrator did.
        }
    }

    package func remove(_ path: FilePath) throws(FileError) {
        guard unlink(path.string) == 0 else { throw lastError("remove", path) }
    }

    package func syncDirectory(_ path: FilePath) throws(FileError) {
        let directory = path.isEmpty ? FilePath(".") : path
        let file = try RealFile(directory, .readOnly, [.directory, .closeOnExec], doing: "open")
        guard fsync(file.descriptor.rawValue) == 0 else { throw lastError("sync", directory) }
    }

    package func lock(_ path: FilePath) throws(FileError) -> any FileLock {
        try RealFileLock(path)
    }

    package func availableByteCount(at path: FilePath) throws(FileError) -> Int {
        var status = statvfs()
        guard statvfs(path.string, &status) == 0 else { throw lastError("ask for the free space of", path) }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    private func lastError(_ action: String, _ path: FilePath) -> FileError {
        FileError(Errno(rawValue: errno), doing: action, path: path)
    }
}

/// An advisory lock on a file, which the kernel drops when the process ends however it ends.
private final class RealFileLock: FileLock {
    private let file: RealFile

    init(_ path: FilePath) throws(FileError) {
        file = try RealFile(path, .readWrite, [.create, .closeOnExec], permissions: .ownerReadWrite, doing: "open")
        guard flock(file.descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw FileError(Errno(rawValue: errno), doing: "lock", path: path) }
            let holder = (try? file.bytes(in: 0..<32)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let process = holder.isEmpty ? "another process" : "process \(holder)"
            throw FileError(.locked, "\(path) is held by \(process)", path: path)
        }
        // For people who wonder who holds it; nothing is decided by this text.
        try file.truncate(to: 0)
        try file.write(Array(String(getpid()).utf8), at: 0)
    }
}
