// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// Why a file could not be used, and which.
package struct FileError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case notFound
        case alreadyExists
        case permissionDenied
        /// The disk or the quota is full. Nothing of the call was written, unless it was a write.
        case noSpace
        /// Another process holds the lock.
        case locked
        /// Larger than the caller would read.
        case tooLarge
        /// Anything else: what is on disk is unknown.
        case inputOutput
    }

    package let code: Code
    package let message: String
    package let path: FilePath
    package let errno: Errno?

    package init(_ code: Code, _ message: String, path: FilePath, errno: Errno? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.errno = errno
    }

    /// What a failed call on a path means.
    package init(_ errno: Errno, doing action: String, path: FilePath) {
        let code: Code =
            switch errno {
            case .noSuchFileOrDirectory: .notFound
            case .fileExists: .alreadyExists
            case .permissionDenied, .notPermitted, .readOnlyFileSystem: .permissionDenied
            case .noSpace, .diskQuotaExceeded: .noSpace
            default: .inputOutput
            }
        self.init(code, "cannot \(action) \(path): \(errno.localizedMessage)", path: path, errno: errno)
    }

    package var description: String { message }
}

extension Errno {
    /// The system's sentence for the number, in lower case like our own.
    var localizedMessage: String {
        let text = String(describing: self)
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
