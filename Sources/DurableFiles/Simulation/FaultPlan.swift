// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// How a simulated operation fails.
package enum Fault: Sendable, CaseIterable {
    /// EIO. Of a write, any of the sectors may have arrived.
    case inputOutput
    /// ENOSPC. Nothing of a write arrived. What needs no space fails with EIO.
    case noSpace
    /// A write stops halfway, and what is left of it fails with ENOSPC. Anything else fails as with `noSpace`.
    case shortWrite
    /// EIO, though all of a write is seen from then on: its sync failed, so it is not on disk and counts as clean.
    case lostWrite
    /// The power goes in the middle of the operation: what it was to change is on the way. Everything fails from then on,
    /// until `SimulatedFileSystem.crash(keeping:)`.
    case powerCut

    func error(doing action: String, path: FilePath) -> FileError {
        let needsSpace = !FileOperation.isReading(action)
        return switch self {
        case .noSpace where needsSpace, .shortWrite where needsSpace: FileError(.noSpace, doing: action, path: path)
        case .inputOutput, .noSpace, .shortWrite, .lostWrite: FileError(.ioError, doing: action, path: path)
        case .powerCut: FileError(.inputOutput, "cannot \(action) \(path): the machine is off", path: path)
        }
    }
}

/// One operation of a simulated file system, counted from 0.
package struct FileOperation: Sendable, CustomStringConvertible {
    package let number: Int
    package let action: String
    package let path: FilePath
    /// Bytes, for reads and writes.
    package let range: Range<Int>?
    package let fault: Fault?

    /// Whether a power cut in it differs from one before it.
    package var isChange: Bool { !Self.isReading(action) }

    static func isReading(_ action: String) -> Bool {
        action == "read" || action == "open" || action == "list"
    }

    package var description: String {
        let bytes = range.map { ", bytes \($0.lowerBound)..<\($0.upperBound)" } ?? ""
        return "\(number): \(action) \(path)\(bytes)" + (fault.map { " — \($0)" } ?? "")
    }
}

/// What is to go wrong when, and what was done so far.
struct FaultPlan: Sendable {
    var faults: [Int: Fault] = [:]
    private(set) var operationCount = 0
    private(set) var faultCount = 0
    private(set) var isOff = false
    private(set) var log: [FileOperation] = []

    /// Operations that are kept for messages.
    private static let maximumLogCount = 4096

    /// Counts an operation and says what becomes of it.
    ///
    /// - Throws: when the machine is off.
    mutating func begin(_ action: String, _ path: FilePath, _ range: Range<Int>?) throws(FileError) -> Fault? {
        guard !isOff else { throw Fault.powerCut.error(doing: action, path: path) }
        let fault = faults.removeValue(forKey: operationCount)
        if log.count == Self.maximumLogCount { log.removeFirst(Self.maximumLogCount / 2) }
        log.append(FileOperation(number: operationCount, action: action, path: path, range: range, fault: fault))
        operationCount += 1
        if fault != nil { faultCount += 1 }
        if fault == .powerCut { isOff = true }
        return fault
    }

    mutating func restorePower() {
        isOff = false
        faults = [:]
    }
}
