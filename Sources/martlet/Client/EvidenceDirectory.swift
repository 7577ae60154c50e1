// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import SystemPackage
import Verification

/// Evidence in a directory that nobody vouches for: read only, no link followed, no pipe opened, nothing outside of it.
///
/// `Mutex`: owns the file that was read last, which most reads are of.
final class EvidenceDirectory: EvidenceSource {
    private struct Opened {
        let name: String
        let descriptor: FileDescriptor
        let byteCount: Int
    }

    private let root: FileDescriptor
    private let last = Mutex<Opened?>(nil)

    /// - Throws: `CommandFailure` when there is no such directory.
    init(_ path: String) throws {
        do {
            // What the caller named may be a link; nothing below it may.
            root = try FileDescriptor.open(FilePath(path), .readOnly, options: [.directory, .closeOnExec])
        } catch let error as Errno {
            throw CommandFailure(.couldNotRun, "cannot open \(path): \(error)")
        }
    }

    deinit {
        last.withLock { try? $0?.descriptor.close() }
        try? root.close()
    }

    // MARK: - Reading

    func names(in directory: String) throws(EvidenceError) -> [String]? {
        guard let descriptor = try open(directory, flags: O_RDONLY | O_DIRECTORY) else { return [] }
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            throw EvidenceError(.unreadable, String(cString: strerror(errno)), name: directory)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            names.append(entry.pointee.d_type == UInt8(DT_DIR) ? name + "/" : name)
        }
        return names
    }

    func byteCount(of name: String) throws(EvidenceError) -> Int? { try opened(name)?.byteCount }

    func bytes(_ range: Range<Int>, of name: String) throws(EvidenceError) -> [UInt8] {
        guard let file = try opened(name) else { throw EvidenceError(.missing, "there is no such file", name: name) }
        guard range.lowerBound >= 0, range.upperBound <= file.byteCount else {
            throw EvidenceError(.missing, "it has \(file.byteCount) bytes, not \(range.upperBound)", name: name)
        }
        let bytes: [UInt8]
        do {
            bytes = try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
                while count < range.count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let read = try file.descriptor.read(
                        fromAbsoluteOffset: Int64(range.lowerBound + count),
                        into: rest
                    )
                    guard read > 0 else { return }
                    count += read
                }
            }
        } catch {
            throw EvidenceError(.unreadable, "\(error)", name: name)
        }
        guard bytes.count == range.count else {
            throw EvidenceError(.missing, "it ends after \(range.lowerBound + bytes.count) bytes", name: name)
        }
        return bytes
    }

    // MARK: - Opening

    /// A regular file; nil when there is none.
    private func opened(_ name: String) throws(EvidenceError) -> Opened? {
        if let known = last.withLock({ $0?.name == name ? $0 : nil }) { return known }
        // Not waiting for whoever writes to a pipe; what is no file is refused below.
        guard let raw = try open(name, flags: O_RDONLY | O_NONBLOCK) else { return nil }
        let descriptor = FileDescriptor(rawValue: raw)
        var status = stat()
        guard fstat(raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? descriptor.close()
            throw EvidenceError(.notAFile, "it is no regular file", name: name)
        }
        let opened = Opened(name: name, descriptor: descriptor, byteCount: Int(status.st_size))
        last.withLock { last in
            try? last?.descriptor.close()
            last = opened
        }
        return opened
    }

    /// Opens what a name leads to, directory by directory; nil when there is nothing.
    private func open(_ name: String, flags: Int32) throws(EvidenceError) -> Int32? {
        let parts = name.split(separator: "/")
        guard parts.allSatisfy({ $0 != "." && $0 != ".." && !$0.utf8.contains(0) }), !name.hasPrefix("/") else {
            throw EvidenceError(.notAFile, "the name leads elsewhere", name: name)
        }
        var current = dup(root.rawValue)
        for (place, part) in parts.enumerated() {
            let isLast = place == parts.count - 1
            let next = openat(
                current,
                String(part),
                (isLast ? flags : O_RDONLY | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC
            )
            let failure = errno
            close(current)
            guard next >= 0 else {
                switch failure {
                case ENOENT: return nil
                case ELOOP, ENOTDIR, ENXIO:
                    throw EvidenceError(.notAFile, "it is a link or no file of its kind", name: name)
                default: throw EvidenceError(.unreadable, String(cString: strerror(failure)), name: name)
                }
            }
            current = next
        }
        return current
    }
}
