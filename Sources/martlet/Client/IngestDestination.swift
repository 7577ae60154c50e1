// SPDX-License-Identifier: Apache-2.0

import AuditStore
import EventMapping
import Ingest
import LogReaders
import NIOPosix

/// Where a stream's events go.
protocol IngestDestination: Sendable {
    /// Stores a stream to its end.
    ///
    /// `name` is the file's, for whoever asks later where an event came from. `progress` is called after each part that is
    /// on disk, `rejected` with what was set aside.
    func ingest(
        _ reader: sending StreamReader,
        name: String,
        firstLine: Int,
        progress: (StreamIngest.Progress) -> Void,
        rejected: ([Rejection]) -> Void
    ) async throws

    /// Stores the events of a broker's log to its end.
    func ingest(
        _ parts: LogPartSource,
        name: String,
        progress: (StreamIngest.Progress) -> Void,
        rejected: ([Rejection]) -> Void
    ) async throws

    /// Seals all that is stored, where that is the caller's business.
    func seal() async throws

    func close() async
}

/// A data directory on this machine that no server has open.
struct LocalDestination: IngestDestination {
    private let log: LocalAdministration

    init(directory: String) throws {
        log = try LocalAdministration(directory: directory, creates: true)
    }

    func ingest(
        _ reader: sending StreamReader,
        name: String,
        firstLine: Int,
        progress: (StreamIngest.Progress) -> Void,
        rejected: ([Rejection]) -> Void
    ) async throws {
        try await StreamIngest(log.admission, submitter: log.principal, source: "file:\(name)").run(
            reader,
            firstLine: firstLine,
            progress: progress,
            rejected: rejected
        )
    }

    func ingest(
        _ parts: LogPartSource,
        name: String,
        progress: (StreamIngest.Progress) -> Void,
        rejected: ([Rejection]) -> Void
    ) async throws {
        try await LogFileIngest(log.admission, submitter: log.principal, source: "log:\(name)").run(
            parts,
            progress: progress,
            rejected: rejected
        )
    }

    func seal() async throws { try await log.store.sealAll() }

    func close() async {
        await log.close()
    }
}

/// A running server, which gets the stream in parts.
struct ServerDestination: IngestDestination {
    let client: ServerClient

    private struct Answer: Decodable {
        let accepted: Int
        let firstIndex: UInt64?
        let lastIndex: UInt64?
        let repeated: [Repeated]
        let conflicts: [Int]
        let quarantined: [Quarantined]

        struct Repeated: Decodable {
            let position: Int
            let index: UInt64
        }

        struct Quarantined: Decodable {
            let line: Int
            let byteOffset: Int
            let code: String
            let detail: String
        }

        var rejections: [Rejection] {
            quarantined.map {
                Rejection(.told(code: $0.code, detail: $0.detail), byteOffset: $0.byteOffset, line: $0.line)
            }
        }

        func add(to state: inout StreamIngest.Progress) {
            state.acceptedCount += accepted
            state.repeatedCount += repeated.count
            state.conflictCount += conflicts.count
            state.quarantinedCount += quarantined.count
            state.firstIndex = state.firstIndex ?? firstIndex
            state.lastIndex = lastIndex ?? state.lastIndex
        }
    }

    func ingest(
        _ reader: sending StreamReader,
        name: String,
        firstLine: Int,
        progress: (StreamIngest.Progress) -> Void,
        rejected: ([Rejection]) -> Void
    ) async throws {
        let total = reader.totalByteCount
        let parts = PartSource(reader, firstLine: firstLine, pool: .singleton)
        var state = StreamIngest.Progress()
        state.totalByteCount = total
        while let part = try await parts.next() {
            let answer = try await send(part, name: name)
            state.readByteCount = part.readByteCount
            state.byteCount += part.bytes.count
            state.lineCount += part.lineCount
            answer.add(to: &state)
            progress(state)
            if !answer.quarantined.isEmpty { rejected(answer.rejections) }
        }
    }

    func ingest(
        _ parts: LogPartSource,
        name: String,
        progress: (StreamIngest.Progress) -> Void,
        rejected: ([Rejection]) -> Void
    ) async throws {
        var state = StreamIngest.Progress()
        state.totalByteCount = parts.totalByteCount
        while let part = try await parts.next() {
            // What is no line goes along: the server sets it aside with its reason.
            let bytes = part.malformed.reduce(into: part.events) { $0 += $1.bytes + [0x0A] }
            state.readByteCount = part.readByteCount
            state.byteCount += bytes.count
            state.lineCount += part.lineCount
            var rejections: [Rejection] = []
            if !bytes.isEmpty {
                let query = [("source", "log:\(name)"), ("line", String(part.firstLine))]
                let answer = try await send(bytes, query, contentType: "application/x-ndjson")
                answer.add(to: &state)
                rejections = answer.rejections
            }
            progress(state)
            if !rejections.isEmpty { rejected(rejections) }
        }
    }

    private func send(_ part: StreamReader.Part, name: String) async throws -> Answer {
        try await send(
            part.bytes,
            [("source", "file:\(name)"), ("line", String(part.firstLine)), ("offset", String(part.byteOffset))],
            contentType: part.layout == .lines ? "application/x-ndjson" : "application/vnd.martlet.objects"
        )
    }

    private func send(_ bytes: [UInt8], _ query: [(String, String)], contentType: String) async throws -> Answer {
        let response = try await client.send(
            .post,
            "/v1/events",
            query: [("invalid", "quarantine")] + query,
            headers: [("Content-Type", contentType)],
            body: bytes
        )
        return try await client.decode(Answer.self, response)
    }

    func seal() async throws {}

    func close() async {}
}
