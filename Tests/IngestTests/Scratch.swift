// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import SystemPackage
import Testing

/// A directory that nobody else has, removed with all that is in it.
final class Scratch: Sendable {
    let path: FilePath

    init() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "ingest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = FilePath(directory.path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// Writes a file and returns its path.
    func file(_ bytes: [UInt8], name: String = "input") throws -> String {
        let file = path.appending(name).string
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }
}

/// A pipe that hands out each piece by itself, as a program that writes slowly does; at most 16 pieces.
final class PacketPipe {
    // Linux's O_DIRECT, which makes a pipe keep writes apart (pipe(2)).
    #if arch(arm64)
    private static let keepsWritesApart: Int32 = 0o200000
    #else
    private static let keepsWritesApart: Int32 = 0o40000
    #endif

    private let readEnd: Int32

    /// Where the pipe can be opened for reading, as long as it lives.
    var path: String { "/proc/self/fd/\(readEnd)" }

    init(_ pieces: [[UInt8]]) throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0 && fcntl(ends[1], F_SETFL, Self.keepsWritesApart) == 0)
        readEnd = ends[0]
        defer { close(ends[1]) }
        for piece in pieces where !piece.isEmpty { try #require(write(ends[1], piece, piece.count) == piece.count) }
    }

    deinit {
        close(readEnd)
    }
}
