// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventScanner

/// The values that a scan located in an event, as the model wants to read them.
struct ScannedValues: EventValues {
    let bytes: [UInt8]
    let hits: [Hit]

    func first(_ path: AuditPath) -> JSONText? {
        hits.first { $0.slot == path.rawValue }.map { bytes.text(of: $0) }
    }

    func all(_ path: AuditPath) -> [JSONText] {
        hits.lazy.filter { $0.slot == path.rawValue }.map { bytes.text(of: $0) }
    }
}

extension [UInt8] {
    /// The value of a located piece of JSON: a string decoded, anything else as it stands.
    func text(of hit: Hit) -> JSONText {
        let raw = self[hit.range]
        guard hit.kind == .escapedString else {
            return JSONText(kind: hit.kind, text: String(decoding: raw, as: UTF8.self))
        }
        let copy = Array(raw)
        return JSONText(kind: hit.kind, text: JSONString.decode(copy.span))
    }
}

extension PathTable {
    /// Every place of the model in its own slot, and more paths in the slots behind those.
    init(modelAnd paths: [String]) {
        self.init(
            Self.model
                + paths.enumerated().flatMap { place, path in
                    Self.spellings(of: path).map { ($0, Self.firstFreeSlot + UInt16(place)) }
                }
        )
    }

    static let firstFreeSlot = UInt16(AuditPath.allCases.count)

    private static let model = AuditPath.allCases.flatMap { path in path.spellings.map { ($0, path.rawValue) } }

    /// The path itself, and with `[]` behind every choice of its names: people do not say where arrays are.
    private static func spellings(of path: String) -> [String] {
        guard !path.contains("[]") else { return [path] }
        let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var spellings = [""]
        for (place, name) in names.enumerated() {
            let separator = place == 0 ? "" : "."
            let plain = spellings.map { $0 + separator + name }
            let mayBeArray = place > 0 && place <= QueryEngineLimits.maximumImplicitArrayCount
            spellings = mayBeArray ? plain + plain.map { $0 + "[]" } : plain
        }
        return spellings
    }
}
