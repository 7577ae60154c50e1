// SPDX-License-Identifier: Apache-2.0

/// The names of pipes, and what other languages call them.
enum PipeName: String, CaseIterable {
    case count
    case top
    case distinct
    case facets
    case timeline
    case joinRequest = "join-request"
    case sessions
    case fields
    case sort
    case limit

    /// Whether the pipe makes a table of events.
    var makesTable: Bool {
        switch self {
        case .count, .top, .distinct, .facets, .timeline, .joinRequest, .sessions: true
        case .fields, .sort, .limit: false
        }
    }

    /// The pipe, or pipes, that were probably meant by another name.
    static func suggestion(for name: String) -> String? {
        let lowercased = name.lowercased()
        return otherWords[lowercased] ?? NearestName.nearest(to: lowercased, among: allCases.map(\.rawValue))
    }

    /// Words by which other languages begin a condition behind a pipe.
    static let filterWords: Set<String> = ["where", "filter", "search", "regex", "having"]

    /// What SPL, KQL, LogsQL, SQL and the shell call our pipes.
    ///
    /// They are not aliases, one word per thing, but they are easy to answer.
    private static let otherWords = [
        "stats": "count", "summarize": "count", "summarise": "count", "aggregate": "count", "group": "count by",
        "wc": "count", "uniq": "distinct", "unique": "distinct", "dedup": "distinct", "values": "distinct",
        "head": "limit", "take": "limit", "first": "limit", "project": "fields", "table": "fields",
        "select": "fields", "keep": "fields", "order": "sort", "rare": "count by … | sort count | limit 10",
        "timechart": "count every 1h", "hits": "count every 1h", "histogram": "count every 1h",
        "bucket": "count every 1h", "bin": "count every 1h", "transaction": "sessions gap 30m",
        "join": "join-request", "tail": "sort time desc | limit 10", "field_values": "facets",
    ]
}
