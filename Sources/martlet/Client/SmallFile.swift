// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage

/// Files that are read whole: tokens, configurations, catalogues.
enum SmallFile {
    /// More than any of them has.
    static let maximumByteCount = 16 << 20

    static func bytes(of path: String, maximumByteCount: Int = maximumByteCount) throws -> [UInt8] {
        do {
            return try RealFileSystem().contents(of: FilePath(path), maximumByteCount: maximumByteCount)
        } catch {
            throw CommandFailure(.couldNotRun, error.message)
        }
    }

    static func text(of path: String) throws -> String {
        String(decoding: try bytes(of: path), as: UTF8.self)
    }
}
