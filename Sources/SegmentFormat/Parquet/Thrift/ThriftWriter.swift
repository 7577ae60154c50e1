// SPDX-License-Identifier: Apache-2.0

/// Writes structures in Thrift's compact protocol, the encoding of all of Parquet's metadata.
///
/// Fields are written in ascending order of their ids, so that a field header takes one byte. Source: the Thrift
/// project's "Thrift Compact protocol encoding".
struct ThriftWriter {
    private(set) var bytes: [UInt8] = []

    /// The last field's id in each structure that is open; a header holds only the difference.
    private var lastFieldIDs: [Int16] = [0]

    /// Writes one structure by itself.
    static func encode(_ fields: (inout ThriftWriter) -> Void) -> [UInt8] {
        var writer = ThriftWriter()
        fields(&writer)
        writer.bytes.append(ThriftType.stop)
        return writer.bytes
    }

    mutating func field(_ id: Int16, _ value: Bool) {
        header(id, value ? .true : .false)
    }

    mutating func field(_ id: Int16, byte value: Int8) {
        header(id, .byte)
        bytes.append(UInt8(bitPattern: value))
    }

    mutating func field(_ id: Int16, _ value: Int16) {
        header(id, .int16)
        bytes.appendVarint(zigZag(Int64(value)))
    }

    mutating func field(_ id: Int16, _ value: Int32) {
        header(id, .int32)
        bytes.appendVarint(zigZag(Int64(value)))
    }

    mutating func field(_ id: Int16, _ value: Int64) {
        header(id, .int64)
        bytes.appendVarint(zigZag(value))
    }

    mutating func field(_ id: Int16, _ value: [UInt8]) {
        header(id, .binary)
        element(value)
    }

    mutating func field(_ id: Int16, _ value: String) {
        field(id, Array(value.utf8))
    }

    mutating func field(_ id: Int16, structure fields: (inout ThriftWriter) -> Void) {
        header(id, .structure)
        element(structure: fields)
    }

    mutating func field<Element>(
        _ id: Int16,
        list elements: [Element],
        of type: ThriftType,
        _ body: (inout ThriftWriter, Element) -> Void
    ) {
        header(id, .list)
        if elements.count < 15 {
            bytes.append(UInt8(elements.count) << 4 | type.rawValue)
        } else {
            bytes.append(0xF0 | type.rawValue)
            bytes.appendVarint(UInt64(elements.count))
        }
        for element in elements { body(&self, element) }
    }

    // MARK: - Elements of lists

    mutating func element(_ value: Bool) {
        bytes.append(value ? ThriftType.true.rawValue : ThriftType.false.rawValue)
    }

    mutating func element(_ value: Int32) {
        bytes.appendVarint(zigZag(Int64(value)))
    }

    mutating func element(_ value: Int64) {
        bytes.appendVarint(zigZag(value))
    }

    mutating func element(_ value: [UInt8]) {
        bytes.appendVarint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func element(structure fields: (inout ThriftWriter) -> Void) {
        lastFieldIDs.append(0)
        fields(&self)
        lastFieldIDs.removeLast()
        bytes.append(ThriftType.stop)
    }

    private mutating func header(_ id: Int16, _ type: ThriftType) {
        let last = lastFieldIDs[lastFieldIDs.count - 1]
        let difference = Int(id) - Int(last)
        if (1...15).contains(difference) {
            bytes.append(UInt8(difference) << 4 | type.rawValue)
        } else {
            bytes.append(type.rawValue)
            bytes.appendVarint(zigZag(Int64(id)))
        }
        lastFieldIDs[lastFieldIDs.count - 1] = id
    }
}

/// The types of the compact protocol.
enum ThriftType: UInt8 {
    case `true` = 1
    case `false` = 2
    case byte = 3
    case int16 = 4
    case int32 = 5
    case int64 = 6
    case double = 7
    case binary = 8
    case list = 9
    case set = 10
    case map = 11
    case structure = 12

    /// The byte behind the last field of a structure.
    static let stop: UInt8 = 0
}
