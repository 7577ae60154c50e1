// SPDX-License-Identifier: Apache-2.0

import EvidencePack
import Glibc
import SystemPackage
import TransparencyLog

/// A file of a pack that is written before its size is known; it has no name, so nothing is left of it whatever happens.
///
/// Written by one thread, then read by another; reads and writes block.
final class SpoolFile {
    private let descriptor: FileDescriptor
    private var pending: [UInt8] = []
    private var digest = PackDigest()
    private(set) var byteCount = 0

    /// - Throws: `inputOutput`, `noSpace`.
    init(in directory: FilePath) throws(PackExportError) {
        let name = "martlet-pack-" + String(UInt64.random(in: .min ... .max), radix: 16)
        let path = directory.appending(name)
        do {
            descriptor = try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite
            )
        } catch {
            throw Self.failure(error, "make a temporary file in \(directory)")
        }
        // Readable through the descriptor for as long as it is open, and gone after that.
        _ = unlink(path.string)
    }

    deinit { try? descriptor.close() }

    func write(_ bytes: [UInt8]) throws(PackExportError) {
        pending += bytes
        byteCount += bytes.count
        if pending.count >= PackOptions.pieceByteCount { try flush() }
    }

    /// Hands what is collected to the system.
    func flush() throws(PackExportError) {
        guard !pending.isEmpty else { return }
        digest.update(pending)
        do {
            try descriptor.writeAll(pending)
        } catch {
            throw Self.failure(error, "write a temporary file")
        }
        pending.removeAll(keepingCapacity: true)
    }

    /// The hash of all, once it is flushed.
    var sha256: LogHash { digest.value }

    func bytes(_ range: Range<Int>) throws(PackExportError) -> [UInt8] {
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
            throw Self.failure(error, "read a temporary file")
        }
    }

    private static func failure(_ error: any Error, _ what: String) -> PackExportError {
        let errno = error as? Errno ?? .ioError
        let isFull = errno == .noSpace || errno == .diskQuotaExceeded
        return PackExportError(isFull ? .noSpace : .inputOutput, "cannot \(what): \(errno)")
    }
}
