// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import SystemPackage

/// Files in memory that are lost as real ones are: for tests of everything that promises durability.
///
/// The model is harsher than any disk. What was not synced survives a power cut as any subset of its 512-byte sectors, in
/// any order, some of them torn; names that were made, changed or removed survive each on their own until their directory
/// is synced. A sync of a file that fails loses what it was to write and does not say so twice; one of a directory leaves
/// its names on the way. Each operation can be made to fail, by its number. The same calls with the same seed give the same results, on every machine.
///
/// `Mutex`: owns all of the state; no other lock is taken inside.
package final class SimulatedFileSystem: FileSystem {
    private struct State: Sendable {
        var disk = SimulatedDisk()
        var plan = FaultPlan()
        var generator: SeededGenerator
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - seed: decides which sectors of a write arrive that fails.
    ///   - capacity: bytes that fit.
    package init(seed: UInt64 = 0, capacity: Int = .max) {
        var initial = State(generator: SeededGenerator(seed: seed))
        initial.disk.capacity = capacity
        state = Mutex(initial)
    }

    // MARK: - What goes wrong

    /// Makes the operation with a number fail.
    ///
    /// Numbers go on from `operationCount`.
    package func fail(_ operation: Int, with fault: Fault) {
        state.withLock { $0.plan.faults[operation] = fault }
    }

    /// How many operations there were; the number that the next one has.
    package var operationCount: Int { state.withLock { $0.plan.operationCount } }

    /// How many operations failed as planned.
    package var faultCount: Int { state.withLock { $0.plan.faultCount } }

    /// The newest operations, for messages.
    package var log: [FileOperation] { state.withLock { $0.plan.log } }

    /// Whether a power cut that was asked for has happened.
    package var isOff: Bool { state.withLock { $0.plan.isOff } }

    /// The power goes, and comes back.
    ///
    /// Open files and locks are dead, faults that were asked for are forgotten.
    package func crash(keeping survival: Survival) {
        state.withLock { state in
            var survival = survival
            state.disk.crash(&survival)
            state.plan.restorePower()
        }
    }

    /// The process is killed while the machine goes on: open files and locks are dead, all that was written is seen,
    /// durable or not.
    package func endProcess() {
        state.withLock { state in
            state.disk.endProcess()
            state.plan.faults = [:]
        }
    }

    /// Bytes that fit on the disk from now on.
    package func setCapacity(_ byteCount: Int) {
        state.withLock { $0.disk.capacity = byteCount }
    }

    /// Changes the bytes of a file where they lie, behind everybody's back.
    ///
    /// Counts as no operation.
    package func corrupt(_ path: FilePath, _ edit: (inout [UInt8]) -> Void) throws(FileError) {
        try state.withLock { (state) throws(FileError) in
            let node = try state.disk.file(at: path, doing: "corrupt")
            state.disk.files[node]?.contents.corrupt(edit)
        }
    }

    /// Makes a file with contents, durably.
    ///
    /// Counts as no operation.
    package func place(_ path: FilePath, _ contents: [UInt8]) throws(FileError) {
        try state.withLock { (state) throws(FileError) in
            let (directory, name) = try state.disk.place(of: path, doing: "place")
            let node = state.disk.makeFile(name, in: directory, writesThrough: false)
            state.disk.files[node]?.contents.writeThrough(contents, at: 0)
            state.disk.directories[directory]?.sync()
        }
    }

    // MARK: - Opening

    package func openForReading(_ path: FilePath) throws(FileError) -> any DurableFile {
        try open(path)
    }

    package func openForRecovery(_ path: FilePath) throws(FileError) -> any DurableFile {
        let file = try open(path)
        try file.sync()
        try perform("drop the cache of", path) { (state) throws(FileError) in
            state.disk.files[file.node]?.contents.dropCache()
        }
        return file
    }

    package func createForDurableWrites(
        _ path: FilePath,
        preallocatedByteCount: Int
    ) throws(FileError) -> any DurableFile {
        let file = try perform("create", path) { (state) throws(FileError) in
            let (directory, name) = try state.disk.place(of: path, doing: "create")
            guard state.disk.directories[directory]?.seen[name] == nil else {
                throw FileError(.fileExists, doing: "create", path: path)
            }
            let node = state.disk.makeFile(name, in: directory, writesThrough: true)
            return SimulatedFile(path, node, life: state.disk.life, self)
        }
        do {
            try perform("reserve bytes for", path) { (state) throws(FileError) in
                guard preallocatedByteCount <= state.disk.availableByteCount else {
                    throw FileError(.noSpace, doing: "reserve \(preallocatedByteCount) bytes for", path: path)
                }
                state.disk.files[file.node]?.contents.change(.resize(preallocatedByteCount))
            }
            try file.sync()
        } catch {
            try? remove(path)
            throw error
        }
        return file
    }

    private func open(_ path: FilePath) throws(FileError) -> SimulatedFile {
        try perform("open", path) { (state) throws(FileError) in
            SimulatedFile(path, try state.disk.file(at: path, doing: "open"), life: state.disk.life, self)
        }
    }

    /// Opens a file for writes through the cache, making it when missing.
    private func openForWriting(_ path: FilePath) throws(FileError) -> SimulatedFile {
        try perform("create", path) { (state) throws(FileError) in
            let (directory, name) = try state.disk.place(of: path, doing: "create")
            let node =
                state.disk.directories[directory]?.seen[name]
                ?? state.disk.makeFile(name, in: directory, writesThrough: false)
            return SimulatedFile(path, node, life: state.disk.life, self)
        }
    }

    // MARK: - Small files

    package func replaceAtomically(
        _ path: FilePath,
        with contents: [UInt8],
        mode: FilePermissions
    ) throws(FileError) {
        let temporary = FilePath(path.string + ".new")
        let file = try openForWriting(temporary)
        try file.truncate(to: 0)
        try file.write(contents, at: 0)
        try file.sync()
        try perform("replace", path) { (state) throws(FileError) in
            let (directory, name) = try state.disk.place(of: path, doing: "replace")
            let temporaryName = name + ".new"
            guard let node = state.disk.directories[directory]?.seen[temporaryName] else {
                throw FileError(.noSuchFileOrDirectory, doing: "replace", path: path)
            }
            state.disk.directories[directory]?.change([name: node, temporaryName: nil])
        }
        try syncDirectory(path.removingLastComponent())
    }

    package func appendDurably(_ path: FilePath, _ contents: [UInt8]) throws(FileError) {
        let file = try openForWriting(path)
        try file.write(contents, at: try file.byteCount())
        try file.sync()
        try syncDirectory(path.removingLastComponent())
    }

    package func contents(of path: FilePath, maximumByteCount: Int) throws(FileError) -> [UInt8] {
        let file = try openForReading(path)
        let count = try file.byteCount()
        guard count <= maximumByteCount else {
            throw FileError(
                .tooLarge,
                "\(path) has \(count) bytes, at most \(maximumByteCount) were expected",
                path: path
            )
        }
        return try file.bytes(in: 0..<count)
    }

    // MARK: - Names

    package func names(in directory: FilePath) throws(FileError) -> [String] {
        try perform("list", directory) { (state) throws(FileError) in
            let node = try state.disk.directory(at: directory, doing: "list")
            return (state.disk.directories[node]?.seen.keys).map { $0.sorted() } ?? []
        }
    }

    package func exists(_ path: FilePath) -> Bool {
        state.withLock { $0.disk.node(at: path) != nil }
    }

    /// Made from the path: a disk that is copied here keeps its numbers.
    package func number(of path: FilePath) throws(FileError) -> UInt64 {
        guard exists(path) else { throw FileError(.notFound, "there is no \(path)", path: path) }
        return path.string.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    package func createDirectory(_ path: FilePath) throws(FileError) {
        let parent = path.removingLastComponent()
        if !exists(path) {
            if !exists(parent) { try createDirectory(parent) }
            try perform("create directory", path) { (state) throws(FileError) in
                let (directory, name) = try state.disk.place(of: path, doing: "create")
                state.disk.makeDirectory(name, in: directory)
            }
        }
        if path != "/" { try syncDirectory(parent) }
    }

    package func remove(_ path: FilePath) throws(FileError) {
        try perform("remove", path) { (state) throws(FileError) in
            let (directory, name) = try state.disk.place(of: path, doing: "remove")
            _ = try state.disk.file(at: path, doing: "remove")
            state.disk.directories[directory]?.change([name: nil])
        }
    }

    package func syncDirectory(_ path: FilePath) throws(FileError) {
        try perform("sync directory", path) { (state) throws(FileError) in
            let node = try state.disk.directory(at: path, doing: "sync")
            state.disk.directories[node]?.sync()
        }
    }

    package func lock(_ path: FilePath) throws(FileError) -> any FileLock {
        let file = try openForWriting(path)
        return try state.withLock { (state) throws(FileError) in
            guard state.disk.locked.insert(file.node).inserted else {
                throw FileError(.locked, "\(path) is held by another process", path: path)
            }
            return SimulatedLock(file.node, life: state.disk.life, self)
        }
    }

    package func availableByteCount(at path: FilePath) throws(FileError) -> Int {
        state.withLock { $0.disk.availableByteCount }
    }

    fileprivate func unlock(_ node: SimulatedDisk.Node, life: Int) {
        state.withLock { state in
            if state.disk.life == life { state.disk.locked.remove(node) }
        }
    }

    // MARK: - Operations

    /// Does one operation, or has it fail as planned.
    ///
    /// A power cut in the middle of an operation on names leaves its change on the way; so does not `failing` alone.
    @discardableResult
    private func perform<Result: Sendable>(
        _ action: String,
        _ path: FilePath,
        range: Range<Int>? = nil,
        life: Int? = nil,
        failing: (inout State, Fault) -> Void = { _, _ in },
        _ body: (inout State) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        try state.withLock { (state) throws(FileError) in
            if let life, life != state.disk.life {
                throw FileError(.badFileDescriptor, doing: action, path: path)
            }
            guard let fault = try state.plan.begin(action, path, range) else { return try body(&state) }
            failing(&state, fault)
            // A change that a power cut interrupts is pending like any other. A sync is not such a change.
            if fault == .powerCut, !action.hasPrefix("sync"), !action.hasPrefix("drop"), action != "write" {
                _ = try body(&state)
            }
            throw fault.error(doing: action, path: path)
        }
    }

    // MARK: - Open files

    fileprivate func byteCount(of file: SimulatedFile) throws(FileError) -> Int {
        try perform("read", file.path, life: file.life) { (state) throws(FileError) in
            state.disk.files[file.node]?.contents.seen.count ?? 0
        }
    }

    fileprivate func read(_ file: SimulatedFile, _ range: Range<Int>) throws(FileError) -> ArraySlice<UInt8> {
        try perform("read", file.path, range: range, life: file.life) { (state) throws(FileError) in
            state.disk.files[file.node]?.contents.seen[...].dropFirst(range.lowerBound).prefix(range.count) ?? []
        }
    }

    fileprivate func write(_ file: SimulatedFile, _ bytes: [UInt8], at offset: Int) throws(FileError) {
        let failing = { (state: inout State, fault: Fault) in
            Self.leavePart(of: bytes, at: offset, in: file.node, fault, &state)
        }
        let range = offset..<offset + bytes.count
        try perform("write", file.path, range: range, life: file.life, failing: failing) { (state) throws(FileError) in
            let byteCount = state.disk.files[file.node]?.contents.seen.count ?? 0
            guard offset + bytes.count - byteCount <= state.disk.availableByteCount else {
                throw FileError(.noSpace, doing: "write", path: file.path)
            }
            if state.disk.files[file.node]?.writesThrough == true {
                state.disk.files[file.node]?.contents.writeThrough(bytes, at: offset)
            } else {
                state.disk.files[file.node]?.contents.change(.write(bytes, offset: offset))
            }
        }
    }

    /// What a failing write does to the file.
    private static func leavePart(
        of bytes: [UInt8],
        at offset: Int,
        in node: SimulatedDisk.Node,
        _ fault: Fault,
        _ state: inout State
    ) {
        switch fault {
        case .noSpace:
            break
        case .powerCut:
            state.disk.files[node]?.contents.change(.write(bytes, offset: offset))
        case .lostWrite:
            state.disk.files[node]?.contents.change(.write(bytes, offset: offset))
            state.disk.files[node]?.contents.forgetPending()
        case .shortWrite:
            let half = Array(bytes.prefix(bytes.count / 2))
            state.disk.files[node]?.contents.change(.write(half, offset: offset))
        case .inputOutput:
            for start in stride(from: 0, to: bytes.count, by: SimulatedContents.sectorByteCount)
            where state.generator.isOneIn(2) {
                let sector = Array(bytes[start..<min(bytes.count, start + SimulatedContents.sectorByteCount)])
                state.disk.files[node]?.contents.change(.write(sector, offset: offset + start))
            }
        }
    }

    fileprivate func sync(_ file: SimulatedFile) throws(FileError) {
        let failing = { (state: inout State, fault: Fault) in
            if fault != .powerCut { state.disk.files[file.node]?.contents.forgetPending() }
        }
        try perform("sync", file.path, life: file.life, failing: failing) { (state) throws(FileError) in
            state.disk.files[file.node]?.contents.sync()
        }
    }

    fileprivate func truncate(_ file: SimulatedFile, to byteCount: Int) throws(FileError) {
        try perform("cut", file.path, life: file.life) { (state) throws(FileError) in
            state.disk.files[file.node]?.contents.change(.resize(byteCount))
        }
    }
}

/// An open file of a simulation.
private final class SimulatedFile: DurableFile {
    let path: FilePath
    let node: SimulatedDisk.Node
    let life: Int
    private let fileSystem: SimulatedFileSystem

    init(_ path: FilePath, _ node: SimulatedDisk.Node, life: Int, _ fileSystem: SimulatedFileSystem) {
        self.path = path
        self.node = node
        self.life = life
        self.fileSystem = fileSystem
    }

    func byteCount() throws(FileError) -> Int {
        try fileSystem.byteCount(of: self)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
        let bytes = try fileSystem.read(self, offset..<offset + buffer.count)
        bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
        return bytes.count
    }

    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int) throws(FileError) {
        var bytes: [UInt8] = []
        for buffer in buffers { bytes.append(contentsOf: buffer) }
        try fileSystem.write(self, bytes, at: offset)
    }

    func write(_ contents: [UInt8], at offset: Int) throws(FileError) {
        try fileSystem.write(self, contents, at: offset)
    }

    func sync() throws(FileError) {
        try fileSystem.sync(self)
    }

    func truncate(to byteCount: Int) throws(FileError) {
        try fileSystem.truncate(self, to: byteCount)
    }
}

private final class SimulatedLock: FileLock {
    private let node: SimulatedDisk.Node
    private let life: Int
    private let fileSystem: SimulatedFileSystem

    init(_ node: SimulatedDisk.Node, life: Int, _ fileSystem: SimulatedFileSystem) {
        self.node = node
        self.life = life
        self.fileSystem = fileSystem
    }

    deinit {
        fileSystem.unlock(node, life: life)
    }
}
