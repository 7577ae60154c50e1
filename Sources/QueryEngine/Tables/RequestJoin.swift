// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage

/// Checks of authorization beside the acts that they allowed.
///
/// A check and an act of one request id are one request, that is *exact*. Without an id in common, an act is taken to be what
/// a check allowed when both came over one connection, or from one principal with one credential, name the same resource
/// where both name one, and the act came within five seconds of the check: that is *heuristic*.
enum RequestJoin {
    static let fields: [FieldReference] = [
        .audit(.requestID), .audit(.connectionID), .audit(.credential), .audit(.action), .audit(.outcome),
        .audit(.principal), .audit(.method), .audit(.resource),
    ]

    private enum Place {
        static let request = 0
        static let connection = 1
        static let credential = 2
        static let action = 3
        static let outcome = 4
        static let principal = 5
        static let method = 6
        static let resource = 7
    }

    /// Nanoseconds that an act may come after its check.
    private static let longestDelay: Int64 = 5_000_000_000

    /// Acts that are looked at for one check at most.
    private static let maximumCandidateCount = 256

    /// The rows, those of the checks that came last into the log first.
    static func rows(of events: EventList) -> [[QueryTable.Value]] {
        let order = events.placesByTime
        var acts: [UInt32: [Int]] = [:]
        var byConnection: [UInt64: [Int]] = [:]
        for place in order where isAct(events, place) {
            let request = events.number(place, Place.request)
            if request != TextNumbers.none { acts[request, default: []].append(place) }
            for key in keys(events, place) { byConnection[key, default: []].append(place) }
        }
        var rows: [[QueryTable.Value]] = []
        var taken: Set<Int> = []
        var open: [Int] = []
        for check in order where events.text(check, Place.action) == AuditAction.authorization.rawValue {
            let request = events.number(check, Place.request)
            guard request != TextNumbers.none, let found = acts[request] else {
                open.append(check)
                continue
            }
            for act in found {
                taken.insert(act)
                rows.append(row(events, check, act, link: "exact"))
            }
        }
        for check in open where events.text(check, Place.outcome) != Outcome.denied.rawValue {
            guard let act = nearestAct(events, check, byConnection, taken) else { continue }
            taken.insert(act)
            rows.append(row(events, check, act, link: "heuristic"))
        }
        return rows.sorted { ($0[1], $0[2]) > ($1[1], $1[2]) }
    }

    private static func isAct(_ events: EventList, _ place: Int) -> Bool {
        let action = events.text(place, Place.action)
        return action == AuditAction.request.rawValue || action == AuditAction.accessTransparency.rawValue
    }

    /// What an act without an id in common is found by: its connection; its principal with its credential.
    private static func keys(_ events: EventList, _ place: Int) -> [UInt64] {
        var keys: [UInt64] = []
        let connection = events.number(place, Place.connection)
        if connection != TextNumbers.none { keys.append(UInt64(connection)) }
        let (principal, credential) = (events.number(place, Place.principal), events.number(place, Place.credential))
        // The upper half is never 0 here, so that the two kinds of keys are apart.
        if principal != TextNumbers.none, credential != TextNumbers.none {
            keys.append(UInt64(principal) << 32 | UInt64(credential))
        }
        return keys
    }

    private static func nearestAct(
        _ events: EventList,
        _ check: Int,
        _ byKey: [UInt64: [Int]],
        _ taken: Set<Int>
    ) -> Int? {
        let time = events.times[check]
        let resource = events.number(check, Place.resource)
        for key in keys(events, check) {
            guard let acts = byKey[key] else { continue }
            var (low, high) = (0, acts.count)
            while low < high {
                let middle = (low + high) / 2
                if events.times[acts[middle]] < time { low = middle + 1 } else { high = middle }
            }
            let fits = acts[low...].prefix(maximumCandidateCount).first { act in
                let (delay, overflow) = events.times[act].subtractingReportingOverflow(time)
                guard !overflow, delay <= longestDelay, !taken.contains(act) else { return false }
                let other = events.number(act, Place.resource)
                return resource == TextNumbers.none || other == TextNumbers.none || resource == other
            }
            if let fits { return fits }
        }
        return nil
    }

    private static func row(_ events: EventList, _ check: Int, _ act: Int, link: String) -> [QueryTable.Value] {
        func text(_ field: Int) -> QueryTable.Value {
            (events.text(act, field) ?? events.text(check, field)).map(QueryTable.Value.text) ?? .none
        }
        func outcome(_ place: Int) -> QueryTable.Value {
            events.text(place, Place.outcome).map(QueryTable.Value.text) ?? .none
        }
        return [
            text(Place.request), .number(Int(clamping: events.indices[check])),
            .number(Int(clamping: events.indices[act])),
            outcome(check), outcome(act), text(Place.principal), text(Place.method), text(Place.resource), .text(link),
        ]
    }
}
