// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import SegmentFormat

/// Events through a segment and back.
struct RoundTrip {
    let segment: ShreddedSegment
    let events: [[UInt8]]
    let rawCount: Int

    init(_ events: [[UInt8]], limits: SegmentLimits = SegmentLimits(), seed: UInt64 = 1) throws {
        var shredder = SegmentShredder(limits: limits, seed: seed)
        for event in events { try shredder.add(event.span.bytes) }
        self.events = events
        rawCount = shredder.rawCount
        segment = shredder.finish()
    }

    init(_ events: [String], limits: SegmentLimits = SegmentLimits()) throws {
        try self.init(events.map { Array($0.utf8) }, limits: limits)
    }

    /// Limits under which a column has the kind of its values, however they differ from segment to segment.
    static let freeTypes: SegmentLimits = {
        var limits = SegmentLimits()
        limits.hasStableTypes = false
        return limits
    }()

    /// The first event that does not come back, by way of the shapes' bytes; nil when all do.
    ///
    /// Each event is made three ways: all in one batch, alone by its place, and value by value.
    func firstDifference() throws -> Int? {
        guard segment.rowShapes.count == events.count else { return segment.rowShapes.count }
        let shapes = try ShapeTable(from: segment.shapes.encoded())
        let assembler = try SegmentAssembler(shapes, columns: segment.columns)
        var rows = AssembledRows()
        var places = assembler.firstPlaces
        try assembler.assemble(segment.rowShapes.span, places: &places, into: &rows)
        for (row, event) in events.enumerated() where Array(rows.bytes[rows.range(of: row)]) != event { return row }
        for (column, place) in places.enumerated() where Int(place) != segment.columns[column].valueCount {
            return events.count
        }
        let presence = try PresenceIndex(shapes, rowShapes: segment.rowShapes)
        var printer = ValuePrinter()
        for row in stride(from: 0, to: events.count, by: max(1, events.count / 500)) {
            var places = presence.places(ofRow: row)
            var text: [UInt8] = []
            for part in shapes.parts(of: segment.rowShapes[row]) {
                text += shapes.literal(part.literal)
                guard part.hasValue else { break }
                var value: [UInt8] = []
                let column = Int(part.storedColumn)
                printer.append(segment.columns[column], place: Int(places[column]), to: &value)
                if part.transform == .afterLastEqualsSign {
                    value = Array(
                        value.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false).last ?? []
                    )
                }
                text += value
            }
            guard text == events[row] else { return row }
            rows.removeAll()
            try assembler.assemble(segment.rowShapes.span.extracting(row..<row + 1), places: &places, into: &rows)
            guard Array(rows.bytes[rows.range(of: 0)]) == events[row] else { return row }
        }
        return nil
    }

    /// The path and text of every value of a row, in the order of the event; nil for a raw one.
    func leaves(ofRow row: Int) throws -> [String]? {
        let shapes = segment.shapes
        guard segment.rowShapes[row] != ShapeTable.rawShape else { return nil }
        let places = try PresenceIndex(shapes, rowShapes: Array(segment.rowShapes.prefix(row + 1))).places(ofRow: row)
        var printer = ValuePrinter()
        return shapes.parts(of: segment.rowShapes[row]).filter(\.hasValue).map { part in
            var text: [UInt8] = []
            let stored = Int(part.storedColumn)
            printer.append(segment.columns[stored], place: Int(places[stored]), to: &text)
            if part.transform == .afterLastEqualsSign {
                text = Array(text.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false).last ?? [])
            }
            // Whether it is the real column depends on the other events.
            let path = shapes.columns[Int(part.column)].path.replacing("\"time\"", with: "time")
            return "\(path) \(part.form.rawValue) \(String(decoding: text, as: UTF8.self))"
        }
    }

    func column(_ path: String) -> ShreddedColumn? {
        segment.columns.first { $0.path == path }
    }

    /// The texts of a column's values.
    func texts(_ path: String) -> [String] {
        guard let column = column(path) else { return [] }
        var printer = ValuePrinter()
        return (0..<column.valueCount).map { place in
            var text: [UInt8] = []
            printer.append(column, place: place, to: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }
}

/// Numbers from a seed (SplitMix64): the same on every machine.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// The events of the example day.
enum ExampleDay {
    static func events() throws -> [[UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Examples/day")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let texts = try files.filter { $0.pathExtension == "ndjson" }
            .sorted { $0.path < $1.path }
            .map { try Data(contentsOf: $0) }
        return texts.flatMap { $0.split(separator: UInt8(ascii: "\n")).map(Array.init) }
    }
}
