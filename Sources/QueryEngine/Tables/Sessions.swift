// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage

/// Stretches of a principal's events without a pause longer than a gap.
enum Sessions {
    static let fields: [FieldReference] = [.audit(.principal), .audit(.method), .audit(.resource), .audit(.outcome)]

    private struct Session {
        let principal: UInt32
        let first: Int64
        var last: Int64
        var eventCount = 0
        var failureCount = 0
        var methods: Set<UInt32> = []
        var resources: Set<UInt32> = []
    }

    /// The rows, the session that began last first, and by principal where several began at once; events without a principal
    /// are in none.
    static func rows(of events: EventList, gap: Int64) -> [[QueryTable.Value]] {
        var open: [UInt32: Session] = [:]
        var ended: [Session] = []
        let failures = Set(["failure", "denied"])
        for place in events.placesByTime {
            let principal = events.number(place, 0)
            guard principal != TextNumbers.none else { continue }
            let time = events.times[place]
            var session = open[principal] ?? Session(principal: principal, first: time, last: time)
            let (pause, isLonger) = time.subtractingReportingOverflow(session.last)
            if isLonger || pause > gap {
                ended.append(session)
                session = Session(principal: principal, first: time, last: time)
            }
            session.last = time
            session.eventCount += 1
            if let outcome = events.text(place, 3), failures.contains(outcome) { session.failureCount += 1 }
            session.methods.insert(events.number(place, 1))
            session.resources.insert(events.number(place, 2))
            open[principal] = session
        }
        ended += open.values
        let rows = ended.map { session -> [QueryTable.Value] in
            [
                events.texts[0].text(session.principal).map(QueryTable.Value.text) ?? .none,
                .time(Timestamp(nanosecondsSinceEpoch: session.first)),
                .time(Timestamp(nanosecondsSinceEpoch: session.last)),
                .number(session.eventCount),
                .number(session.methods.subtracting([TextNumbers.none]).count),
                .number(session.resources.subtracting([TextNumbers.none]).count),
                .number(session.failureCount),
            ]
        }
        return rows.sorted { ($1[1], $0[0]) < ($0[1], $1[0]) }
    }
}
