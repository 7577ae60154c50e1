// SPDX-License-Identifier: Apache-2.0

import AuditStore
import SystemPackage

/// A log that is gone through from its beginning while its owner may be sealing, merging and deleting.
///
/// A file that is gone was replaced or deleted, or it is missing. Only a second look tells: what the manifest still names is
/// missing.
struct MovingLog {
    private var log: ReadOnlyLog
    private(set) var snapshot: StoreSnapshot

    init(_ log: ReadOnlyLog) {
        self.log = log
        snapshot = log.snapshot
    }

    init(directory: String) throws {
        self.init(try ReadOnlyLog(directory: FilePath(directory)))
    }

    /// Looks again.
    ///
    /// - Returns: whether the log no longer has a segment that it had; then the newer snapshot says what took its place.
    mutating func hasReplaced(_ segment: SealedSegment) throws -> Bool {
        try log.refresh()
        snapshot = log.snapshot
        return !snapshot.segments.contains { $0.description == segment.description }
    }
}

extension StoreSnapshot {
    /// Events from the first that is kept to the newest.
    var eventCount: Int { Int(clamping: endIndex - min(endIndex, floorIndex)) }

    /// Events that are in no segment.
    var journalEventCount: Int { Int(clamping: endIndex - min(endIndex, liveStart)) }
}
