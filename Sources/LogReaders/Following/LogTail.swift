// SPDX-License-Identifier: Apache-2.0

package import EventMapping
package import Ingest
package import SystemPackage

/// Reads a log that is written and rotated, each line once, whole lines at a time.
///
/// States: *none* (looks for the next log) → *reading* → *none*, when the log was renamed away and has ended, or was cut.
///
/// | what happens to the log | what is done |
/// |---|---|
/// | renamed, another begun | the old one is read to its end through the open file, then the next in order of first stamps |
/// | copied and cut | the copy is found by its identity and read on; without a copy there is a gap |
/// | cut | a gap; the log begins anew |
/// | gone, or not there yet | waits |
/// | rotated several times while nobody read | all of them, packed ones too, in order |
/// | the one that was being read is gone | a gap; the next one that is there |
///
/// Calls block; no clock: `next` is called again after a while when it says `idle`.
package struct LogTail {
    package enum Step {
        case lines(Part)
        /// A line longer than `LogReaderLimits.lineByteCount`, of which this is the beginning.
        case longLine(LogPlace, [UInt8], position: LogPosition)
        case gap(Gap.Reason, from: String)
        /// Nothing new.
        case idle
    }

    /// Whole lines of a log.
    package struct Part: Sendable {
        package let bytes: [UInt8]
        package let log: LogIdentity
        package let byteOffset: UInt64
        package let firstSecond: Int64?
        /// Whether no line of this log follows.
        package let isLast: Bool
    }

    private struct Current {
        let file: LogFile
        let identity: LogIdentity
        let firstSecond: Int64?
        var isLive: Bool
        var byteOffset: UInt64
        /// Whether the name was seen to stand for another file: read to the end once more after that, then it has ended.
        var isReplaced = false
        var isSkipping = false
    }

    private var family: LogFamily
    private var current: Current?
    /// Where the log that was read last ended.
    private var last: LogPosition?
    /// Whether `last` is to be looked for, to go on in it.
    private var resumes: Bool
    /// Logs that were read to their end, the newest, so that none is read again because its stamp is as new.
    private var finished: [LogIdentity] = []
    /// Attempts at a file that cannot be read.
    private var failures: [FilePath: Int] = [:]

    /// - Parameters:
    ///   - path: of the log that is written.
    ///   - position: how far it was read; nil to read all there is.
    package init(path: FilePath, position: LogPosition?) {
        family = LogFamily(path: path)
        last = position
        resumes = position != nil
    }

    /// The next thing there is.
    package mutating func next() throws -> Step {
        if current == nil, let step = open() { return step }
        guard current != nil else { return .idle }
        return try read()
    }

    // MARK: - Opening

    /// Chooses the next log; a step when there is something to tell first.
    private mutating func open() -> Step? {
        var unreadable: [FilePath] = []
        let members = family.members { path, _ in unreadable.append(path) }
        if let step = tellUnreadable(unreadable) { return step }
        if resumes, let last {
            resumes = false
            if let same = members.first(where: { $0.identity == last.log }) {
                resumes = !begin(same, at: last.byteOffset)
                return nil
            }
            // Nothing at all: the log may be moved just now, or its disk not be there.
            guard !members.isEmpty else {
                resumes = true
                return nil
            }
            return .gap(.retentionTook, from: "byte \(last.byteOffset) of log \(last.log)")
        }
        let next = members.first { member in
            guard member.identity != last?.log, !finished.contains(member.identity) else { return false }
            // What is written now is newest, whatever its clock says.
            guard let before = last?.firstSecond, !member.isLive else { return true }
            return member.firstSecond.map { $0 >= before } ?? false
        }
        if let next { _ = begin(next, at: 0) }
        return nil
    }

    /// - Returns: false when the name stands for another log by now; the next look will tell.
    private mutating func begin(_ member: LogFamily.Member, at byteOffset: UInt64) -> Bool {
        guard let file = try? LogFile(member.path) else { return false }
        let identity = try? file.identity(isWhole: !member.isLive)
        guard identity == member.identity else { return false }
        current = Current(
            file: file,
            identity: member.identity,
            firstSecond: member.firstSecond,
            isLive: member.isLive,
            byteOffset: byteOffset
        )
        return true
    }

    /// A file that is being packed or moved cannot be read yet, so it is waited for; then there is a gap, and things go on without it.
    private mutating func tellUnreadable(_ paths: [FilePath]) -> Step? {
        failures = failures.filter { paths.contains($0.key) }
        for path in paths { failures[path, default: 0] += 1 }
        for path in paths where failures[path] == LogReaderLimits.attemptCount {
            return .gap(.unreadable, from: path.lastComponent?.string ?? path.string)
        }
        return failures.values.contains { $0 < LogReaderLimits.attemptCount } ? .idle : nil
    }

    // MARK: - Reading

    private mutating func read() throws -> Step {
        guard var current else { return .idle }
        if current.isLive, try isCut(current) { return cut(current) }
        guard let bytes = try bytes(current) else {
            end(current)
            return .gap(.unreadable, from: "byte \(current.byteOffset) of log \(current.identity)")
        }
        // Between the look at the beginning and the reading the log may have been cut and begun anew.
        if current.isLive, !bytes.isEmpty, try isCut(current) { return cut(current) }
        self.current = nil
        let (step, isOver) = try step(bytes, &current)
        if isOver { end(current) } else { self.current = current }
        return step
    }

    /// What follows; nil when it is packed and damaged.
    private func bytes(_ current: Current) throws -> [UInt8]? {
        do {
            return try current.file.bytes(from: current.byteOffset, count: LogReaderLimits.partByteCount)
        } catch {
            guard current.file.isPacked else { throw error }
            return nil
        }
    }

    private func step(_ bytes: [UInt8], _ current: inout Current) throws -> (Step, isOver: Bool) {
        if current.isSkipping { return try skip(bytes, &current) }
        if let newline = bytes.lastIndex(of: 0x0A) {
            return (lines(bytes[...newline], &current, isLast: false), false)
        }
        if bytes.count >= LogReaderLimits.lineByteCount {
            current.isSkipping = true
            let place = LogPlace(log: current.identity, byteOffset: current.byteOffset)
            current.byteOffset += UInt64(bytes.count)
            let head = Array(bytes.prefix(LogReaderLimits.longLineHeadByteCount))
            return (.longLine(place, head, position: position(current)), false)
        }
        guard try hasEnded(&current) else { return (.idle, false) }
        // The end without a line's end: nobody writes on in it.
        return (lines(bytes[...], &current, isLast: true), true)
    }

    private func lines(_ bytes: ArraySlice<UInt8>, _ current: inout Current, isLast: Bool) -> Step {
        let part = part(Array(bytes), current, at: current.byteOffset, isLast: isLast)
        current.byteOffset += UInt64(bytes.count)
        return .lines(part)
    }

    private func part(_ bytes: [UInt8], _ current: Current, at offset: UInt64, isLast: Bool) -> Part {
        Part(bytes: bytes, log: current.identity, byteOffset: offset, firstSecond: current.firstSecond, isLast: isLast)
    }

    /// Goes on to the end of a line that is too long.
    private func skip(_ bytes: [UInt8], _ current: inout Current) throws -> (Step, isOver: Bool) {
        let newline = bytes.firstIndex(of: 0x0A)
        current.byteOffset += UInt64(newline.map { $0 + 1 } ?? bytes.count)
        if newline != nil { current.isSkipping = false }
        guard bytes.isEmpty else { return (.lines(part([], current, at: current.byteOffset, isLast: false)), false) }
        guard try hasEnded(&current) else { return (.idle, false) }
        return (.lines(part([], current, at: current.byteOffset, isLast: true)), true)
    }

    private func position(_ current: Current) -> LogPosition {
        LogPosition(log: current.identity, byteOffset: current.byteOffset, firstSecond: current.firstSecond)
    }

    // MARK: - Ends

    /// Whether nobody writes the log any more, at whose end we are.
    private func hasEnded(_ current: inout Current) throws -> Bool {
        guard current.isLive else { return true }
        guard let number = LogFile.number(of: family.path), number != current.file.number else { return false }
        // Its writer may not have closed it when it was renamed.
        guard current.isReplaced else {
            current.isReplaced = true
            return false
        }
        return true
    }

    private mutating func end(_ current: Current) {
        last = position(current)
        finished.append(current.identity)
        if finished.count > 64 { finished.removeFirst() }
        self.current = nil
    }

    /// Whether the log is shorter than it was read, or begins otherwise.
    private func isCut(_ current: Current) throws -> Bool {
        guard !current.file.isPacked else { return false }
        if try current.file.byteCount() < current.byteOffset { return true }
        return try current.file.identity(isWhole: false) != current.identity
    }

    /// Goes on in the copy of a log that was cut.
    private mutating func cut(_ current: Current) -> Step {
        let members = family.members { _, _ in }
        let copy = members.first { $0.identity == current.identity && !$0.isLive }
        last = position(current)
        self.current = nil
        if let copy, goesOn(in: copy, current.byteOffset) {
            return .lines(part([], current, at: current.byteOffset, isLast: false))
        }
        self.current = nil
        finished.append(current.identity)
        return .gap(.truncated, from: "byte \(current.byteOffset) of log \(current.identity)")
    }

    /// Whether a copy has all that was read.
    private mutating func goesOn(in copy: LogFamily.Member, _ byteOffset: UInt64) -> Bool {
        guard begin(copy, at: byteOffset) else { return false }
        guard let file = current?.file else { return false }
        if file.isPacked { return true }
        let byteCount = (try? file.byteCount()) ?? 0
        return byteCount >= byteOffset
    }
}
