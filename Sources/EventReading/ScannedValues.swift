// SPDX-License-Identifier: Apache-2.0

package import AuditModel
import ByteCoding
package import EventScanner

/// The values that a scan located in an event, as the model wants to read them.
package struct ScannedValues: EventValues {
    package let bytes: [UInt8]
    package let hits: [Hit]
    private let shared: SharedSlots

    package init(bytes: [UInt8], hits: [Hit], shared: SharedSlots = SharedSlots()) {
        self.bytes = bytes
        self.hits = hits
        self.shared = shared
    }

    package func first(_ path: AuditPath) -> JSONText? {
        hits.first { isHit($0, of: path.rawValue) }.map { bytes.text(of: $0) }
    }

    package func all(_ path: AuditPath) -> [JSONText] {
        hits.lazy.filter { isHit($0, of: path.rawValue) }.map { bytes.text(of: $0) }
    }

    /// Whether a value stands at the place that a slot is for.
    package func isHit(_ hit: Hit, of slot: UInt16) -> Bool {
        hit.slot == slot || shared.contains(hit.slot, slot)
    }
}

/// Slots of places that several others ask for: `data.methodName`, when a query names it as a path, is also where the
/// model finds the method.
///
/// A table has one slot for a place, so such a place has one of its own, which stands for all.
package struct SharedSlots: Sendable {
    private var first = Int.max
    private var members: [[UInt16]] = []

    package init() {}

    init(from first: Int, members: [[UInt16]]) {
        self.first = first
        self.members = members
    }

    /// Whether a slot stands for another.
    func contains(_ shared: UInt16, _ slot: UInt16) -> Bool {
        guard shared >= first, Int(shared) - first < members.count else { return false }
        return members[Int(shared) - first].contains(slot)
    }
}

extension [UInt8] {
    /// The value of a located piece of JSON: a string decoded, anything else as it stands.
    package func text(of hit: Hit) -> JSONText {
        let raw = self[hit.range]
        guard hit.kind == .escapedString else {
            return JSONText(kind: hit.kind, text: String(decoding: raw, as: UTF8.self))
        }
        let copy = Array(raw)
        return JSONText(kind: hit.kind, text: JSONString.decode(copy.span))
    }
}

extension PathTable {
    /// Every place of the model in its own slot.
    package static let model = PathTable(modelPaths)

    /// Every place of the model in its own slot, more paths in the slots behind those, and behind those again the slots
    /// of places that are several of these.
    package static func modelAnd(_ paths: [String]) -> (table: PathTable, shared: SharedSlots) {
        var slots: [String: [UInt16]] = [:]
        for (path, slot) in modelPaths { slots[path, default: []].append(slot) }
        for (place, path) in paths.enumerated() {
            for spelling in spellings(of: path) {
                slots[spelling, default: []].append(firstFreeSlot + UInt16(place))
            }
        }
        let firstShared = Int(firstFreeSlot) + paths.count
        var shared: [[UInt16]] = []
        let places = slots.map { path, slots in
            guard slots.count > 1 else { return (path: path, slot: slots[0]) }
            shared.append(slots)
            return (path: path, slot: UInt16(firstShared + shared.count - 1))
        }
        return (PathTable(places), SharedSlots(from: firstShared, members: shared))
    }

    package static let firstFreeSlot = UInt16(AuditPath.allCases.count)

    /// Arrays that a path may go through without naming them; each doubles the paths that are looked for.
    private static let maximumImplicitArrayCount = 6

    private static let modelPaths = AuditPath.allCases.flatMap { path in
        path.spellings.map { (path: $0, slot: path.rawValue) }
    }

    /// The path itself, and with `[]` behind every choice of its names: people do not say where arrays are.
    package static func spellings(of path: String) -> [String] {
        guard !path.contains("[]") else { return [path] }
        let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var spellings = [""]
        for (place, name) in names.enumerated() {
            let separator = place == 0 ? "" : "."
            let plain = spellings.map { $0 + separator + name }
            let mayBeArray = place > 0 && place <= maximumImplicitArrayCount
            spellings = mayBeArray ? plain + plain.map { $0 + "[]" } : plain
        }
        return spellings
    }
}

extension ScanLimits {
    /// For bytes that were accepted once: only the depth is bounded, by the stack.
    package static var unbounded: ScanLimits {
        var limits = ScanLimits()
        limits.maximumByteCount = Int(Int32.max)
        limits.maximumKeyCount = .max
        limits.maximumKeyByteCount = .max
        limits.maximumValueCount = .max
        limits.maximumDepth = 256
        return limits
    }
}
