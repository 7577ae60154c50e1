// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import ByteCoding
import EventReading
import EventScanner
import JournalFormat
import QueryLanguage

/// Decides for one event after the other whether a filter holds.
///
/// Belongs to one task at a time.
///
/// An event is scanned once. Conditions on fields that stand in the event as they are compare its bytes; derived fields
/// are computed, each at most once an event, when a condition asks for them.
struct EventMatcher: ~Copyable {
    private let filter: Filter
    private let fields: FieldValues
    private let places: EventPlaces
    private var scanner: ObjectScanner

    /// The values of the event that was tried last.
    private var found = ScannedValues(bytes: [], hits: [])

    /// - Parameters:
    ///   - filter: decides.
    ///   - places: those of the filter, or of one that it is a part of.
    ///   - catalog: knows what the event does not say.
    init(_ filter: Filter, _ places: EventPlaces, catalog: Catalog) {
        self.filter = filter
        fields = FieldValues(catalog: catalog)
        self.places = places
        scanner = ObjectScanner(places.table, limits: .unbounded, wantsEveryScalar: filter.hasFreeText)
    }

    /// For one use.
    init(_ filter: Filter, catalog: Catalog) {
        self.init(filter, EventPlaces(filter), catalog: catalog)
    }

    /// An event and what is known of it beside its bytes.
    struct Context {
        let run: EventRun
        let labels: EventRun.Labels
        let place: Int

        var index: UInt64 { run.firstIndex + UInt64(place) }
        var received: Timestamp { Timestamp(nanosecondsSinceEpoch: labels.received) }
    }

    /// The time by which a matching event is ordered: its own, or when it was received if it has none; nil when the
    /// filter does not hold.
    mutating func match(_ context: Context) -> Int64? {
        let run = context.run
        guard (try? scanner.scan(run.bytes.span.bytes, in: run.ranges[context.place])) != nil else { return nil }
        let values = ScannedValues(bytes: run.bytes, hits: scanner.hits, shared: places.shared)
        guard holds(filter, values, context) else { return nil }
        found = values
        return time(values)?.nanosecondsSinceEpoch ?? context.labels.received
    }

    /// Calls `body` with each event of a run that passes and the time by which it is ordered; of the streams that are wanted.
    mutating func eachMatch(
        in run: EventRun,
        _ body: (borrowing EventMatcher, Context, _ time: Int64) -> Void
    ) {
        let selection = PartSelection(filter)
        for group in run.groups where selection.contains(group.labels.stream) {
            for place in group.places {
                let context = Context(run: run, labels: group.labels, place: place)
                guard let time = match(context) else { continue }
                body(self, context, time)
            }
        }
    }

    /// The values of a field in the event that matched last; of a path, the filter or the fields to show must name it.
    func values(of field: FieldReference, _ context: Context) -> [String] {
        switch field {
        case .path(let path):
            return places.texts(at: path, in: found)
        case .audit(.time): return [(time(found) ?? context.received).description]
        case .audit(.received): return [context.received.description]
        case .audit(.index): return [String(context.index)]
        case .audit(.stream): return [context.labels.stream.name]
        case .audit(let field): return fields.values(of: field, in: found)
        }
    }

    private func time(_ values: ScannedValues) -> Timestamp? {
        guard let hit = values.hits.first(where: { $0.slot == AuditPath.time.rawValue }), hit.kind.isString else {
            return nil
        }
        guard hit.kind == .string else { return Timestamp(values.bytes.text(of: hit).text) }
        return Timestamp(values.bytes.span.extracting(hit.range))
    }

    private func holds(_ filter: Filter, _ values: ScannedValues, _ context: Context) -> Bool {
        switch filter {
        case .all: true
        case .and(let parts): parts.allSatisfy { holds($0, values, context) }
        case .or(let parts): parts.contains { holds($0, values, context) }
        case .not(let part): !holds(part, values, context)
        case .field(let field, let comparison): holds(field, comparison, values, context)
        case .freeText(let pattern): holds(pattern, values)
        }
    }

    // MARK: - Fields

    private func holds(
        _ field: FieldReference,
        _ comparison: Comparison,
        _ values: ScannedValues,
        _ context: Context
    ) -> Bool {
        switch field {
        case .path(let path):
            return anyHit(in: places.slots[ExactText(path)], of: values, passes: comparison)
        case .audit(.time):
            // Who leaves the time out, or writes one that can't be read, must not stay out of every search by time.
            guard let own = time(values) else { return comparison != .exists && comparison.matches(context.received) }
            return comparison.matches(own)
        case .audit(.received):
            return comparison.matches(context.received)
        case .audit(.index):
            return comparison.matches(String(context.index))
        case .audit(.stream):
            return comparison.matches(context.labels.stream.name)
        case .audit(let field):
            if let paths = field.directPaths, paths.count == 1 {
                return anyHit(in: paths[0].rawValue, of: values, passes: comparison)
            }
            return fields.values(of: field, in: values).contains { comparison.matches($0) }
        }
    }

    private func anyHit(in slot: UInt16?, of values: ScannedValues, passes comparison: Comparison) -> Bool {
        guard let slot else { return false }
        let bytes = values.bytes.span
        for hit in values.hits where values.isHit(hit, of: slot) && hit.kind.isScalar && hit.kind != .null {
            if hit.kind == .escapedString {
                if comparison.matches(values.bytes.text(of: hit).text) { return true }
            } else if hit.byteCount > 0, comparison.matches(bytes.extracting(hit.range)) {
                return true
            }
        }
        return false
    }

    // MARK: - Free text

    private func holds(_ pattern: TextPattern, _ values: ScannedValues) -> Bool {
        let bytes = values.bytes.span
        for hit in values.hits where hit.kind.isScalar {
            if hit.kind == .escapedString {
                if pattern.matches(values.bytes.text(of: hit).text) { return true }
            } else if pattern.matches(bytes.extracting(hit.range)) {
                return true
            }
        }
        return false
    }
}

extension Filter {
    /// Whether any part of the filter looks at all values.
    var hasFreeText: Bool {
        switch self {
        case .freeText: true
        case .and(let parts), .or(let parts): parts.contains(where: \.hasFreeText)
        case .not(let part): part.hasFreeText
        case .all, .field: false
        }
    }
}
