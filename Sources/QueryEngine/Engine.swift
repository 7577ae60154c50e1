// SPDX-License-Identifier: Apache-2.0

package import AuditCatalog
package import AuditStore
import JournalFormat
package import NIOPosix
package import QueryLanguage

/// Runs filters over snapshots of the log, on all cores.
package struct Engine: Sendable {
    package let catalog: Catalog
    let pool: NIOThreadPool
    let threadCount: Int
    let views: SegmentViews

    /// Parts that are read and scanned side by side.
    ///
    /// More than threads, so that none waits for the slowest.
    let windowPartCount: Int

    /// Stands on threads that may wait for files.
    ///
    /// - Parameters:
    ///   - catalog: decides what `family`, `category` and `subcategory` are.
    ///   - pool: reads and scans.
    ///   - threadCount: how many threads the pool has.
    ///   - maximumViewByteCount: memory for columns and indexes of segments, between queries.
    package init(
        catalog: Catalog,
        pool: NIOThreadPool,
        threadCount: Int,
        maximumViewByteCount: Int = QueryEngineLimits.defaultViewByteCount
    ) {
        self.catalog = catalog
        self.pool = pool
        self.threadCount = max(1, threadCount)
        views = SegmentViews(maximumByteCount: maximumViewByteCount)
        windowPartCount = 4 * threadCount
    }

    /// Begins a query; its rows come from `QueryRun.next`.
    package func start(_ request: QueryRequest, on snapshot: StoreSnapshot) -> QueryRun {
        QueryRun(self, request, snapshot)
    }

    /// The matching events of one part in the order of the log, for those who follow it.
    package func matches(
        in part: LogPart,
        _ filter: Filter,
        of snapshot: StoreSnapshot
    ) async throws -> [StoredEvent] {
        guard PartSelection(filter).contains(part) else { return [] }
        return try await find(in: part, filter, snapshot).map(\.event)
    }

    /// Reads, checks and scans one part on the pool.
    func find(in part: LogPart, _ filter: Filter, _ snapshot: StoreSnapshot) async throws -> [Match] {
        try await pool.runIfActive { [catalog] in
            let run = try snapshot.events(of: part)
            let selection = PartSelection(filter)
            var matcher = EventMatcher(filter, catalog: catalog)
            var matches: [Match] = []
            for group in run.groups where selection.contains(group.labels.stream) {
                for place in group.places {
                    let context = EventMatcher.Context(run: run, labels: group.labels, place: place)
                    guard let time = matcher.match(context) else { continue }
                    matches.append(Match(time: time, event: run.event(at: place, group.labels)))
                }
            }
            return matches
        }
    }
}

/// A match and the time by which it is ordered.
struct Match: Sendable {
    /// Nanoseconds since 1970.
    let time: Int64
    let event: StoredEvent
}
