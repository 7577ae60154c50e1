// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// Everything Martlet does with files, and nothing else.
///
/// There are two: `RealFileSystem`, and `SimulatedFileSystem`, which loses what was not synced when it is told to crash.
/// Calls block; call them from threads that may wait.
///
/// The promises are those of POSIX, no more. Bytes survive a power cut after `DurableFile.sync` or in a file opened for
/// durable writes; names (of new, renamed and removed files) survive after `syncDirectory`.
package protocol FileSystem: Sendable {
    /// Opens an existing file for reading.
    func openForReading(_ path: FilePath) throws(FileError) -> any DurableFile

    /// Creates a file, which must not exist, for durable writes: each `write` is on disk when it returns.
    ///
    /// Blocks for `preallocatedByteCount` bytes are reserved first where the file system can, so that it is this call
    /// that fails when the disk is full. Writes past the page cache where the file system can; so offsets, lengths and
    /// memory of writes must be multiples of `durableWriteAlignment`. Read the file through `openForReading`.
    func createForDurableWrites(_ path: FilePath, preallocatedByteCount: Int) throws(FileError) -> any DurableFile

    /// Opens a file that an earlier process may have left half-written, for reading and cutting it.
    ///
    /// What is read from it survives a power cut: the file is synced first, and what the page cache holds of it is dropped,
    /// because after a sync that failed in an earlier process the cache can show bytes that are not on disk.
    func openForRecovery(_ path: FilePath) throws(FileError) -> any DurableFile

    /// Writes a small file so that after a crash either all of its old or all of its new contents are there: to a
    /// temporary name, synced, renamed over `path`, directory synced. `mode` are the permissions of the file.
    func replaceAtomically(_ path: FilePath, with contents: [UInt8], mode: FilePermissions) throws(FileError)

    /// Appends to a file, which is made when missing, and syncs it.
    func appendDurably(_ path: FilePath, _ contents: [UInt8]) throws(FileError)

    /// The whole contents of a small file; `notFound` when there is none, `tooLarge` beyond the limit.
    func contents(of path: FilePath, maximumByteCount: Int) throws(FileError) -> [UInt8]

    /// Names in a directory, sorted.
    func names(in directory: FilePath) throws(FileError) -> [String]

    func exists(_ path: FilePath) -> Bool

    /// A number that a file or directory has for as long as it exists, and that a copy of it does not have.
    func number(of path: FilePath) throws(FileError) -> UInt64

    /// Makes a directory and those above it; nothing is made when it exists. Permissions 0700.
    ///
    /// Its name, and those of the directories that were made above it, survive a power cut when this returns.
    func createDirectory(_ path: FilePath) throws(FileError)

    func remove(_ path: FilePath) throws(FileError)

    /// Makes the names in a directory durable.
    func syncDirectory(_ path: FilePath) throws(FileError)

    /// Takes the lock of a directory, for as long as the result lives.
    ///
    /// - Throws: `locked` when another process, or another part of this one, has it.
    func lock(_ path: FilePath) throws(FileError) -> any FileLock

    /// Bytes that can still be written to the file system of a directory.
    func availableByteCount(at path: FilePath) throws(FileError) -> Int
}

/// What offsets, lengths and memory of durable writes must be multiples of.
package let durableWriteAlignment = 4096

/// An open file.
///
/// Closed when the last reference goes.
package protocol DurableFile: AnyObject, Sendable {
    var path: FilePath { get }

    /// Size now, in bytes.
    func byteCount() throws(FileError) -> Int

    /// Fills `buffer` from `offset`; fewer bytes are read only at the end of the file.
    ///
    /// - Returns: how many bytes were read.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int

    /// Writes all of the buffers, one after the other, from `offset`.
    ///
    /// In a file made by `createForDurableWrites` the bytes survive a power cut when this returns. After an error nobody
    /// knows what is on disk: the file must not be written again.
    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int) throws(FileError)

    /// Makes everything written so far durable. After an error the state is unknown; never call it again and carry on.
    func sync() throws(FileError)

    func truncate(to byteCount: Int) throws(FileError)
}

extension DurableFile {
    /// The bytes of a range, which may end early at the end of the file.
    package func bytes(in range: Range<Int>) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            do {
                count = try read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
            } catch let error as FileError {
                failure = error
            } catch {
                preconditionFailure("read throws FileError only")
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

/// Held while it lives.
package protocol FileLock: AnyObject, Sendable {}
