// SPDX-License-Identifier: Apache-2.0

import Access
import AuditStore
import ByteCoding
import HTTPTypes
import Hummingbird
import Logging
import Ingest
import NIOCore
import QueryEngine

/// Finding: `GET /v1/events` and `GET /v1/events/{index}`.
///
/// As `application/x-ndjson` the answer is the events' own bytes, each with a line end behind it; an event that was
/// accepted with line ends inside is given with them. Otherwise it is one JSON document of rows, with the same bytes
/// inside.
struct QueryRoutes {
    let services: APIServices

    func add(to group: RouterGroup<MartletContext>) {
        group.get("events") { request, context in try list(request, context) }
        group.get("events/:index") { request, context in try show(request, context) }
    }

    private func list(_ request: Request, _ context: MartletContext) throws -> Response {
        _ = try context.require(.read)
        var query = try QueryParameters.request(request.uri, now: services.systemEvents.now())
        query.isAbandoned = context.isGone
        let snapshot = services.store.snapshot
        let isRaw = request.wantsOriginalBytes
        let logger = services.logger
        return Response(
            status: .ok,
            headers: [.contentType: isRaw ? "application/x-ndjson" : "application/json", .cacheControl: "no-store"],
            body: ResponseBody { [services, query] writer in
                // The status is out once the first row is: an error from here on breaks the answer off, so that no
                // client takes a part of it for the whole.
                do {
                    var output = isRaw ? RowWriter.raw() : RowWriter.document()
                    output.begin()
                    var describer = EventDescriber(services.engine.catalog)
                    var run = services.engine.start(query, on: snapshot)
                    while let rows = try await run.next() {
                        for row in rows {
                            output.add(row, &describer)
                            if let part = output.takePart() { try await writer.write(part) }
                        }
                    }
                    // Without a document around the rows there is no other way to say that they are not all.
                    if isRaw, let reason = run.outcome.partialReason {
                        throw Problem(.serviceUnavailable, "partial", reason)
                    }
                    output.end(run.outcome)
                    try await writer.write(output.takeRest())
                    try await writer.finish(nil)
                } catch {
                    APITelemetry.logFailure(error, request, logger)
                    throw error
                }
            }
        )
    }

    private func show(_ request: Request, _ context: MartletContext) throws -> Response {
        _ = try context.require(.read)
        let name = try context.parameters.require("index")
        guard let index = UInt64(name) else {
            throw Problem(.badRequest, "index", "\"\(name)\" is no index; look for an id with filter=id:\(name)")
        }
        let snapshot = services.store.snapshot
        guard let stored = try snapshot.event(at: index) else {
            throw Problem(
                .notFound,
                "no-such-event",
                "the log has no event \(index); it ends before \(snapshot.endIndex)"
            )
        }
        guard !request.wantsOriginalBytes else {
            return Response(
                status: .ok,
                headers: [.contentType: "application/cloudevents+json", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(bytes: stored.bytes))
            )
        }
        var describer = EventDescriber(services.engine.catalog)
        var text: [UInt8] = []
        RowJSON.encode(describer.describe(stored), into: &text)
        return Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: text))
        )
    }
}

extension Request {
    /// Whether the client asked for the events as they came in rather than for rows.
    var wantsOriginalBytes: Bool {
        if let output = uri.queryParameters.get("output") { return output == "ndjson" }
        let accepted = headers[.accept] ?? ""
        return accepted.contains("ndjson") || accepted.contains("jsonl") || accepted.contains("cloudevents")
    }
}

/// Collects rows into parts worth writing.
private struct RowWriter {
    private let isRaw: Bool
    private var text: [UInt8] = []
    private var isFirst = true

    static func raw() -> RowWriter { RowWriter(isRaw: true) }
    static func document() -> RowWriter { RowWriter(isRaw: false) }

    private init(isRaw: Bool) {
        self.isRaw = isRaw
    }

    mutating func begin() {
        if !isRaw { text.append(contentsOf: "{\"events\":[".utf8) }
    }

    mutating func add(_ row: StoredEvent, _ describer: inout EventDescriber) {
        if isRaw {
            text.append(contentsOf: row.bytes)
            text.append(UInt8(ascii: "\n"))
        } else {
            text.append(contentsOf: isFirst ? "\n".utf8 : ",\n".utf8)
            RowJSON.encode(describer.describe(row), into: &text)
        }
        isFirst = false
    }

    mutating func end(_ outcome: QueryOutcome) {
        guard !isRaw else { return }
        text.append(contentsOf: "\n],\"count\":\(outcome.rowCount)".utf8)
        text.append(
            contentsOf: ",\"scanned\":\(outcome.scannedEventCount),\"skipped\":\(outcome.skippedEventCount)".utf8
        )
        text.append(contentsOf: ",\"partial\":\(outcome.partialReason != nil)".utf8)
        if let reason = outcome.partialReason {
            text.append(contentsOf: ",\"partialReason\":".utf8)
            JSONString.encode(reason, into: &text)
        }
        text.append(contentsOf: "}\n".utf8)
    }

    mutating func takePart() -> ByteBuffer? {
        text.count >= APILimits.writeByteCount ? takeRest() : nil
    }

    mutating func takeRest() -> ByteBuffer {
        defer { text.removeAll(keepingCapacity: true) }
        return ByteBuffer(bytes: text)
    }
}
