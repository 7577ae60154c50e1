// SPDX-License-Identifier: Apache-2.0

import AuditModel
package import AuditStore
import SystemPackage

/// Erasing events, each written to the log first.
///
/// The log says who erases which event and why before anything is gone; what stands in the event's place says the same. A crash in
/// between can leave a record of an erasure that has to be asked for once more, and never an erasure without its record.
package struct ErasureAdministration: Sendable {
    /// Bytes of a reason: a paragraph, not the document that it refers to.
    package static let maximumReasonByteCount = 1000

    private let admission: Admission
    private let events: SystemEventMaker

    package init(_ admission: Admission, _ events: SystemEventMaker) {
        self.admission = admission
        self.events = events
    }

    /// Whether a reason can be kept.
    package static func accepts(reason: String) -> Bool {
        (1...maximumReasonByteCount).contains(reason.utf8.count) && reason.contains { !$0.isWhitespace }
    }

    /// Erases the bytes of an event for ever.
    ///
    /// - Parameters:
    ///   - index: the event's.
    ///   - reason: why, for the record; one that `accepts(reason:)` takes.
    ///   - principal: who does it.
    ///   - releasing: as in `LogStore.erase`.
    /// - Returns: what stays.
    /// - Throws: `ErasureRefusal`, and then the log says nothing of it and nothing is gone; `StoreError`.
    package func erase(
        _ index: UInt64,
        reason: String,
        by principal: String,
        releasing: @Sendable (StoreSnapshot) -> Void = { _ in }
    ) async throws -> Erasure {
        let store = admission.store
        let leaf = try await store.erasableLeaf(of: index)
        func event(_ kind: SystemEvent.Kind) -> SystemEvent {
            events.make(
                kind,
                method: "EraseEvent",
                principal: principal,
                resource: "event=\(index)",
                details: [("index", String(index)), ("leafHash", leaf.hashText), ("reason", reason)]
            )
        }
        try await admission.record(event(.eventErased))
        let tombstone = event(.erased).encoded(logID: store.logName)
        return try await store.erase(index, tombstone: { _ in tombstone }, releasing: releasing)
    }
}

/// What the answer to an erasure says, over HTTP and on the command line.
package struct ErasureDocument: Codable, Sendable {
    package let index: UInt64
    /// Base64: what the tree has for the event, before and after.
    package let leafHash: String
    /// The event that stands in the place of the one that was erased.
    package let tombstone: String
    /// Files with the event that somebody was still reading; the store removes them when he is done.
    package let remainingFiles: [String]
    /// Where else copies may be, which Martlet can't reach.
    package let mayStillHold: [String]

    package init(_ erasure: Erasure) {
        index = erasure.index
        leafHash = erasure.leaf.hashText
        tombstone = String(decoding: erasure.tombstone, as: UTF8.self)
        remainingFiles = erasure.remaining.map(\.string)
        mayStillHold = Self.mayStillHold
    }

    /// The same for every event: nobody keeps a list of who was given one.
    package static let mayStillHold = [
        "what sinks delivered, and whoever queried, tailed or exported the log",
        "packs of evidence and copies made with martlet export or martlet store export",
        "backups and snapshots of the data directory, with the events and with the secrets of their leaves",
        "the sender, who may send it again: then it is stored again, as a new event",
        "quarantine.ndjson, if a damaged line held the same text",
        "blocks of the disk that the file system freed and has not used again",
        "memory and swap of this process, until it ends",
    ]
}
