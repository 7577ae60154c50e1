// SPDX-License-Identifier: Apache-2.0

import Access
import AsyncAlgorithms
import AuditModel
import AuditStore
import HTTPTypes
import Hummingbird
import Ingest
import NIOCore
import QueryEngine
import QueryLanguage
import ServiceLifecycle

/// `GET /v1/tail`: new events as server-sent events, in the order of the log.
///
/// Each has its index as `id`, so that a client that comes back with `Last-Event-ID` misses none. Its data is the row
/// as `GET /v1/events` gives it.
struct TailRoute {
    let services: APIServices

    func add(to group: RouterGroup<MartletContext>) {
        group.get("tail") { request, context in try follow(request, context) }
    }

    private func follow(_ request: Request, _ context: MartletContext) throws -> Response {
        _ = try context.require(.read)
        let filter = try QueryParameters.filter(request.uri, now: services.systemEvents.now())
        let start = try startIndex(request)
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { [services] writer in
                // An id without data is no event, but is remembered: who comes back before the first event of theirs
                // goes on from here and misses none.
                let place = start > 0 ? "id: \(start - 1)\n" : ""
                try await writer.write(ByteBuffer(string: ": following the log from \(start)\n\(place)\n"))
                var follower = Follower(services: services, filter: filter, nextIndex: start)
                for await _ in follower.ticks().cancelOnGracefulShutdown() {
                    var isIdle = true
                    while case let text = try await follower.advance(), !text.isEmpty {
                        try await writer.write(ByteBuffer(bytes: text))
                        isIdle = false
                    }
                    if isIdle { try await writer.write(ByteBuffer(string: ": alive\n\n")) }
                }
                try await writer.finish(nil)
            }
        )
    }

    private func startIndex(_ request: Request) throws -> UInt64 {
        let end = services.store.snapshot.endIndex
        let name = HTTPField.Name("Last-Event-ID")
        guard let last = name.flatMap({ request.headers[$0] }) ?? request.uri.queryParameters.get("after") else {
            return end
        }
        guard let index = UInt64(last), index < .max else {
            throw Problem(.badRequest, "last-event-id", "\"\(last)\" is no index")
        }
        return min(index + 1, end)
    }
}

/// Reads on in the log each time it has grown.
private struct Follower {
    let services: APIServices
    let filter: Filter
    private(set) var nextIndex: UInt64

    init(services: APIServices, filter: Filter, nextIndex: UInt64) {
        self.services = services
        self.filter = filter
        self.nextIndex = nextIndex
    }

    /// Comes when the log has grown and every now and then.
    func ticks() -> some AsyncSequence<Void, Never> & Sendable {
        merge(
            services.store.growth().map { _ in () },
            AsyncTimerSequence(interval: APILimits.tailHeartbeat, clock: .continuous).map { _ in () }
        )
    }

    /// New matching events as text of the stream; empty when there are no more.
    mutating func advance() async throws -> [UInt8] {
        let snapshot = services.store.snapshot
        var text: [UInt8] = []
        nextIndex = max(nextIndex, snapshot.floorIndex)
        while nextIndex < snapshot.endIndex, let part = snapshot.part(holding: nextIndex) {
            var describer = EventDescriber(services.engine.catalog)
            do {
                for event in try await services.engine.matches(in: part, filter, of: snapshot)
                where event.index >= nextIndex {
                    append(describer.describe(event), to: &text)
                }
            } catch let error as StoreError where error.code == .damaged {
                // Said, and passed over: what comes behind it is not lost to whoever follows.
                let missing = max(nextIndex, part.indices.lowerBound)..<part.indices.upperBound
                text.append(
                    contentsOf: ": events \(missing.lowerBound) to \(missing.upperBound - 1) can't be read".utf8
                )
                text.append(contentsOf: ": the log is damaged there\nid: \(missing.upperBound - 1)\n\n".utf8)
            }
            nextIndex = part.indices.upperBound
            // A slow reader must not make us hold the whole log: the rest comes with the next call.
            if text.count > APILimits.writeByteCount * 16 { break }
        }
        return text
    }

    private func append(_ row: DescribedEvent, to text: inout [UInt8]) {
        var json: [UInt8] = []
        RowJSON.encode(row, into: &json)
        text.append(contentsOf: "id: \(row.stored.index)\ndata: ".utf8)
        for byte in json {
            text.append(byte)
            if byte == UInt8(ascii: "\n") { text.append(contentsOf: "data: ".utf8) }
        }
        text.append(contentsOf: "\n\n".utf8)
    }
}
