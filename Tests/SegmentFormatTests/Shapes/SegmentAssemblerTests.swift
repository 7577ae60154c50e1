// SPDX-License-Identifier: Apache-2.0

import SegmentFormat
import Testing

@Suite struct SegmentAssemblerTests {
    private static func segment() throws -> ShreddedSegment {
        try RoundTrip((0..<100).map { #"{"a":"\#($0 % 3)x","n":\#($0)}"# }).segment
    }

    /// Columns that contradict themselves or the shapes.
    private static let damages: [(String, @Sendable (inout [ShreddedColumn]) -> Void)] = [
        ("a column fewer", { $0.removeLast() }),
        ("a code without entry", { $0[1].codes = .narrow([0, 1, 2, 3]) }),
        ("another kind", { $0[1].kind = .integer }),
        ("entries of another kind", { $0[1].entries = .integers([1, 2, 3]) }),
        ("offsets that go back", { $0[1].entries = .variable(offsets: [0, 2, 1, 3], bytes: [1, 2, 3]) }),
        ("offsets past the end", { $0[1].entries = .variable(offsets: [0, 1, 2, 4], bytes: [1, 2, 3]) }),
        ("no offsets", { $0[1].entries = .variable(offsets: [], bytes: []) }),
        ("a width of nothing", { $0[1].entries = .fixed(byteCount: 0, bytes: []) }),
    ]

    @Test(arguments: damages.map(\.0))
    func `columns that do not fit are inconsistent`(name: String) throws {
        let segment = try Self.segment()
        let damage = try #require(Self.damages.first { $0.0 == name })
        var columns = segment.columns
        damage.1(&columns)

        let error = #expect(throws: SegmentError.self) { try SegmentAssembler(segment.shapes, columns: columns) }
        #expect(error?.code == .inconsistent)
    }

    @Test func `a row of an unknown shape and a value too few are inconsistent`() throws {
        let segment = try Self.segment()
        let assembler = try SegmentAssembler(segment.shapes, columns: segment.columns)
        for rowShapes in [[7], segment.rowShapes + [1], [1, 0]] as [[UInt16]] {
            var rows = AssembledRows()
            var places = assembler.firstPlaces
            let error = #expect(throws: SegmentError.self) {
                try assembler.assemble(rowShapes.span, places: &places, into: &rows)
            }
            #expect(error?.code == .inconsistent)
        }
    }

    @Test func `places of other columns are inconsistent`() throws {
        let segment = try Self.segment()
        let assembler = try SegmentAssembler(segment.shapes, columns: segment.columns)
        var rows = AssembledRows()
        var places: [UInt32] = []
        #expect(throws: SegmentError.self) {
            try assembler.assemble(segment.rowShapes.span, places: &places, into: &rows)
        }
    }

    @Test func `any row is found by its number`() throws {
        let events = (0..<5000).map { $0 % 3 == 0 ? #"{"a":"\#($0)"}"# : #"{"b":\#($0),"a":"\#($0 % 7)"}"# }
        let segment = try RoundTrip(events).segment
        let assembler = try SegmentAssembler(segment.shapes, columns: segment.columns)
        let presence = try PresenceIndex(segment.shapes, rowShapes: segment.rowShapes)
        var rows = AssembledRows()
        for row in [0, 1, 1023, 1024, 1025, 2047, 2048, 4999, 3] {
            rows.removeAll()
            var places = presence.places(ofRow: row)
            try assembler.assemble(segment.rowShapes.span.extracting(row..<row + 1), places: &places, into: &rows)
            #expect(String(decoding: rows.bytes[rows.range(of: 0)], as: UTF8.self) == events[row])
        }
    }
}
