// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import AuditStore
import JournalFormat
import ManifestFormat

/// When each source was heard last, kept up to date by going over what is new in the log.
///
/// Knows of those that are not gone, and of no more than `LedgerLimits.maximumHeartbeatSourceCount`: those heard last.
package struct HeardSources: Sendable {
    /// The newest of a source.
    package struct Last: Equatable, Sendable {
        package let index: UInt64
        package let received: Timestamp
        /// As the source says it.
        package let position: String?
    }

    private var heard: [LedgerSource: Last] = [:]
    private var nextIndex: UInt64 = 0

    package init() {}

    /// Goes over what the log has behind what was looked at before.
    ///
    /// Blocks. A damaged segment is passed over.
    ///
    /// - Parameters:
    ///   - snapshot: the log.
    ///   - now: what was received longer ago than sources live is passed over.
    ///   - isAbandoned: asked between parts of the log; the rest is then looked at next time.
    /// - Throws: `StoreError` of the journal.
    package mutating func advance(
        over snapshot: StoreSnapshot,
        now: Timestamp,
        isAbandoned: () -> Bool
    ) throws(StoreError) {
        let start = now.adding(.zero - LedgerLimits.sourceLifetime).nanosecondsSinceEpoch
        for unit in LedgerUnit.units(of: snapshot, from: start) where unit.endIndex(in: snapshot) > nextIndex {
            guard !isAbandoned() else { return }
            do throws(StoreError) {
                add(try unit.labels(snapshot))
            } catch {
                guard error.code == .damaged, case .segment = unit else { throw error }
            }
            nextIndex = unit.endIndex(in: snapshot)
            if heard.count > 2 * LedgerLimits.maximumHeartbeatSourceCount { trim(before: start) }
        }
        nextIndex = max(nextIndex, snapshot.endIndex)
        trim(before: start)
    }

    /// The sources that owe a word and were not heard since a time.
    package func silent(since time: Timestamp) -> [(source: LedgerSource, last: Last)] {
        heard.filter { $0.value.received < time }.map { ($0.key, $0.value) }.sorted { $0.source < $1.source }
    }

    private mutating func add(_ labels: LabelRuns) {
        let sources = labels.origins.map { LedgerSource($0) }
        var last: [LabelRuns.Run?] = Array(repeating: nil, count: sources.count)
        for run in labels.runs where run.stream == .audit && run.indices.upperBound > nextIndex {
            last[run.origin] = run
        }
        for (place, run) in last.enumerated() where !sources[place].isBatch {
            guard let run else { continue }
            heard[sources[place]] = Last(
                index: run.indices.upperBound - 1,
                received: Timestamp(nanosecondsSinceEpoch: run.received),
                position: labels.position(of: run).positionText
            )
        }
    }

    private mutating func trim(before time: Int64) {
        heard = heard.filter { $0.value.received.nanosecondsSinceEpoch >= time }
        let most = LedgerLimits.maximumHeartbeatSourceCount
        guard heard.count > most else { return }
        let newest = heard.sorted { $0.value.index > $1.value.index }.prefix(most)
        heard = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
    }
}

extension LedgerUnit {
    /// The index behind its last event.
    func endIndex(in snapshot: StoreSnapshot) -> UInt64 {
        switch self {
        case .segment(let segment): segment.description.indices.upperBound
        case .frames(let positions): snapshot.frames[positions.upperBound - 1].indices.upperBound
        }
    }
}
