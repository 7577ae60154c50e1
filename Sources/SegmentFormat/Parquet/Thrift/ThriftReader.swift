// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Reads structures in Thrift's compact protocol.
///
/// No bytes make it crash: depth, counts and lengths are compared with a limit and with what is left before they are
/// used. Fields that the caller does not know are skipped, whatever they hold.
struct ThriftReader {
    private let bytes: [UInt8]

    /// Offset of the next unread byte.
    private(set) var byteOffset: Int

    private var depth = 0

    init(_ bytes: [UInt8], at byteOffset: Int = 0) {
        self.bytes = bytes
        self.byteOffset = byteOffset
    }

    /// The header of a field.
    struct Field {
        let id: Int16
        let type: ThriftType
    }

    /// Reads the fields of a structure up to its end; the body reads or skips each.
    mutating func structure(
        _ field: (inout ThriftReader, Field) throws(SegmentError) -> Void
    ) throws(SegmentError) {
        try enter()
        var id: Int16 = 0
        while let next = try header(after: id) {
            id = next.id
            try field(&self, next)
        }
        depth -= 1
    }

    private mutating func header(after id: Int16) throws(SegmentError) -> Field? {
        let byte = try byte()
        guard byte != ThriftType.stop else { return nil }
        guard let type = ThriftType(rawValue: byte & 0xF) else { throw error("unknown type \(byte & 0xF)") }
        let difference = Int16(byte >> 4)
        guard difference == 0 else {
            let (next, overflow) = id.addingReportingOverflow(difference)
            guard !overflow else { throw error("field ids overflow") }
            return Field(id: next, type: type)
        }
        guard let next = Int16(exactly: unZigZag(try varint())) else { throw error("a field id has over 16 bits") }
        return Field(id: next, type: type)
    }

    // MARK: - Values of fields

    mutating func bool(_ field: Field) throws(SegmentError) -> Bool {
        switch field.type {
        case .true: true
        case .false: false
        default: throw mismatch(field, .true)
        }
    }

    mutating func int8(_ field: Field) throws(SegmentError) -> Int8 {
        try expect(.byte, field)
        return Int8(bitPattern: try byte())
    }

    mutating func int16(_ field: Field) throws(SegmentError) -> Int16 {
        try expect(.int16, field)
        return try integer()
    }

    mutating func int32(_ field: Field) throws(SegmentError) -> Int32 {
        try expect(.int32, field)
        return try integer()
    }

    mutating func int64(_ field: Field) throws(SegmentError) -> Int64 {
        try expect(.int64, field)
        return try integer()
    }

    mutating func binary(_ field: Field) throws(SegmentError) -> [UInt8] {
        try expect(.binary, field)
        return try binary()
    }

    mutating func string(_ field: Field) throws(SegmentError) -> String {
        String(decoding: try binary(field), as: UTF8.self)
    }

    mutating func structure(
        _ field: Field,
        _ inner: (inout ThriftReader, Field) throws(SegmentError) -> Void
    ) throws(SegmentError) {
        try expect(.structure, field)
        try structure(inner)
    }

    /// Reads a list with at most `limit` elements, each with `element`.
    mutating func list<Element>(
        _ field: Field,
        of type: ThriftType,
        limit: Int,
        _ element: (inout ThriftReader) throws(SegmentError) -> Element
    ) throws(SegmentError) -> [Element] {
        try expect(.list, field)
        let header = try listHeader()
        // Writers disagree on which of its two types a list of booleans has.
        let isAlike = type == .true && header.type == .false
        guard header.type == type || header.count == 0 || isAlike else {
            throw error("field \(field.id) is a list of \(header.type), not of \(type)")
        }
        guard header.count <= limit else {
            throw SegmentError(
                .tooLarge,
                "field \(field.id) is a list of \(header.count), at most \(limit) are read",
                .init(byteOffset: byteOffset)
            )
        }
        var elements: [Element] = []
        elements.reserveCapacity(header.count)
        for _ in 0..<header.count { elements.append(try element(&self)) }
        return elements
    }

    // MARK: - Elements of lists

    mutating func bool() throws(SegmentError) -> Bool {
        try byte() == ThriftType.true.rawValue
    }

    mutating func integer<Integer: FixedWidthInteger>() throws(SegmentError) -> Integer {
        let value = unZigZag(try varint())
        guard let exact = Integer(exactly: value) else { throw error("\(value) does not fit \(Integer.self)") }
        return exact
    }

    mutating func binary() throws(SegmentError) -> [UInt8] {
        let count = try count()
        defer { byteOffset += count }
        return Array(bytes[byteOffset..<byteOffset + count])
    }

    // MARK: - What is not known

    mutating func skip(_ field: Field) throws(SegmentError) {
        // Of a field, a boolean is in the header; of a list, it takes a byte.
        guard field.type != .true, field.type != .false else { return }
        try skip(field.type)
    }

    private mutating func skip(_ type: ThriftType) throws(SegmentError) {
        switch type {
        case .true, .false, .byte: _ = try byte()
        case .int16, .int32, .int64: _ = try varint()
        case .double: try advance(8)
        case .binary: try advance(try count())
        case .structure: try structure { (reader, field) throws(SegmentError) in try reader.skip(field) }
        case .list, .set:
            try enter()
            let header = try listHeader()
            for _ in 0..<header.count { try skip(header.type) }
            depth -= 1
        case .map:
            try enter()
            let count = try count()
            if count > 0 {
                let types = try byte()
                guard let key = ThriftType(rawValue: types >> 4), let value = ThriftType(rawValue: types & 0xF) else {
                    throw error("a map of unknown types")
                }
                for _ in 0..<count {
                    try skip(key)
                    try skip(value)
                }
            }
            depth -= 1
        }
    }

    private mutating func listHeader() throws(SegmentError) -> (count: Int, type: ThriftType) {
        let byte = try byte()
        let count = byte >> 4 == 0xF ? try count() : Int(byte >> 4)
        // Every element takes a byte or more, which bounds what a count can make a reader allocate.
        guard count <= bytes.count - byteOffset else { throw error("a list of \(count) is cut off", .truncated) }
        guard let type = ThriftType(rawValue: byte & 0xF) else {
            guard count == 0 else { throw error("a list of unknown type \(byte & 0xF)") }
            return (0, .byte)
        }
        return (count, type)
    }

    // MARK: - Bytes

    private mutating func byte() throws(SegmentError) -> UInt8 {
        guard bytes.indices.contains(byteOffset) else { throw error("a structure is cut off", .truncated) }
        defer { byteOffset += 1 }
        return bytes[byteOffset]
    }

    private mutating func varint() throws(SegmentError) -> UInt64 {
        var offset = byteOffset
        defer { byteOffset = offset }
        return try unsafe bytes.span.bytes.varint(at: &offset)
    }

    /// A count of bytes, or of things that take a byte or more.
    private mutating func count() throws(SegmentError) -> Int {
        let value = try varint()
        guard value <= UInt64(bytes.count - byteOffset) else {
            throw error("\(value) bytes, \(bytes.count - byteOffset) are left", .truncated)
        }
        return Int(value)
    }

    private mutating func advance(_ count: Int) throws(SegmentError) {
        guard count <= bytes.count - byteOffset else { throw error("a value is cut off", .truncated) }
        byteOffset += count
    }

    private mutating func enter() throws(SegmentError) {
        depth += 1
        guard depth <= ParquetLimits.maximumThriftDepth else {
            throw error("structures nest deeper than \(ParquetLimits.maximumThriftDepth)", .tooLarge)
        }
    }

    private func expect(_ type: ThriftType, _ field: Field) throws(SegmentError) {
        guard field.type == type else { throw mismatch(field, type) }
    }

    private func mismatch(_ field: Field, _ type: ThriftType) -> SegmentError {
        error("field \(field.id) is \(field.type), not \(type)")
    }

    /// An error at the reader's place.
    func error(_ message: String, _ code: SegmentError.Code = .inconsistent) -> SegmentError {
        SegmentError(code, message, .init(byteOffset: byteOffset))
    }

    /// The value, or an error that says which field is missing.
    func required<Value>(_ value: Value?, _ name: String) throws(SegmentError) -> Value {
        guard let value else { throw error("\(name) is missing") }
        return value
    }
}
