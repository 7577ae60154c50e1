// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import QueryLanguage

/// What is asked of the engine.
package struct QueryRequest: Sendable {
    /// In which order, and so how much has to be held.
    package enum Order: String, Sendable, CaseIterable {
        /// By time, latest first; by index where times are equal.
        case newest
        /// By time, earliest first.
        case oldest
        /// As the log has them, by index. Rows are handed out as they are found, so there may be any number.
        case log
    }

    package var filter: Filter
    /// What is made of the events that the filter finds.
    package var pipes: [Pipe] = []
    package var order: Order
    /// Most rows; with an order by time at most `QueryEngineLimits.maximumRowCount`.
    package var limit: Int
    package var deadline: Duration
    /// Where an earlier page ended; its order is taken for the query's.
    package var after: QueryCursor?
    /// Whether nobody waits for the answer any more.
    ///
    /// Asked between parts of the log; then the query ends as if its task were cancelled. A client that goes away while nothing
    /// is written to it cancels nothing by itself.
    package var isAbandoned: @Sendable () -> Bool = { false }

    package init(
        _ filter: Filter,
        order: Order = .newest,
        limit: Int = 100,
        deadline: Duration = QueryEngineLimits.defaultDeadline
    ) {
        self.filter = filter
        self.order = order
        self.limit = max(0, limit)
        self.deadline = deadline
    }

    package init(
        _ query: Query,
        order: Order = .newest,
        limit: Int = 100,
        deadline: Duration = QueryEngineLimits.defaultDeadline
    ) {
        self.init(query.filter, order: order, limit: limit, deadline: deadline)
        pipes = query.pipes
    }

    package var query: Query { Query(filter, pipes: pipes) }

    /// The filter with bounds on `time`, each where given, added to it.
    package static func bounded(_ filter: Filter, from: Timestamp?, to: Timestamp?) -> Filter {
        guard from != nil || to != nil else { return filter }
        let range = Comparison.range(
            lower: from.map { Bound(.time($0), isInclusive: true) },
            upper: to.map { Bound(.time($0), isInclusive: false) }
        )
        return .conjunction([filter, .field(.audit(.time), range)])
    }
}

/// How a query ended.
package struct QueryOutcome: Sendable, Equatable {
    /// Why not everything was looked at; nil when it was, or when the limit on rows was met in order.
    package var partialReason: String?
    package var scannedEventCount = 0
    package var skippedEventCount = 0
    /// Events of damaged segments, which nobody can read.
    package var unreadableEventCount = 0
    package var rowCount = 0

    /// What was done to find it out.
    package var explanation = QueryExplanation()

    package init() {}
}
