// SPDX-License-Identifier: Apache-2.0

import Ledger

/// Ledgers for people and for spreadsheets.
enum LedgerText {
    /// A line for each row, and one for all of them.
    static func table(_ ledger: LedgerDocument, width: Int) -> String {
        var table = Table([
            .init(title: "HOUR", mayBeCut: false), .init(title: "SOURCE", keepsBothEnds: true),
            .init(title: "SUBMITTER", keepsBothEnds: true), .init(title: "EVENTS", isNumber: true, mayBeCut: false),
            .init(title: "FIRST", isNumber: true, mayBeCut: false),
            .init(title: "LAST", isNumber: true, mayBeCut: false),
            .init(title: "STARTS", isNumber: true, mayBeCut: false), .init(title: "STATE", mayBeCut: false),
            .init(title: "WHY"),
        ])
        for row in ledger.rows {
            table.add(
                [
                    row.hour.replacing(":00:00Z", with: "Z"), row.source, row.submitter, String(row.events),
                    row.firstIndex.map(String.init) ?? "", row.lastIndex.map(String.init) ?? "",
                    row.restarts == 0 ? "" : String(row.restarts), row.state.rawValue,
                    why(row, onDay: String(row.hour.prefix("2026-11-22".count))),
                ],
                colours: [nil, nil, .quiet, nil, .quiet, .quiet, nil, colour(row.state)]
            )
        }
        let totals = ledger.totals
        let states = LedgerState.allCases.map { state in
            let count =
                switch state {
                case .complete: totals.complete
                case .gap: totals.gap
                case .unknown: totals.unknown
                }
            let text = "\(ProgressBar.grouped(count)) \(state.rawValue)"
            return count > 0 ? colour(state).paint(text) : text
        }
        let sum = "\(ProgressBar.grouped(totals.events)) events of \(counted(totals.sources, "source"))"
        return (ledger.rows.isEmpty ? "" : table.rendered(width: width)) + "\(sum): \(states.joined(separator: ", "))\n"
    }

    /// RFC 4180, with a line of names.
    static func csv(_ ledger: LedgerDocument) -> String {
        var text = """
            hour,source,submitter,events,first_index,last_index,first_received,last_received,first_position,last_position,\
            restarts,state,reasons

            """
        for row in ledger.rows {
            let cells = [
                row.hour, row.source, row.submitter, String(row.events), row.firstIndex.map(String.init) ?? "",
                row.lastIndex.map(String.init) ?? "", row.firstReceived ?? "", row.lastReceived ?? "",
                row.firstPosition ?? "", row.lastPosition ?? "", String(row.restarts), row.state.rawValue, why(row),
            ]
            text += cells.map(RowPrinter.quoted).joined(separator: ",") + "\n"
        }
        return text
    }

    private static func why(_ row: LedgerRow, onDay day: String? = nil) -> String {
        let more = row.moreReasons.map { ["and \($0) more"] } ?? []
        return (row.reasons.map { $0.text(onDay: day) } + more).joined(separator: "; ")
    }

    private static func colour(_ state: LedgerState) -> Colour {
        switch state {
        case .complete: .good
        case .gap: .bad
        case .unknown: .attention
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(ProgressBar.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
    }
}
