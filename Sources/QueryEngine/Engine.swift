// SPDX-License-Identifier: Apache-2.0

package import AuditCatalog
package import AuditStore
import JournalFormat
package import NIOPosix
package import QueryLanguage

/// Runs filters over snapshots of the log, on all cores.
package struct Engine: Sendable {
    package let catalog: Catalog
    private let pool: NIOThreadPool

    /// Frames that are read and scanned side by side.
    ///
    /// More than threads, so that none waits for the slowest.
    let windowFrameCount: Int

    /// Stands on threads that may wait for files.
    ///
    /// - Parameters:
    ///   - catalog: decides what `family`, `category` and `subcategory` are.
    ///   - pool: reads and scans.
    ///   - threadCount: how many threads the pool has.
    package init(catalog: Catalog, pool: NIOThreadPool, threadCount: Int) {
        self.catalog = catalog
        self.pool = pool
        windowFrameCount = 4 * threadCount
    }

    /// Begins a query; its rows come from `QueryRun.next`.
    package func start(_ request: QueryRequest, on snapshot: StoreSnapshot) -> QueryRun {
        QueryRun(self, request, snapshot)
    }

    /// The matching events of one frame in the order of the log, for those who follow it.
    package func matches(
        in reference: FrameReference,
        _ filter: Filter,
        of snapshot: StoreSnapshot
    ) async throws -> [StoredEvent] {
        guard FrameSelection(filter).contains(reference) else { return [] }
        return try await find(in: reference, filter, snapshot).map(\.event)
    }

    /// Reads, checks and scans one frame on the pool.
    func find(in reference: FrameReference, _ filter: Filter, _ snapshot: StoreSnapshot) async throws -> [Match] {
        try await pool.runIfActive { [catalog] in
            let frame = try snapshot.read(reference)
            var matcher = EventMatcher(filter, catalog: catalog)
            var matches: [Match] = []
            for (place, range) in frame.ranges().enumerated() {
                let context = EventMatcher.Context(frame: frame, index: reference.firstIndex + UInt64(place))
                guard let time = matcher.match(range, context) else { continue }
                matches.append(Match(time: time, event: StoredEvent(frame, place: place, range: range)))
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
