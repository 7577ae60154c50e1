// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import Testing

@testable import SegmentFormat

/// Files of ours in the hands of other readers, and a file of another writer in ours, by way of `parquet_readers.py`.
struct ParquetReadersTests {
    static let readers = ["pyarrow", "duckdb", "polars"]

    @Test(arguments: readers)
    func `other readers find the values that were written`(_ reader: String) throws {
        guard try Python.isInstalled(reader) else { return }
        try withTemporaryDirectory { directory in
            for (seed, options) in [
                (1, ParquetWriterOptions(rowsPerPage: 1000)),
                (2, ParquetWriterOptions(rowsPerPage: 333, longPageByteCount: 10_000)),
            ] {
                let sample = SampleFile(seed: UInt64(seed), rowCounts: [5000, 1234])
                let file = directory.appending(path: "sample-\(seed).parquet")
                let values = directory.appending(path: "values-\(seed).json")
                try Data(sample.written(options, [.init("key", "value")])).write(to: file)
                try JSONSerialization.data(withJSONObject: Self.values(sample)).write(to: values)

                let (status, output) = try Python.run("read", reader, file.path, values.path)

                #expect(status == 0, "seed \(seed): \(output)")
            }
        }
    }

    @Test func `a file of pyarrow within our subset is read`() throws {
        guard try Python.isInstalled("pyarrow") else { return }
        try withTemporaryDirectory { directory in
            let file = directory.appending(path: "pyarrow.parquet")
            let values = directory.appending(path: "values.json")
            let (status, output) = try Python.run("write", file.path, values.path)
            try #require(status == 0, "\(output)")
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: values))
            let expected = try #require(object as? [String: [Any]])

            let reader = try ParquetReader(ParquetBytes([UInt8](Data(contentsOf: file))))
            let decompressor = ZstdDecompressor()
            for (column, declared) in reader.columns.enumerated() {
                var read: [Any] = []
                for group in reader.metadata.rowGroups.indices {
                    let data = try reader.readColumn(column, rowGroup: group, using: decompressor)
                    read += Self.values(data, declared)
                    #expect(try reader.offsetIndex(column, rowGroup: group) != nil)
                    #expect(try reader.columnIndex(column, rowGroup: group) != nil)
                }
                // As text, because a boolean and a number are not equal as objects.
                let isSame =
                    try JSONSerialization.data(withJSONObject: read)
                    == JSONSerialization.data(withJSONObject: #require(expected[declared.name]))
                #expect(isSame, "column \(declared.name)")
            }
        }
    }

    // MARK: - Values as JSON

    private static func values(_ sample: SampleFile) -> [String: [Any]] {
        var all: [String: [Any]] = [:]
        for (number, column) in sample.columns.enumerated() {
            all[column.name] = sample.groups.flatMap { values($0[number], column) }
        }
        return all
    }

    private static func values(_ data: ParquetColumnData, _ column: ParquetColumn) -> [Any] {
        var next = 0
        return (0..<data.rowCount).map { row in
            guard data.presence?[row] ?? true else { return NSNull() }
            defer { next += 1 }
            return value(data.values, data.codes.map { Int($0[next]) } ?? next, column)
        }
    }

    private static func value(_ values: ParquetValues, _ index: Int, _ column: ParquetColumn) -> Any {
        switch values {
        case .booleans(let bits): bits[index]
        case .int32(let numbers):
            column.isUnsigned ? Int64(UInt32(bitPattern: numbers[index])) : Int64(numbers[index])
        case .int64(let numbers): numbers[index]
        case .byteArrays(let arrays): Hex.encode(arrays.value(index))
        case .fixed: Hex.encode(values.plainBytes(index))
        }
    }

    private func withTemporaryDirectory(_ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-parquet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory)
    }
}

/// The interpreter with the packages of `Tests/requirements.txt`, when `make` runs the tests.
enum Python {
    static let interpreter = ProcessInfo.processInfo.environment["MARTLET_PYTHON"] ?? "python3"

    /// Cancels the test, and says why, when a package is not there.
    static func isInstalled(_ package: String) throws -> Bool {
        guard try start(["-c", "import \(package)"]).status == 0 else {
            try Test.cancel("\(package) is not installed for \(interpreter)")
        }
        return true
    }

    static func run(_ arguments: String...) throws -> (status: Int32, output: String) {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "parquet_readers.py")
        return try start([script.path] + arguments)
    }

    private static func start(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [interpreter] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
