// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import SegmentFormat

/// Segments in the hands of other readers of Parquet, by way of `parquet_readers.py`.
@Suite struct SegmentReadersTests {
    static let readers = ["pyarrow", "duckdb", "polars", "chdb"]

    @Test(arguments: readers)
    func `other readers find the real columns, and those of paths that share their pages`(_ reader: String) throws {
        guard try Python.isInstalled(reader) else { return }
        let plain = (0..<3_000).map { number in
            let method = number % 4 == 0 ? "" : #""methodName":"kafka.M\#(number % 9)","#
            return #"{"type":"a/request","time":"2026-11-20T02:00:00.\#(100 + number % 900)Z","data":{\#(method)"#
                + #""resourceName":"crn://a/kafka=\#(number % 90)","authenticationInfo":{"principal":"User:u-\#(number % 70)"}}}"#
        }
        let sealed = try SealedEvents(plain.map { Array($0.utf8) }, rowsPerPage: 500)
        try #require(try sealed.isShared("method", with: "data.methodName"))
        try #require(try sealed.isShared("principal", with: "data.authenticationInfo.principal"))

        try check(
            sealed,
            reader,
            ["data.methodName", "data.resourceName", "data.authenticationInfo.principal", "type"]
        )
    }

    @Test(arguments: readers)
    func `other readers find real columns of their own, and quoted paths`(_ reader: String) throws {
        guard try Python.isInstalled(reader) else { return }
        let sealed = try SealedEvents(
            (TortureEvents.written + TortureEvents.random(2_000, seed: 5)).map { Array($0.utf8) },
            rowsPerPage: 256
        )

        try check(sealed, reader, ["\"principal\"", "\"time\"", "\"method\"", "\"martlet.index\""])
    }

    private func check(_ sealed: SealedEvents, _ reader: String, _ paths: [String]) throws {
        let rows = try sealed.realRows()
        var values: [String: [Any]] = ["time": rows.map(\.time)]
        for name in ["outcome", "principal", "method", "resource"] + paths {
            values[name] = try sealed.texts(name).map { text in
                text.map { Array($0.utf8).map { String(format: "%02x", $0) }.joined() } ?? NSNull() as Any
            }
        }
        let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-segment-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "segment.parquet")
        let expected = directory.appending(path: "values.json")
        try Data(sealed.encoded.bytes).write(to: file)
        try JSONSerialization.data(withJSONObject: values).write(to: expected)

        let (status, output) = try Python.run("columns", reader, file.path, expected.path)

        #expect(status == 0, "\(output)")
    }
}
