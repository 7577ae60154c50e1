// SPDX-License-Identifier: Apache-2.0

/// The columns of a segment that are not values of events, by their names in the file.
///
/// They begin with `martlet.`, or are named as a `RealColumn` is. No path of an event is named so: a key with a dot is
/// quoted in a path, and so are `reservedKeys` where a path begins with them.
enum SegmentColumns {
    static let index = "martlet.index"
    static let received = "martlet.received"
    static let stream = "martlet.stream"
    static let submitter = "martlet.submitter"
    static let origin = "martlet.origin"
    static let position = "martlet.position"
    static let flags = "martlet.flags"
    static let shape = "martlet.shape"
    /// The bytes of events that have no shape.
    static let raw = "martlet.raw"

    /// Key of the table of shapes in the file's metadata, in hexadecimal.
    static let shapesKey = "martlet.shapes"
    /// Key of the version of this arrangement.
    static let versionKey = "martlet.segment"
    static let version = "1"

    /// Keys that no path of an event begins with.
    static let reservedKeys = Set((["martlet"] + RealColumn.allCases.map(\.rawValue)).map { Array($0.utf8) })

    // MARK: - Declarations

    static let indexColumn = ParquetColumn(
        index,
        .int64,
        .integer(bitWidth: 64, isSigned: false),
        layout: .deltaBinaryPacked
    )
    static let receivedColumn = ParquetColumn(
        received,
        .int64,
        .timestamp(.nanoseconds),
        layout: .deltaBinaryPacked
    )
    static let positionColumn = ParquetColumn(position, .byteArray)
    static let flagsColumn = ParquetColumn(flags, .int32, layout: .deltaBinaryPacked)
    static let shapeColumn = ParquetColumn(shape, .int32)
    static let timeColumn = ParquetColumn(
        RealColumn.time.rawValue,
        .int64,
        .timestamp(.milliseconds),
        layout: .deltaBinaryPacked
    )

    /// A text that the events of a frame share.
    static func label(_ name: String) -> ParquetColumn { ParquetColumn(name, .byteArray, .string) }

    /// How the texts of a field are declared that no path has.
    static func column(of field: RealColumn, isCoded: Bool) -> ParquetColumn {
        ParquetColumn(
            field.rawValue,
            .byteArray,
            .string,
            isOptional: field.isOptional,
            layout: isCoded ? .plain : .deltaLengthByteArray,
            dictionaryCompressionLevel: dictionaryLevel
        )
    }

    /// The name of the column that has the values of a path.
    static func name(ofPath path: String) -> String { path.isEmpty ? raw : path }

    /// How the values of a path are declared.
    static func column(of shredded: ShreddedColumn) -> ParquetColumn {
        let name = name(ofPath: shredded.path)
        let isCoded = shredded.codes != nil
        return switch (shredded.kind, shredded.entries) {
        case (.uuid, _):
            ParquetColumn(name, .fixed(byteCount: 16), .uuid, isOptional: true, compressionLevel: nil)
        case (.hexadecimal, .fixed(let byteCount, _)):
            ParquetColumn(name, .fixed(byteCount: byteCount), isOptional: true, compressionLevel: nil)
        case (.hexadecimal, _):
            ParquetColumn(name, .byteArray, isOptional: true, layout: isCoded ? .plain : .deltaLengthByteArray)
        case (.time(let digits), _):
            ParquetColumn(
                name,
                .int64,
                .timestamp(digits <= 3 ? .milliseconds : digits <= 6 ? .microseconds : .nanoseconds),
                isOptional: true,
                layout: isCoded ? .plain : .deltaBinaryPacked
            )
        case (.integer, _):
            ParquetColumn(
                name,
                .int64,
                .integer(bitWidth: 64, isSigned: true),
                isOptional: true,
                layout: isCoded ? .plain : .deltaBinaryPacked,
                dictionaryCompressionLevel: dictionaryLevel
            )
        case (.json, _), (.text, _):
            ParquetColumn(
                name,
                .byteArray,
                // Also of JSON text: ClickHouse reads nothing but objects where that is declared.
                .string,
                isOptional: true,
                layout: isCoded ? .plain : .deltaLengthByteArray,
                dictionaryCompressionLevel: dictionaryLevel
            )
        }
    }

    /// Dictionaries are read often and written once; level 9 took 28 % off one of names for 7 ms a million events.
    static let dictionaryLevel: Int32 = 3
}
