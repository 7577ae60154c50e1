// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage

/// Room on the disk that nothing else gets: for saying in the log that the disk is full.
///
/// The file `reserve` in the data directory; its contents mean nothing.
struct SpaceReserve {
    private let path: FilePath
    private let fileSystem: any FileSystem
    private let byteCount: Int

    init(directory: FilePath, fileSystem: any FileSystem, byteCount: Int) {
        path = directory.appending("reserve")
        self.fileSystem = fileSystem
        self.byteCount = byteCount
    }

    /// Takes the room, if it is not taken yet; on a full disk it is taken later.
    func keep() {
        guard !fileSystem.exists(path) else { return }
        _ = try? fileSystem.createForDurableWrites(path, preallocatedByteCount: byteCount)
    }

    /// Gives the room to whoever asks next.
    func release() {
        try? fileSystem.remove(path)
    }
}
