// SPDX-License-Identifier: Apache-2.0

import ByteCoding

// Layout, all integers little-endian, `varint` = unsigned LEB128 of at most five bytes:
//
//   offset  size  meaning
//   0       4     magic "MSHP"
//   4       2     version, 1; a reader refuses others
//   6       2     0; a reader refuses others
//   8       4     bytes of everything, the check included
//   12            varint   number of columns, for each of them
//                 1        kind: 0 text, 1 json, 2 uuid, 3 hexadecimal, 4 time, 5 integer
//                 1        digits of fraction of a time, else 0
//                 1        forms: 1 string, 2 number, 4 object or array, 8 raw event
//                 varint   bytes of the path, which follows as UTF-8
//                 varint   number of literals, for each of them its bytes: varint, then the text
//                 varint   number of shapes, for each of them
//                 varint   number of values, for each of them
//                 varint   the literal before it
//                 varint   the column of its path
//                 1        form, as above; plus 16 when its value follows from another, plus 32 times the transform
//                 varint   the column it follows from, only with the 16
//                 varint   the literal behind the last value
//   end-4   4     CRC-32C of everything before

extension ShapeTable {
    private static let magic: UInt32 = 0x5048_534D
    private static let version: UInt16 = 1
    private static let headerByteCount = 12
    private static let checkByteCount = 4
    private static let derivedFlag: UInt8 = 16

    // MARK: - Writing

    /// The table as bytes; the same table gives the same bytes.
    package func encoded() -> [UInt8] {
        var body = ByteWriter()
        body.appendVarint(columns.count)
        for column in columns {
            let (code, parameter) = column.kind.encoded
            body.append(code)
            body.append(parameter)
            body.append(column.forms.rawValue)
            body.appendVarint(column.path.utf8.count)
            body.append(column.path.utf8)
        }
        body.appendVarint(literalCount)
        for number in 0..<literalCount {
            let text = literal(UInt32(number))
            body.appendVarint(text.count)
            body.append(text)
        }
        body.appendVarint(shapeCount)
        for shape in 0..<shapeCount {
            let parts = parts(of: UInt16(shape))
            body.appendVarint(parts.count - 1)
            for part in parts { append(part, to: &body) }
        }
        var writer = ByteWriter(capacity: Self.headerByteCount + body.count + Self.checkByteCount)
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append(UInt16(0))
        writer.append(UInt32(Self.headerByteCount + body.count + Self.checkByteCount))
        writer.append(body.bytes)
        writer.append(unsafe CRC32C.checksum(writer.bytes.span.bytes))
        return writer.bytes
    }

    private func append(_ part: Part, to writer: inout ByteWriter) {
        writer.appendVarint(Int(part.literal))
        guard part.hasValue else { return }
        writer.appendVarint(Int(part.column))
        let isDerived = part.storedColumn != part.column
        writer.append(part.form.rawValue | (isDerived ? Self.derivedFlag : 0) | part.transform.rawValue << 5)
        if isDerived { writer.appendVarint(Int(part.storedColumn)) }
    }

    // MARK: - Reading

    /// Reads a table; every number is checked before it is used.
    ///
    /// - Throws: `truncated`, `notShapes`, `unsupportedVersion`, `checksumMismatch`, `inconsistent`, `tooLarge`.
    package init(from bytes: [UInt8], limits: SegmentLimits = SegmentLimits()) throws(SegmentError) {
        var reader = ShapeReader(bytes)
        let magic: UInt32 = try reader.read()
        guard magic == Self.magic else { throw SegmentError(.notShapes, "these bytes are no table of shapes") }
        let version: UInt16 = try reader.read()
        let reserved: UInt16 = try reader.read()
        guard version == Self.version, reserved == 0 else {
            throw SegmentError(.unsupportedVersion, "shapes of version \(version) are newer than this program")
        }
        let byteCount = Int(try reader.read() as UInt32)
        guard byteCount <= bytes.count else {
            throw SegmentError(.truncated, "the shapes have \(byteCount) bytes, \(bytes.count) are there")
        }
        guard byteCount == bytes.count, byteCount >= Self.headerByteCount + Self.checkByteCount else {
            throw SegmentError(.inconsistent, "the shapes have \(byteCount) bytes, \(bytes.count) are there")
        }
        let end = byteCount - Self.checkByteCount
        let check = unsafe CRC32C.checksum(bytes.span.bytes.extracting(0..<end))
        guard unsafe check == bytes.span.bytes.halfWord(at: end) else {
            throw SegmentError(.checksumMismatch, "the shapes are damaged")
        }
        reader.end = end
        self.init(columns: try Self.columns(&reader, limits: limits))
        try readLiterals(&reader, limits: limits)
        try readShapes(&reader, limits: limits)
        guard reader.isAtEnd else { throw SegmentError(.inconsistent, "bytes follow the last shape") }
    }

    private static func columns(_ reader: inout ShapeReader, limits: SegmentLimits) throws(SegmentError) -> [Column] {
        let count = try reader.count(atMost: limits.maximumColumnCount, "columns")
        var columns: [Column] = []
        columns.reserveCapacity(count)
        for number in 0..<count {
            let code: UInt8 = try reader.read()
            let parameter: UInt8 = try reader.read()
            let forms = LeafForms(rawValue: try reader.read())
            guard let kind = ColumnKind(code: code, parameter: parameter), LeafForms.all.isSuperset(of: forms) else {
                throw SegmentError(.inconsistent, "column \(number) has the unknown kind \(code), \(parameter)")
            }
            let path = try reader.text(atMost: limits.maximumPathByteCount, "bytes of a path")
            guard let text = String(validating: path, as: UTF8.self) else {
                throw SegmentError(.inconsistent, "the path of column \(number) is not UTF-8")
            }
            columns.append(Column(path: text, kind: kind, forms: forms))
        }
        return columns
    }

    private mutating func readLiterals(_ reader: inout ShapeReader, limits: SegmentLimits) throws(SegmentError) {
        let count = try reader.count(atMost: reader.remainingByteCount, "literals")
        for _ in 0..<count {
            literalBytes.append(contentsOf: try reader.text(atMost: reader.remainingByteCount, "bytes of a literal"))
            literalOffsets.append(UInt32(truncatingIfNeeded: literalBytes.count))
        }
    }

    private mutating func readShapes(_ reader: inout ShapeReader, limits: SegmentLimits) throws(SegmentError) {
        let count = try reader.count(atMost: limits.maximumShapeCount, "shapes")
        for _ in 0..<count {
            let valueCount = try reader.count(atMost: limits.maximumLeafCount, "values of a shape")
            for _ in 0..<valueCount { parts.append(try part(&reader)) }
            parts.append(Part(literal: UInt32(try reader.number(below: literalCount, "literal"))))
            partOffsets.append(UInt32(truncatingIfNeeded: parts.count))
        }
    }

    private func part(_ reader: inout ShapeReader) throws(SegmentError) -> Part {
        let literal = UInt32(try reader.number(below: literalCount, "literal"))
        let column = UInt16(try reader.number(below: columns.count, "column"))
        let flags: UInt8 = try reader.read()
        let isDerived = flags & Self.derivedFlag != 0
        let form = LeafForms(rawValue: flags & 15)
        guard let transform = LeafTransform(rawValue: flags >> 5), form.rawValue.nonzeroBitCount == 1,
            isDerived || transform == .whole
        else { throw SegmentError(.inconsistent, "a value has the unknown form \(flags)") }
        let stored = isDerived ? UInt16(try reader.number(below: columns.count, "column")) : column
        guard isDerived == (stored != column) else {
            throw SegmentError(.inconsistent, "column \(column) follows from itself")
        }
        return Part(literal: literal, column: column, storedColumn: stored, transform: transform, form: form)
    }
}
