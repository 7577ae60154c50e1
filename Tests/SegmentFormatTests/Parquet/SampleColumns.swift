// SPDX-License-Identifier: Apache-2.0

import SegmentFormat

/// Columns of every type, layout and nullability with random values, as one file in memory.
struct SampleFile {
    var columns: [ParquetColumn] = []
    /// By row group, then by column.
    var groups: [[ParquetColumnData]] = []

    /// One column for each combination, `rowCounts.count` row groups.
    init(seed: UInt64, rowCounts: [Int], shapes: [Shape] = Shape.allCases) {
        var random = SeededRandom(seed)
        for isOptional in [false, true] {
            let suffix = isOptional ? ".optional" : ""
            for shape in shapes {
                var column = shape.column
                column.name += suffix
                column.isOptional = isOptional
                columns.append(column)
            }
        }
        for rowCount in rowCounts {
            groups.append(
                columns.enumerated().map { number, column in
                    let shape = shapes[number % shapes.count]
                    let presence = column.isOptional ? Self.presence(rowCount, &random) : nil
                    let count = presence.map { $0.setCount(0..<rowCount) } ?? rowCount
                    var data = shape.data(count, &random)
                    // All present is said by nil, as the reader says it.
                    data.presence = count == rowCount ? nil : presence
                    return data
                }
            )
        }
    }

    init(columns: [ParquetColumn], groups: [[ParquetColumnData]]) {
        self.columns = columns
        self.groups = groups
    }

    func written(_ options: ParquetWriterOptions, _ keyValues: [ParquetKeyValue] = []) throws -> [UInt8] {
        var writer = try ParquetWriter(columns: columns, options: options)
        let encoder = try ColumnChunkEncoder(options)
        var file: [UInt8] = []
        for group in groups {
            for (column, data) in zip(columns, group) {
                try writer.append(encoder.encode(column, data, rowCount: data.rowCount))
                file += writer.take()
            }
        }
        try writer.finish(keyValues)
        return file + writer.take()
    }

    /// None, all, a few, long stretches, or every second row.
    private static func presence(_ rowCount: Int, _ random: inout SeededRandom) -> Bitmap {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: Bitmap(repeating: false, count: rowCount)
        case 1: Bitmap((0..<rowCount).map { $0 != rowCount - 1 })
        case 2: Bitmap((0..<rowCount).map { _ in Int.random(in: 0..<10, using: &random) == 0 })
        case 3: Bitmap((0..<rowCount).map { $0 / 100 % 2 == 1 })
        default: Bitmap((0..<rowCount).map { _ in Bool.random(using: &random) })
        }
    }

    enum Shape: CaseIterable {
        case boolean, int32, int32Delta, int64, timestamp, text, json, textDelta, longText, uuid, bytes3
        case fewTexts, manyTexts, oneText, fewNumbers, unsigned

        var column: ParquetColumn {
            switch self {
            case .boolean: ParquetColumn("b.plain", .boolean)
            case .int32: ParquetColumn("i32.plain", .int32)
            case .int32Delta: ParquetColumn("i32.delta", .int32, layout: .deltaBinaryPacked)
            case .int64: ParquetColumn("i64.plain", .int64, .integer(bitWidth: 64, isSigned: true))
            case .timestamp:
                ParquetColumn("time", .int64, .timestamp(.nanoseconds), layout: .deltaBinaryPacked)
            case .text: ParquetColumn("text.plain", .byteArray, .string, bloomBitsPerValue: 12)
            case .json: ParquetColumn("json", .byteArray, .json, compressionLevel: 9)
            case .textDelta: ParquetColumn("text.delta", .byteArray, .string, layout: .deltaLengthByteArray)
            case .longText: ParquetColumn("text.long", .byteArray, .string)
            case .uuid: ParquetColumn("id", .fixed(byteCount: 16), .uuid, bloomBitsPerValue: 10)
            case .bytes3: ParquetColumn("fixed3", .fixed(byteCount: 3), compressionLevel: nil)
            case .fewTexts: ParquetColumn("data.methodName", .byteArray, .string, bloomBitsPerValue: 16)
            case .manyTexts:
                ParquetColumn("data.resourceName", .byteArray, .string, dictionaryCompressionLevel: 6)
            case .oneText: ParquetColumn("specversion", .byteArray, .string)
            case .fewNumbers: ParquetColumn("port", .int32, .integer(bitWidth: 32, isSigned: true))
            case .unsigned: ParquetColumn("u32", .int32, .integer(bitWidth: 32, isSigned: false))
            }
        }

        func data(_ count: Int, _ random: inout SeededRandom) -> ParquetColumnData {
            switch self {
            case .boolean:
                return .init(.booleans(Bitmap((0..<count).map { _ in Bool.random(using: &random) })))
            case .int32, .unsigned: return .init(.int32(numbers(count, .min ... .max, &random)))
            case .int32Delta:
                return .init(.int32(numbers(count, Bool.random(using: &random) ? 0...9 : .min ... .max, &random)))
            case .int64: return .init(.int64((0..<count).map { _ in Int64.random(in: .min ... .max, using: &random) }))
            case .timestamp:
                var time: Int64 = 1_790_000_000_000_000_000
                return .init(
                    .int64(
                        (0..<count).map { index in
                            time += Int64.random(in: -1_000_000...90_000_000, using: &random)
                            return index % 1000 == 999 ? .max : index % 1000 == 500 ? .min : time
                        }
                    )
                )
            case .text, .textDelta: return .init(.byteArrays(texts(count, 0...40, &random)))
            case .json:
                let strings = texts(count, 0...40, &random)
                let quote = [UInt8(ascii: "\"")]
                return .init(.byteArrays(ByteArrays((0..<count).map { quote + strings.value($0) + quote })))
            case .longText: return .init(.byteArrays(texts(count, 0...600, &random)))
            case .uuid: return .init(.fixed(bytes(count * 16, &random), byteCount: 16))
            case .bytes3: return .init(.fixed(bytes(count * 3, &random), byteCount: 3))
            case .fewTexts: return coded(.byteArrays(texts(7, 5...30, &random)), 7, count, &random)
            case .manyTexts:
                let entries = max(1, count / 2)
                return coded(.byteArrays(texts(entries, 100...260, &random)), entries, count, &random)
            case .oneText: return coded(.byteArrays(ByteArrays([Array("1.0".utf8)])), 1, count, &random)
            case .fewNumbers: return coded(.int32(numbers(300, 0...65535, &random)), 300, count, &random)
            }
        }

        private func numbers(_ count: Int, _ range: ClosedRange<Int32>, _ random: inout SeededRandom) -> [Int32] {
            (0..<count).map { _ in Int32.random(in: range, using: &random) }
        }

        private func bytes(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        }

        /// Text of which some is not ASCII, and which often begins alike.
        private func texts(_ count: Int, _ lengths: ClosedRange<Int>, _ random: inout SeededRandom) -> ByteArrays {
            let letters = Array("abcdefghij-/=ÄéЖ漢🦉")
            return ByteArrays(
                (0..<count).map { _ in
                    var text = Bool.random(using: &random) ? "crn://confluent.cloud/" : ""
                    let length = Int.random(in: lengths, using: &random)
                    while text.utf8.count < length { text.append(letters.randomElement(using: &random) ?? "?") }
                    return Array(text.utf8)
                }
            )
        }

        /// Codes with runs among them.
        private func coded(
            _ dictionary: ParquetValues,
            _ entryCount: Int,
            _ count: Int,
            _ random: inout SeededRandom
        ) -> ParquetColumnData {
            var codes: [UInt32] = []
            while codes.count < count {
                let run = Int.random(in: 0..<4, using: &random) == 0 ? Int.random(in: 1...100, using: &random) : 1
                let code = UInt32.random(in: 0..<UInt32(entryCount), using: &random)
                codes += [UInt32](repeating: code, count: min(run, count - codes.count))
            }
            return ParquetColumnData(dictionary, codes: codes)
        }
    }
}
