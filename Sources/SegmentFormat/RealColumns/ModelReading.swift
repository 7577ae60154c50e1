// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventReading
import EventScanner

/// A value that the model reads in every event of a shape: where it is stored, or what it always is.
struct PlacedHit: Hashable {
    /// Column of a value that all events of the shape have alike.
    static let noColumn: UInt16 = ShapeTable.Part.noColumn

    /// Of an object or array that is one value, and may hold values that are wanted.
    static let opaqueSlot = UInt16.max - 1

    /// The `AuditPath` whose value it is.
    let slot: UInt16
    /// Of a string never `escapedString`: that is for each value to say.
    let kind: JSONKind
    let column: UInt16
    let transform: LeafTransform

    /// Whether it can be a text at all; an object, array or null says nothing to the model.
    var canSay: Bool { kind.isScalar && kind != .null }
}

/// What the model reads in the events of a shape.
///
/// The shape's empty event is scanned as any event is; what is found between the literals are the values of its columns.
struct ModelReading {
    /// In the order of the text; nil when only the event itself can tell.
    ///
    /// That is so for raw events, and where an object or array that is one value may hold something that the model
    /// reads: a long list of resources.
    let hits: [PlacedHit]?
}

/// Reads shapes one after the other.
struct ShapeReadings: ~Copyable {
    private let shapes: ShapeTable
    private var scanner: ObjectScanner
    /// For each column whether its values may hold values that are wanted.
    private let isOpaque: [Bool]

    /// Readings of what the real columns are made of.
    init(_ shapes: ShapeTable) {
        self.init(shapes, .model, spellings: RealColumn.allCases.flatMap { $0.paths.flatMap(\.spellings) })
    }

    /// - Parameters:
    ///   - shapes: of a segment.
    ///   - table: what is looked for.
    ///   - spellings: the paths of what is wanted of that.
    init(_ shapes: ShapeTable, _ table: PathTable, spellings: [String]) {
        self.shapes = shapes
        scanner = ObjectScanner(table, limits: .unbounded)
        isOpaque = shapes.columns.map { column in
            guard column.forms.contains(.json) else { return false }
            let path = Self.withoutIndexes(column.path)
            return spellings.contains { $0.hasPrefix(path + "[]") || $0.hasPrefix(path + ".") }
        }
    }

    mutating func reading(of shape: UInt16) -> ModelReading {
        guard let (hits, opaque) = find(shape), opaque.isEmpty else { return ModelReading(hits: nil) }
        return ModelReading(hits: hits.map(\.hit))
    }

    /// What is wanted of a shape's events, and the columns whose values may hold more of it, in the order of the text.
    ///
    /// The latter are hits in `opaqueSlot`. nil when only the event itself can tell: of raw events.
    mutating func readingWithOpaque(of shape: UInt16, slots: Set<UInt16>) -> [PlacedHit]? {
        guard let (hits, opaque) = find(shape) else { return nil }
        let wanted = hits.filter { slots.contains($0.hit.slot) }
        return (wanted + opaque).sorted { $0.offset < $1.offset }.map(\.hit)
    }

    private mutating func find(
        _ shape: UInt16
    ) -> (hits: [(offset: Int, hit: PlacedHit)], opaque: [(offset: Int, hit: PlacedHit)])? {
        guard shape != ShapeTable.rawShape else { return nil }
        let (text, parts) = template(of: shape)
        guard (try? unsafe scanner.scan(text.span.bytes, in: 0..<text.count)) != nil else { return nil }
        let hits = scanner.hits.map { (Int($0.byteOffset), Self.placed($0, parts[Int($0.byteOffset)])) }
        let opaque = parts.filter { $0.value.form == .json && isOpaque[Int($0.value.storedColumn)] }.map {
            offset,
            part in
            let hit = PlacedHit(
                slot: PlacedHit.opaqueSlot,
                kind: .object,
                column: part.storedColumn,
                transform: part.transform
            )
            return (offset, hit)
        }
        return (hits, opaque)
    }

    private static func placed(_ hit: Hit, _ part: ShapeTable.Part?) -> PlacedHit {
        guard let part, hit.kind.isScalar else {
            return PlacedHit(slot: hit.slot, kind: hit.kind, column: PlacedHit.noColumn, transform: .whole)
        }
        return PlacedHit(slot: hit.slot, kind: hit.kind, column: part.storedColumn, transform: part.transform)
    }

    /// An event of the shape with nothing in it, and the parts by where their values would stand.
    private func template(of shape: UInt16) -> (text: [UInt8], parts: [Int: ShapeTable.Part]) {
        var text: [UInt8] = []
        var parts: [Int: ShapeTable.Part] = [:]
        for part in shapes.parts(of: shape) {
            text += shapes.literal(part.literal)
            guard part.hasValue else { break }
            parts[text.count] = part
            if part.form == .number { text.append(UInt8(ascii: "0")) }
            if part.form == .json { text += [UInt8(ascii: "{"), UInt8(ascii: "}")] }
        }
        return (text, parts)
    }

    /// A column's path as the model spells it: `a[3].b[0]` as `a[].b[]`.
    static func withoutIndexes(_ path: String) -> String {
        var bytes: [UInt8] = []
        var isIndex = false
        for byte in path.utf8 {
            if byte == UInt8(ascii: "]") { isIndex = false }
            if !isIndex { bytes.append(byte) }
            if byte == UInt8(ascii: "[") { isIndex = true }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
