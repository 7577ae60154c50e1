// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// The state of a simulated machine's files: nodes, names, locks, and what is to go wrong.
///
/// A name is a change of its directory that `syncDirectory` makes durable; the bytes behind it are another matter.
struct SimulatedDisk: Sendable {
    typealias Node = Int

    struct File: Sendable {
        var contents = SimulatedContents()
        /// Whether writes bypass the cache.
        var writesThrough = false
    }

    struct Directory: Sendable {
        var seen: [String: Node] = [:]
        var durable: [String: Node] = [:]
        /// Names that one operation changed together, nil for those it took away.
        var pending: [[String: Node?]] = []

        mutating func change(_ names: [String: Node?]) {
            Self.apply(names, to: &seen)
            pending.append(names)
        }

        mutating func sync() {
            for names in pending { Self.apply(names, to: &durable) }
            pending = []
        }

        mutating func crash(_ survival: inout Survival) {
            for names in pending where survival.keepsNext() { Self.apply(names, to: &durable) }
            pending = []
            seen = durable
        }

        private static func apply(_ names: [String: Node?], to entries: inout [String: Node]) {
            for (name, node) in names { entries[name] = node }
        }
    }

    static let root: Node = 0

    var files: [Node: File] = [:]
    var directories: [Node: Directory] = [root: Directory()]
    private var nextNode = 1
    var locked: Set<Node> = []

    /// Counts lives of the machine and of its processes: what was opened in an earlier one is dead.
    private(set) var life = 0

    /// Bytes that fit.
    var capacity = Int.max

    // MARK: - Names

    func node(at path: FilePath) -> Node? {
        node(at: Self.names(in: path)[...])
    }

    private func node(at names: ArraySlice<Substring>) -> Node? {
        var node = Self.root
        for name in names {
            guard let next = directories[node]?.seen[String(name)] else { return nil }
            node = next
        }
        return node
    }

    /// The parts of a path, relative to the root.
    ///
    /// `FilePath.components` says the same; it took two thirds of the time of simulations built for debugging.
    private static func names(in path: FilePath) -> [Substring] {
        path.string.split(separator: "/")
    }

    func file(at path: FilePath, doing action: String) throws(FileError) -> Node {
        guard let node = node(at: path) else { throw FileError(.noSuchFileOrDirectory, doing: action, path: path) }
        guard files[node] != nil else { throw FileError(.isDirectory, doing: action, path: path) }
        return node
    }

    func directory(at path: FilePath, doing action: String) throws(FileError) -> Node {
        try directory(node(at: path), path, doing: action)
    }

    /// The directory that a path's last name is in, and that name.
    func place(of path: FilePath, doing action: String) throws(FileError) -> (directory: Node, name: String) {
        let names = Self.names(in: path)
        guard let name = names.last else { throw FileError(.invalidArgument, doing: action, path: path) }
        return (try directory(node(at: names.dropLast()), path, doing: action), String(name))
    }

    private func directory(_ node: Node?, _ path: FilePath, doing action: String) throws(FileError) -> Node {
        guard let node else { throw FileError(.noSuchFileOrDirectory, doing: action, path: path) }
        guard directories[node] != nil else { throw FileError(.notDirectory, doing: action, path: path) }
        return node
    }

    mutating func makeFile(_ name: String, in directory: Node, writesThrough: Bool) -> Node {
        defer { nextNode += 1 }
        files[nextNode] = File(writesThrough: writesThrough)
        directories[directory]?.change([name: nextNode])
        return nextNode
    }

    mutating func makeDirectory(_ name: String, in directory: Node) {
        directories[nextNode] = Directory()
        directories[directory]?.change([name: nextNode])
        nextNode += 1
    }

    // MARK: - Space

    /// Bytes of the files that have a name, in whole blocks.
    var usedByteCount: Int {
        directories.values.reduce(0) { total, directory in
            directory.seen.values.reduce(total) { total, node in
                let byteCount = files[node]?.contents.seen.count ?? 0
                return total + (byteCount + durableWriteAlignment - 1) / durableWriteAlignment * durableWriteAlignment
            }
        }
    }

    var availableByteCount: Int { max(0, capacity - usedByteCount) }

    // MARK: - Endings

    /// The process ends and the machine goes on: what was written stays in the cache.
    mutating func endProcess() {
        locked = []
        life += 1
    }

    /// The power goes and comes back.
    mutating func crash(_ survival: inout Survival) {
        endProcess()
        // Sorted, because the order of a dictionary is not the same in every run and the die is thrown in this order.
        for node in directories.keys.sorted() { directories[node]?.crash(&survival) }
        for node in files.keys.sorted() { files[node]?.contents.crash(&survival) }
        let reachable = reachableNodes()
        files = files.filter { reachable.contains($0.key) }
        directories = directories.filter { reachable.contains($0.key) }
    }

    private func reachableNodes() -> Set<Node> {
        var found: Set<Node> = [Self.root]
        var next = [Self.root]
        while let node = next.popLast() {
            for child in directories[node]?.seen.values ?? [:].values where found.insert(child).inserted {
                next.append(child)
            }
        }
        return found
    }
}
