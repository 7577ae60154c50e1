// SPDX-License-Identifier: Apache-2.0

import AuditModel
package import QueryLanguage

/// What has to be gathered of the events that are found, to make a query's table.
struct TablePlan: Sendable {
    /// The pipe that makes the table.
    let pipe: Pipe
    /// What comes behind it.
    let rest: [Pipe]

    /// Fields by which events are counted, for each count.
    let groupings: [[FieldReference]]
    /// Nanoseconds of a step of time, by which they are counted as well.
    let step: Int64?
    /// Fields of each event that are kept; empty when events are only counted.
    let listed: [FieldReference]

    /// nil when the query asks for events and not for a table.
    init?(_ query: Query) {
        guard let place = query.pipes.firstIndex(where: \.makesTable) else { return nil }
        pipe = query.pipes[place]
        rest = Array(query.pipes[(place + 1)...])
        var step: Int64?
        var listed: [FieldReference] = []
        switch pipe {
        case .count(let fields, let every):
            groupings = [fields]
            step = every?.nanoseconds
        case .top(_, let field, .count), .distinct(let field), .timeline(let field): groupings = [[field]]
        case .top(_, let field, .distinct(let other)): groupings = [[field, other]]
        case .facets(let fields): groupings = (fields.isEmpty ? Self.usualFacets : fields).map { [$0] }
        case .joinRequest:
            groupings = []
            listed = RequestJoin.fields
        case .sessions:
            groupings = []
            listed = Sessions.fields
        case .fields, .columns, .sort, .limit: return nil
        }
        self.step = step
        self.listed = listed
    }

    /// Keeps these fields of each event; no table is made.
    init(listing fields: [FieldReference]) {
        pipe = .limit(0)
        rest = []
        groupings = []
        step = nil
        listed = fields
    }

    /// What people look at first.
    static let usualFacets: [FieldReference] = [
        .audit(.outcome), .audit(.action), .audit(.method), .audit(.principal), .audit(.resourceType), .audit(.cluster),
        .audit(.clientIP),
    ]

    /// All fields that are read, each once.
    var fields: [FieldReference] {
        var fields: [FieldReference] = []
        for field in groupings.joined() + listed where !fields.contains(field) { fields.append(field) }
        return fields
    }
}

extension Pipe {
    /// Whether the pipe makes a table of events.
    package var makesTable: Bool {
        switch self {
        case .count, .top, .distinct, .facets, .timeline, .joinRequest, .sessions: true
        case .fields, .columns, .sort, .limit: false
        }
    }
}
