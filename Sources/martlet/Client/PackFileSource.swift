// SPDX-License-Identifier: Apache-2.0

import EvidencePack
import Glibc
import SystemPackage

/// A pack in a file.
final class PackFileSource: PackSource {
    private let descriptor: FileDescriptor
    let byteCount: Int

    /// Opens a regular file; anything else could show each reader something else.
    ///
    /// - Throws: `CommandFailure`.
    init(_ path: String) throws {
        do {
            descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            throw CommandFailure(.couldNotRun, "cannot read \(path): \(error)")
        }
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? descriptor.close()
            throw CommandFailure(.couldNotRun, "\(path) is no regular file")
        }
        byteCount = Int(status.st_size)
    }

    deinit { try? descriptor.close() }

    func bytes(_ range: Range<Int>) throws(PackError) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
                let raw = UnsafeMutableRawBufferPointer(buffer)
                while count < range.count {
                    let read = try descriptor.read(
                        fromAbsoluteOffset: Int64(range.lowerBound + count),
                        into: UnsafeMutableRawBufferPointer(rebasing: raw[count..<range.count])
                    )
                    guard read > 0 else { throw Errno.ioError }
                    count += read
                }
            }
        } catch {
            throw PackError(.unreadable, "\(error)")
        }
    }
}
