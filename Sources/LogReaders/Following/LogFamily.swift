// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Glibc
import SystemPackage

/// A log and what it was before it was rotated: files whose names begin with its own.
///
/// They are in the order of their first stamps, which stay the same when files are renamed, copied, packed or touched.
struct LogFamily {
    /// Of the log that is written now.
    let path: FilePath

    /// What was found in files that nobody writes any more, as long as they look the same.
    private var known: [FilePath: (number: LogFile.Number, byteCount: UInt64, member: Member)] = [:]

    init(path: FilePath) {
        self.path = path
    }

    /// A file that has a first line.
    struct Member {
        let path: FilePath
        let identity: LogIdentity
        let firstSecond: Int64?
        let isPacked: Bool
        let isLive: Bool
    }

    /// All members, oldest first, the one that is written last; of copies the one that is written, else the one that is not packed.
    ///
    /// What cannot be read is left out: `unreadable` gets its name.
    mutating func members(unreadable: (FilePath, any Error) -> Void) -> [Member] {
        var members: [LogIdentity: Member] = [:]
        for name in names() {
            let sibling = path.removingLastComponent().appending(name)
            do {
                guard let member = try member(sibling) else { continue }
                if let other = members[member.identity], other.isLive || member.isPacked && !member.isLive { continue }
                members[member.identity] = member
            } catch {
                unreadable(sibling, error)
            }
        }
        return members.values.sorted { left, right in
            guard left.isLive == right.isLive else { return right.isLive }
            return (left.firstSecond ?? .min, left.path.string) < (right.firstSecond ?? .min, right.path.string)
        }
    }

    /// The member that a name stands for; nil when there is none, or it has no first line yet.
    private mutating func member(_ path: FilePath) throws -> Member? {
        let isLive = path == self.path
        if !isLive, let known = known[path], LogFile.number(of: path) == known.number,
            LogFile.byteCount(of: path) == known.byteCount
        {
            return known.member
        }
        guard let file = try LogFile(path) else { return nil }
        let head = try file.head()
        guard let identity = LogIdentity(head: head.span.bytes, isWhole: !isLive) else { return nil }
        let member = Member(
            path: path,
            identity: identity,
            firstSecond: LogHead.firstSecond(head.span.bytes),
            isPacked: file.isPacked,
            isLive: isLive
        )
        if !isLive { known[path] = (file.number, try file.byteCount(), member) }
        return member
    }

    private func names() -> [String] {
        guard let own = path.lastComponent?.string, let directory = opendir(path.removingLastComponent().orHere.string)
        else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                // SAFETY: readdir ends the name with a zero inside the array.
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name.hasPrefix(own) { names.append(name) }
        }
        return Array(names.sorted().suffix(LogReaderLimits.siblingCount))
    }
}

extension FilePath {
    fileprivate var orHere: FilePath { isEmpty ? "." : self }
}
