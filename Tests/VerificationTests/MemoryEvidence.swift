// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Verification

/// Files in memory.
final class MemoryEvidence: EvidenceSource {
    private struct State {
        var files: [String: [UInt8]]
        /// Names that are something else than files.
        var others: Set<String> = []
        var unreadable: Set<String> = []
        var readNames: Set<String> = []
        /// Called before each read.
        var beforeRead: (@Sendable (String) -> Void)?
    }

    private let state: Mutex<State>
    private let isListed: Bool

    init(_ files: [String: [UInt8]], isListed: Bool = true) {
        state = Mutex(State(files: files))
        self.isListed = isListed
    }

    /// What would be read now.
    var files: [String: [UInt8]] {
        get { state.withLock { $0.files } }
        set { state.withLock { $0.files = newValue } }
    }

    /// Makes a name a link or a pipe.
    func addOther(_ name: String) { _ = state.withLock { $0.others.insert(name) } }

    func makeUnreadable(_ name: String) { _ = state.withLock { $0.unreadable.insert(name) } }

    func onRead(_ body: @escaping @Sendable (String) -> Void) { state.withLock { $0.beforeRead = body } }

    /// Names that anything was read of.
    var readNames: Set<String> { state.withLock { $0.readNames } }

    func names(in directory: String) throws(EvidenceError) -> [String]? {
        guard isListed else { return nil }
        return state.withLock { state in
            var names: Set<String> = []
            for file in Array(state.files.keys) + state.others where file.hasPrefix(directory + "/") {
                let rest = file.dropFirst(directory.utf8.count + 1)
                let end = rest.firstIndex(of: "/").map { rest.index(after: $0) } ?? rest.endIndex
                names.insert(String(rest[..<end]))
            }
            return names.sorted()
        }
    }

    func byteCount(of name: String) throws(EvidenceError) -> Int? { try file(name)?.count }

    func bytes(_ range: Range<Int>, of name: String) throws(EvidenceError) -> [UInt8] {
        guard let file = try file(name), range.upperBound <= file.count else {
            throw EvidenceError(.missing, "not there", name: name)
        }
        return Array(file[range])
    }

    private func file(_ name: String) throws(EvidenceError) -> [UInt8]? {
        state.withLock { $0.beforeRead }?(name)
        return try state.withLock { state throws(EvidenceError) in
            guard !state.others.contains(name) else { throw EvidenceError(.notAFile, "a link", name: name) }
            guard !state.unreadable.contains(name) else { throw EvidenceError(.unreadable, "refused", name: name) }
            state.readNames.insert(name)
            return state.files[name]
        }
    }
}
