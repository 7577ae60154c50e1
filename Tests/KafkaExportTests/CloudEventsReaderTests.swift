// SPDX-License-Identifier: Apache-2.0

import Foundation
import MockKafka
import Testing

@testable import KafkaExport

/// What a sink wrote, read by the CloudEvents SDK for Python.
@Suite struct CloudEventsReaderTests {
    private static let python = ProcessInfo.processInfo.environment["MARTLET_PYTHON"]

    private struct Read: Decodable, Equatable {
        let attributes: [String: String]
        let data: [String: String]
    }

    private static func events() -> [String] {
        (0..<20).map { number in
            Fixture.event(
                "e\(number)",
                #","time":"2026-11-20T08:00:00Z","subject":"crn:///kafka=lkc-1/topic=naïve €","datacontenttype":"application/json","extension":"plain","data":{"methodName":"kafka.CreateTopics","number":"\#(number)"}"#
            )
        }
    }

    @Test(
        .enabled(if: python != nil, "MARTLET_PYTHON names no Python with Tests/requirements.txt"),
        arguments: RecordMode.allCases
    )
    func `another SDK reads what was written`(_ mode: RecordMode) async throws {
        let fixture = try Fixture()
        try fixture.brokers.makeTopic("out", partitions: 2)
        try await fixture.accept(Self.events())
        try await fixture.runToEnd(fixture.writer(with: { $0.mode = mode }))

        let output = try Self.run(fixture.brokers.bootstrap, "out", "20")
        let read = try output.split(separator: "\n").map { try JSONDecoder().decode(Read.self, from: Data($0.utf8)) }
        #expect(read.count == 20)
        for number in 0..<20 {
            let event = try #require(read.first { $0.attributes["id"] == "e\(number)" })
            #expect(event.data == ["methodName": "kafka.CreateTopics", "number": "\(number)"])
            #expect(event.attributes["source"] == "crn:///kafka=lkc-1" && event.attributes["specversion"] == "1.0")
            #expect(event.attributes["type"] == "io.confluent.kafka.server/request")
            #expect(event.attributes["time"] == "2026-11-20 08:00:00+00:00")
            #expect(event.attributes["subject"] == "crn:///kafka=lkc-1/topic=naïve €")
            #expect(event.attributes["datacontenttype"] == "application/json")
            #expect(event.attributes["extension"] == "plain")
        }
    }

    private static func run(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: try #require(python))
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "cloudevents_reader.py")
        process.arguments = [script.path] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self)
    }
}
