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

    /// Lets go of all that is kept of segments that are no longer part of the log.
    ///
    /// Queries do so when they begin; whoever erases something can't wait for one.
    package func forgetSegments(notIn snapshot: StoreSnapshot) { views.forget(notIn: snapshot.segments) }

    /// The matching events of one part in the order of the log, for those who follow it.
    package func matches(
        in part: LogPart,
        _ filter: Filter,
        of snapshot: StoreSnapshot
    ) async throws -> [StoredEvent] {
        guard PartSelection(filter).contains(part) else { return [] }
        return try await pool.runIfActive { [catalog] in
            let run = try snapshot.events(of: part)
            var matcher = EventMatcher(filter, catalog: catalog)
            var matches: [StoredEvent] = []
            matcher.eachMatch(in: run) { _, context, _ in matches.append(run.event(at: context.place, context.labels)) }
            return matches
        }
    }

    /// The places of a run's events for which a filter holds, in order; computes, and waits for nothing.
    package func places(in run: EventRun, _ filter: Filter) -> [Int] {
        var matcher = EventMatcher(filter, catalog: catalog)
        var places: [Int] = []
        matcher.eachMatch(in: run) { _, context, _ in places.append(context.place) }
        return places
    }
}
