// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemPackage

/// A name in the temporary directory that nobody else has, removed with all that is under it.
final class Scratch: Sendable {
    let path: FilePath

    init() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
        path = FilePath(directory.path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }
}
