// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventReading
import EventScanner

/// A value that the model reads in every event of a shape: where it is stored, or what it always is.
struct PlacedHit: Hashable {
    /// Column of a value that all events of the shape have alike.
    static let noColumn: UInt16 = ShapeTable.Part.noColumn

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
    private var scanner = ObjectScanner(.model, limits: .unbounded)
    /// For each column whether its values may hold values that the model reads.
    private let isOpaque: [Bool]

    init(_ shapes: ShapeTable) {
        self.shapes = shapes
        let spellings = RealColumn.allCases.flatMap { $0.paths.flatMap(\.spellings) }
        isOpaque = shapes.columns.map { column in
            guard column.forms.contains(.json) else { return false }
            let path = Self.withoutIndexes(column.path)
            return spellings.contains { $0.hasPrefix(path + "[]") || $0.hasPrefix(path + ".") }
        }
    }

    mutating func reading(of shape: UInt16) -> ModelReading {
        guard shape != ShapeTable.rawShape else { return ModelReading(hits: nil) }
        let (text, parts) = template(of: shape)
        guard !parts.values.contains(where: { $0.form == .json && isOpaque[Int($0.storedColumn)] }),
            (try? unsafe scanner.scan(text.span.bytes, in: 0..<text.count)) != nil
        else { return ModelReading(hits: nil) }
        return ModelReading(hits: scanner.hits.map { Self.placed($0, parts[Int($0.byteOffset)]) })
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
