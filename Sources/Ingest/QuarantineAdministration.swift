// SPDX-License-Identifier: Apache-2.0

/// What operators do with the quarantine, each written to the log.
package struct QuarantineAdministration: Sendable {
    private let admission: Admission
    private let events: SystemEventMaker

    package init(_ admission: Admission, _ events: SystemEventMaker) {
        self.admission = admission
        self.events = events
    }

    /// Offers pieces again, as when limits were raised or a fault of ours was mended.
    ///
    /// A piece leaves the quarantine only after its events are on disk.
    ///
    /// `ids` says which entries, nil all of them.
    ///
    /// - Returns: how many are events now, and how many still are not.
    package func retry(_ ids: Set<Int>?, by principal: String) async throws -> (accepted: Int, stillRejected: Int) {
        var accepted: Set<Int> = []
        var stillRejected = 0
        for entry in try await admission.quarantine.entries() where ids?.contains(entry.id) ?? true {
            do {
                _ = try await admission.accept(
                    Array(entry.bytes),
                    .object,
                    from: entry.submitter,
                    source: entry.source
                )
                accepted.insert(entry.id)
            } catch is Rejection {
                stillRejected += 1
            }
        }
        try await record(
            .quarantineRetried,
            "RetryQuarantine",
            principal,
            ["accepted": accepted.count, "rejected": stillRejected]
        )
        try await admission.quarantine.remove(accepted)
        return (accepted.count, stillRejected)
    }

    /// Throws pieces away for good.
    ///
    /// The log says so first: what is lost is lost openly.
    ///
    /// `ids` says which entries, nil all of them.
    ///
    /// - Returns: how many there were.
    package func purge(_ ids: Set<Int>?, by principal: String) async throws -> Int {
        let entries = try await admission.quarantine.entries()
        let doomed = Set(entries.map(\.id).filter { ids?.contains($0) ?? true })
        guard !doomed.isEmpty else { return 0 }
        try await record(.quarantinePurged, "PurgeQuarantine", principal, ["entries": doomed.count])
        return try await admission.quarantine.remove(doomed)
    }

    private func record(
        _ kind: SystemEvent.Kind,
        _ method: String,
        _ principal: String,
        _ counts: KeyValuePairs<String, Int>
    ) async throws {
        let details = counts.map { (name: $0.key, value: String($0.value)) }
        try await admission.record(events.make(kind, method: method, principal: principal, details: details))
    }
}
