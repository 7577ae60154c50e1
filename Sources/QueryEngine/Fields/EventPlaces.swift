// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventReading
import EventScanner
import QueryLanguage

/// The places of events that some fields look at: all of the model's, and the paths that are named.
///
/// Made once for a query, because that takes longer than looking at an event.
struct EventPlaces: Sendable {
    let table: PathTable
    let shared: SharedSlots
    /// Slot of each path that is named.
    let slots: [ExactText: UInt16]

    /// The places of fields.
    init(_ fields: [FieldReference]) {
        let named = fields.compactMap { field in
            if case .path(let path) = field { ExactText(path) } else { nil }
        }
        let paths = Array(Set(named))
        slots = Dictionary(uniqueKeysWithValues: paths.enumerated().map { ($1, PathTable.firstFreeSlot + UInt16($0)) })
        (table, shared) = paths.isEmpty ? (.model, SharedSlots()) : PathTable.modelAnd(paths.map(\.text))
    }

    /// The places of what a filter decides by, and of fields to show.
    init(_ filter: Filter, showing shown: [FieldReference] = []) {
        self.init(filter.fields + shown)
    }

    /// The texts of all scalars at a path that say something, in the order of the event.
    func texts(at path: String, in values: ScannedValues) -> [String] {
        guard let slot = slots[ExactText(path)] else { return [] }
        return values.hits.compactMap { hit in
            guard values.isHit(hit, of: slot), hit.kind.isScalar, hit.kind != .null, hit.byteCount > 0 else {
                return nil
            }
            return values.bytes.text(of: hit).text
        }
    }
}
