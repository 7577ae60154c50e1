// SPDX-License-Identifier: Apache-2.0

/// A condition on events, made of smaller ones: what a query means.
package indirect enum Filter: Hashable, Sendable {
    /// Every event.
    case all
    case and([Filter])
    case or([Filter])
    case not(Filter)

    /// One of the field's values passes the comparison.
    case field(FieldReference, Comparison)

    /// The text stands somewhere in the event. The pattern begins and ends with `*` and ignores the
    /// case of ASCII.
    case freeText(TextPattern)
}

// MARK: - Simplest forms

extension Filter {
    /// All of these, in the simplest form: no `and` directly inside, no `all`, no `and` of one.
    package static func conjunction(_ filters: some Sequence<Filter>) -> Filter {
        var parts: [Filter] = []
        for filter in filters {
            switch filter {
            case .all: break
            case .and(let inner): parts.append(contentsOf: inner)
            default: parts.append(filter)
            }
        }
        guard let first = parts.first else { return .all }
        return parts.count == 1 ? first : .and(parts)
    }

    /// Any of these, in the simplest form: no `or` directly inside, and `all` when one of them is.
    ///
    /// Of no filters it is `not(all)`: nothing is any of none.
    package static func disjunction(_ filters: some Sequence<Filter>) -> Filter {
        var parts: [Filter] = []
        for filter in filters {
            switch filter {
            case .all: return .all
            case .or(let inner): parts.append(contentsOf: inner)
            default: parts.append(filter)
            }
        }
        guard let first = parts.first else { return .not(.all) }
        return parts.count == 1 ? first : .or(parts)
    }

    /// The opposite, in the simplest form: without a second `not`.
    package static func negation(_ filter: Filter) -> Filter {
        if case .not(let inner) = filter { return inner }
        return .not(filter)
    }
}

// MARK: - Fields

extension Filter {
    /// The fields that decide, each once, in the order of the query.
    package var fields: [FieldReference] {
        var found: [FieldReference] = []
        visitFields { if !found.contains($0) { found.append($0) } }
        return found
    }

    private func visitFields(_ visit: (FieldReference) -> Void) {
        switch self {
        case .all, .freeText: break
        case .and(let parts), .or(let parts): for part in parts { part.visitFields(visit) }
        case .not(let part): part.visitFields(visit)
        case .field(let field, _): visit(field)
        }
    }
}
