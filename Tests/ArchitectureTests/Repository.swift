// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of the project, as they lie in the checkout that this test was compiled from.
enum Repository {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Directories of builds, environments and data, besides those whose names begin with a dot.
    private static let foreign: Set<String> = ["data-example", "node_modules"]

    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path)
    }

    /// Names of the directories right below one.
    static func directories(in path: String) throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(at: root.appending(path: path), includingPropertiesForKeys: [.isDirectoryKey])
            .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent)
            .sorted()
    }

    /// Files below a directory whose names end so, without what is hidden, linked or built.
    static func files(in path: String = "", suffix: String) throws -> [URL] {
        let keys: [URLResourceKey] = [.isDirectoryKey, .isSymbolicLinkKey, .isRegularFileKey]
        let start = path.isEmpty ? root : root.appending(path: path)
        let entries = try FileManager.default.contentsOfDirectory(at: start, includingPropertiesForKeys: keys)
        var found: [URL] = []
        for entry in entries.sorted(by: { $0.path < $1.path }) {
            let name = entry.lastPathComponent
            let values = try entry.resourceValues(forKeys: Set(keys))
            guard values.isSymbolicLink != true, !name.hasPrefix("."), !foreign.contains(name) else { continue }
            if values.isDirectory == true {
                found += try files(in: path.isEmpty ? name : "\(path)/\(name)", suffix: suffix)
            } else if name.hasSuffix(suffix) {
                found.append(entry)
            }
        }
        return found
    }

    /// The path from the root, for messages.
    static func name(of url: URL) -> String {
        url.path.hasPrefix(root.path) ? String(url.path.dropFirst(root.path.count).drop { $0 == "/" }) : url.path
    }
}
