// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import SegmentFormat
import Testing

@Suite struct ShapeTableTests {
    private static func example() throws -> [UInt8] {
        try RoundTrip([
            #"{"id":"a","data":{"resourceName":"x=y","n":[1,2]},"subject":"x=y","t":"2026-03-01T00:00:00Z"}"#,
            #"{"id":"b","data":{"request":{"data":{"a":1}}}}"#,
        ]).segment.shapes.encoded()
    }

    private static func read(_ bytes: [UInt8]) -> Result<ShapeTable, SegmentError> {
        do {
            return .success(try ShapeTable(from: bytes))
        } catch {
            return .failure(error)
        }
    }

    private static func code(_ bytes: [UInt8]) -> SegmentError.Code? {
        if case .failure(let error) = read(bytes) { error.code } else { nil }
    }

    /// The bytes with a check that fits them and their own length.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        var body = Array(bytes.dropLast(4))
        guard body.count >= 12 else { return bytes }
        let count = UInt32(body.count + 4)
        for place in 0..<4 { body[8 + place] = UInt8(truncatingIfNeeded: count >> UInt32(8 * place)) }
        let check = CRC32C.checksum(body.span.bytes)
        return body + (0..<4).map { UInt8(truncatingIfNeeded: check >> UInt32(8 * $0)) }
    }

    @Test func `a table comes back from its bytes`() throws {
        let table = try RoundTrip(try ExampleDay.events()).segment.shapes
        #expect(try ShapeTable(from: table.encoded()) == table)
        #expect(table.encoded() == table.encoded())
    }

    @Test func `the bytes of the smallest table`() throws {
        let table = try RoundTrip([String]()).segment.shapes
        #expect(
            Hex.encode(table.encoded()) == "4d53485001000000" + "1d000000" + "01" + "00000800" + "0100" + "01"
                + "01" + "000008" + "00" + Hex.encode(table.encoded().suffix(4))
        )
    }

    @Test func `every prefix is truncated`() throws {
        let bytes = try Self.example()
        for count in bytes.indices { #expect(Self.code(Array(bytes.prefix(count))) == .truncated, "\(count) bytes") }
        #expect(Self.code(bytes + [0]) == .inconsistent)
    }

    @Test func `every flipped bit is noticed`() throws {
        let bytes = try Self.example()
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Self.code(flipped) != nil, "bit \(bit)")
        }
    }

    @Test func `a flipped bit under a fitting check is refused or harmless`() throws {
        let bytes = try Self.example()
        for bit in 96..<(bytes.count - 4) * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            if case .success(let table) = Self.read(Self.sealed(flipped)) { Self.use(table) }
        }
    }

    @Test func `a shortened table under a fitting check is refused`() throws {
        let bytes = try Self.example()
        for count in 16..<bytes.count { #expect(Self.code(Self.sealed(Array(bytes.prefix(count)))) != nil) }
    }

    /// Does everything with a table that may be nonsense; the outcome does not matter, only that there is one.
    private static func use(_ table: ShapeTable) {
        let columns = table.columns.map { column in
            let entries: ColumnEntries =
                switch column.kind {
                case .integer, .time: .integers([.min, .max, 0])
                case .uuid: .fixed(byteCount: 16, bytes: Array(repeating: 7, count: 48))
                case .hexadecimal: .fixed(byteCount: 1, bytes: [1, 2, 3])
                case .text, .json: .variable(offsets: [0, 1, 1, 3], bytes: [1, 2, 3])
                }
            return ShreddedColumn(
                path: column.path,
                kind: column.kind,
                forms: column.forms,
                codes: nil,
                entries: entries
            )
        }
        let rowShapes = (0..<UInt16(table.shapeCount)).map { $0 } + [UInt16(table.shapeCount)]
        var rows = AssembledRows()
        guard let assembler = try? SegmentAssembler(table, columns: columns) else { return }
        var places = assembler.firstPlaces
        _ = try? assembler.assemble(rowShapes.span, places: &places, into: &rows)
        if let presence = try? PresenceIndex(table, rowShapes: Array(rowShapes.dropLast())) {
            for row in 0..<presence.rowCount { _ = presence.places(ofRow: row) }
        }
    }
}
