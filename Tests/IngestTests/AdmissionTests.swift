// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import EventScanner
import JournalFormat
import Testing

@testable import Ingest

@Suite struct AdmissionTests {
    private static let one = Samples.event("1")
    private static let two = Samples.event("2")

    // MARK: - Bodies

    @Test(arguments: [
        (BatchLayout.lines, "\(one)\n\(two)\n"), (.array, "[\(one),\(two)]"), (.objects, "\(one)\(two)"),
    ])
    func `a good body is stored byte for byte`(layout: BatchLayout, body: String) async throws {
        try await withLog(TestLog()) { log async throws in
            let answer = try await log.admission.accept(Array(body.utf8), layout, from: "User:alice", source: "test")

            #expect(answer == Acknowledgement(indices: 0..<2))
            #expect(try log.texts() == [Self.one, Self.two])
            #expect(
                try log.events().allSatisfy {
                    $0.submitter == "User:alice" && $0.source == "test" && $0.stream == .audit
                }
            )
        }
    }

    @Test func `of a body with a fault nothing is stored and nothing set aside`() async throws {
        try await withLog(TestLog()) { log async throws in
            let body = Array("\(Self.one)\nx\n\(Self.two)\n".utf8)

            await #expect(throws: Rejection(.scan(.notAnObject), byteOffset: Self.one.utf8.count + 1, line: 2)) {
                try await log.admission.accept(body, .lines, from: "User:alice", source: "test")
            }

            #expect(log.store.snapshot.endIndex == 0)
            #expect(log.quarantine.count == 0)
        }
    }

    @Test func `an empty batch is accepted and changes nothing`() async throws {
        try await withLog(TestLog()) { log async throws in
            // CloudEvents' HTTP binding §3.3.2 allows it.
            let acknowledgement = try await log.admission.accept(
                Array(" [ ] ".utf8),
                .array,
                from: "User:alice",
                source: "test"
            )

            #expect(acknowledgement == Acknowledgement())
            #expect(log.store.snapshot.endIndex == 0)
        }
    }

    @Test func `a body without events is rejected`() async throws {
        try await withLog(TestLog()) { log async throws in
            for (layout, body) in [(BatchLayout.lines, "\n \n"), (.objects, "")] {
                await #expect(throws: Rejection(.noEvents, byteOffset: 0)) {
                    try await log.admission.accept(Array(body.utf8), layout, from: "User:alice", source: "test")
                }
            }
        }
    }

    @Test func `a repeated event is answered with the index it has, also when its id is spelled with escapes`()
        async throws
    {
        try await withLog(TestLog()) { log async throws in
            func send(_ text: String, from submitter: String = "User:alice") async throws -> Acknowledgement {
                try await log.admission.accept(Array(text.utf8), .object, from: submitter, source: "test")
            }
            _ = try await send(Self.one)

            #expect(try await send(Self.one).repeated == [.init(place: 0, index: 0)])
            #expect(try await send(Self.one, from: "User:bob").indices == 1..<2)
            // The same id in other bytes is no repetition: it is kept, and marked.
            let respelled = try await send(Samples.event(#"\u0031"#))
            #expect(respelled.indices == 2..<3)
            #expect(respelled.conflicts == [0])
        }
    }

    // MARK: - Parts

    @Test func `of a part the good is stored and the bad set aside with its place`() async throws {
        try await withLog(TestLog()) { log async throws in
            let part = Array("\(Self.one)\n{}\n\n\(Self.two)\n".utf8)

            let report = try await log.admission.acceptPart(
                part,
                .lines,
                from: "User:alice",
                source: "file:day",
                firstLine: 10,
                byteOffset: 1000
            )

            let rejection = Rejection(
                .missingAttribute("specversion"),
                byteOffset: 1001 + Self.one.utf8.count,
                line: 11
            )
            #expect(report.quarantined == [rejection])
            #expect(report.acknowledgement == Acknowledgement(indices: 0..<2))
            #expect(report.lineCount == 4)
            let entry = try #require(try await log.quarantine.entries().first)
            #expect(entry.line == 11)
            #expect(entry.byteOffset == rejection.byteOffset)
            #expect(entry.code == "missingAttribute")
            #expect(entry.submitter == "User:alice")
            #expect(entry.source == "file:day")
            #expect(Array(entry.bytes) == Array("{}".utf8))
        }
    }

    @Test func `a part of bad lines only stores nothing`() async throws {
        try await withLog(TestLog()) { log async throws in
            let report = try await log.admission.acceptPart(
                Array("a\nb\n".utf8),
                .lines,
                from: "User:alice",
                source: "test"
            )

            #expect(report.acknowledgement == Acknowledgement())
            #expect(report.quarantined.count == 2)
            #expect(try log.texts().isEmpty)
        }
    }

    @Test(arguments: [
        (BatchLayout.lines, "a\n\nb\n", "line 10", "line 12"), (.objects, "[]{}", "event 10", "event 11"),
    ])
    func `what was set aside of a part is one gap`(
        layout: BatchLayout,
        part: String,
        first: String,
        last: String
    )
        async throws
    {
        try await withLog(TestLog()) { log async throws in
            _ = try await log.admission.acceptPart(
                Array(part.utf8),
                layout,
                from: "User:alice",
                source: "file:day",
                firstLine: 10
            )

            let gaps = try log.texts(of: .system)
            #expect(gaps.count == 1)
            #expect(gaps.first?.contains(#""type":"dev.martlet.audit/gap""#) == true)
            let details = """
                {"submitter":"User:alice","source":"file:day","reason":"quarantined","from":"\(first)","to":"\(last)","lost":"2"}
                """
            #expect(gaps.first?.contains(details) == true, "\(gaps)")
        }
    }

    @Test func `an offered part that was taken before repeats nothing`() async throws {
        try await withLog(TestLog()) { log async throws in
            let part = Array("\(Self.one)\n\(Self.two)\n".utf8)
            _ = try await log.admission.acceptPart(part, .lines, from: "User:alice", source: "test")

            let again = try await log.admission.acceptPart(part, .lines, from: "User:alice", source: "test")

            #expect(again.acknowledgement.acceptedCount == 0)
            #expect(again.acknowledgement.repeated.map(\.index) == [0, 1])
            #expect(log.store.snapshot.endIndex == 2)
        }
    }

    // MARK: - Own events

    @Test func `Martlet's own events go to the stream for them`() async throws {
        try await withLog(TestLog()) { log async throws in
            let maker = SystemEventMaker(now: { .epoch })

            try await log.admission.record(maker.make(.started, method: "Start", principal: "martlet"))

            let event = try #require(try log.events().first)
            #expect(event.stream == .system)
            #expect(event.submitter == "martlet")
            #expect(String(decoding: event.bytes, as: UTF8.self).contains(log.store.logName))
        }
    }

    @Test func `several of Martlet's own events are written at once`() async throws {
        try await withLog(TestLog()) { log async throws in
            try await log.admission.record([])
            try await log.admission.record(
                (0..<3).map {
                    Samples.events.make(.heartbeat, method: "Heartbeat", principal: "martlet", resource: "n=\($0)")
                }
            )

            let events = try log.events()
            #expect(events.map(\.index) == [0, 1, 2])
            #expect(events.allSatisfy { $0.stream == .system })
        }
    }

    @Test func `a closed store accepts nothing`() async throws {
        let log = try TestLog()
        await log.close()

        let error = await #expect(throws: StoreError.self) {
            try await log.admission.accept(Array(Self.one.utf8), .object, from: "User:alice", source: "test")
        }

        #expect(error?.code == .closed)
    }
}
