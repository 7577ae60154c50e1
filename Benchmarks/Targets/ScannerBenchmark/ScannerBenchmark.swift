// SPDX-License-Identifier: Apache-2.0

import EventScanner
import Foundation

/// Answers how long it takes to validate an event and to locate its fields.
///
/// `ScannerBenchmark FILE [PASSES]` scans a file of one event a line on one core and prints events and bytes by CPU time,
/// the best of the passes. The file is in memory; lines are found beforehand.
@main
enum ScannerBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2 else { fatalError("ScannerBenchmark FILE [PASSES]") }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: arguments[1])))
        let passes = arguments.count > 2 ? Int(arguments[2]) ?? 5 : 5
        let lines = ranges(ofLinesIn: bytes)
        for (name, paths, everyScalar) in cases {
            let best = try (0..<passes).map { _ in try seconds(bytes, lines, paths, everyScalar) }.min() ?? 0
            let events = Int(Double(lines.count) / best)
            print("\(name): \(events) events/s, \(Int(Double(bytes.count) / best / 1e6)) MB/s a core")
        }
    }

    private static let envelope = ["specversion", "id", "source", "type", "time"]

    private static let cases: [(String, [String], Bool)] = [
        ("envelope, \(envelope.count) paths", envelope, false),
        ("envelope and data, \(envelope.count + dataPaths.count) paths", envelope + dataPaths, false),
        ("every scalar", envelope, true),
    ]

    private static let dataPaths = [
        "data.serviceName", "data.methodName", "data.resourceName", "data.authenticationInfo.principal",
        "data.authenticationInfo.principal.confluentUser.resourceId", "data.authenticationInfo.principal.email",
        "data.authenticationInfo.metadata.identifier", "data.authorizationInfo.granted",
        "data.authorizationInfo.result", "data.authorizationInfo.operation", "data.authorizationInfo.resourceType",
        "data.requestMetadata.requestId", "data.requestMetadata.requestId[]",
        "data.requestMetadata.clientAddress[].ip", "data.requestMetadata.connectionId", "data.request.clientId",
        "data.result.status", "data.cloudResources[].resource.type",
    ]

    private static func seconds(
        _ bytes: [UInt8],
        _ lines: [Range<Int>],
        _ paths: [String],
        _ everyScalar: Bool
    ) throws -> Double {
        let table = PathTable(paths.enumerated().map { ($1, UInt16($0)) })
        var scanner = ObjectScanner(table, wantsEveryScalar: everyScalar)
        let start = clock()
        for line in lines { try unsafe scanner.scan(bytes.span.bytes, in: line) }
        return Double(clock() - start) / Double(CLOCKS_PER_SEC)
    }

    private static func ranges(ofLinesIn bytes: [UInt8]) -> [Range<Int>] {
        bytes.split(separator: UInt8(ascii: "\n")).map { $0.startIndex..<$0.endIndex }
    }
}
