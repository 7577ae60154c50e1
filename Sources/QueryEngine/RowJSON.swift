// SPDX-License-Identifier: Apache-2.0

import AuditModel
package import AuditStore
import ByteCoding
import EventReading
import EventScanner
import JournalFormat

/// A row as the HTTP API writes it: one JSON object, with the event's own bytes inside, unchanged.
package enum RowJSON {
    /// Appends `{"index":…,"received":…,"stream":…,…,"fields":{…},"event":<the original bytes>}`.
    package static func encode(_ row: DescribedEvent, into text: inout [UInt8]) {
        let stored = row.stored
        text.append(contentsOf: "{\"index\":\(stored.index)".utf8)
        member("received", Timestamp(nanosecondsSinceEpoch: stored.received).description, into: &text)
        member("stream", stored.stream.name, into: &text)
        member("submitter", stored.submitter, into: &text)
        member("origin", stored.source, into: &text)
        text.append(contentsOf: ",\"conflict\":\(stored.flags.contains(.conflict))".utf8)
        text.append(contentsOf: ",\"erased\":\(stored.flags.contains(.erased)),\"fields\":{".utf8)
        var isFirst = true
        for field in AuditField.allCases {
            guard field.origin != .store, let value = row.value(of: field) else { continue }
            if !isFirst { text.append(UInt8(ascii: ",")) }
            isFirst = false
            JSONString.encode(field.rawValue, into: &text)
            text.append(UInt8(ascii: ":"))
            JSONString.encode(value, into: &text)
        }
        text.append(contentsOf: "},\"event\":".utf8)
        text.append(contentsOf: stored.bytes)
        text.append(UInt8(ascii: "}"))
    }

    private static func member(_ name: String, _ value: String, into text: inout [UInt8]) {
        text.append(contentsOf: ",\"\(name)\":".utf8)
        JSONString.encode(value, into: &text)
    }

    private static let names = ["index", "received", "stream", "submitter", "origin", "conflict", "erased", "event"]
    private static let rowPaths = PathTable(names.enumerated().map { ($1, UInt16($0)) })
    private static let partialReasonSlot = UInt16(names.count)
    private static let eventsSlot = UInt16(names.count + 1)
    private static let documentPaths = PathTable(
        names.enumerated().map { ("events[].\($1)", UInt16($0)) }
            + [("partialReason", partialReasonSlot), ("events", eventsSlot)]
    )

    /// Reads a row back, as a client does; nil when it is not one.
    package static func decode(_ text: [UInt8]) -> StoredEvent? {
        var scanner = ObjectScanner(rowPaths, limits: .unbounded)
        guard (try? scanner.scan(text.span.bytes, in: 0..<text.count)) != nil else { return nil }
        return rows(scanner.hits, of: text)?.first
    }

    /// Reads back what `GET /v1/events` answers; nil when it is something else.
    package static func decodeDocument(_ text: [UInt8]) -> (rows: [StoredEvent], partialReason: String?)? {
        var scanner = ObjectScanner(documentPaths, limits: .unbounded)
        guard (try? scanner.scan(text.span.bytes, in: 0..<text.count)) != nil,
            scanner.first(eventsSlot)?.kind == .array,
            let rows = rows(scanner.hits.filter { $0.slot < partialReasonSlot }, of: text)
        else { return nil }
        return (rows, scanner.first(partialReasonSlot).map { text.text(of: $0).text })
    }

    /// Every row has all the members, in the order of `names`.
    private static func rows(_ hits: [Hit], of text: [UInt8]) -> [StoredEvent]? {
        guard hits.count.isMultiple(of: names.count) else { return nil }
        var rows: [StoredEvent] = []
        for start in stride(from: 0, to: hits.count, by: names.count) {
            let values = hits[start..<start + names.count]
            guard values.map(\.slot) == Array(0..<UInt16(names.count)) else { return nil }
            let texts = values.map { text.text(of: $0).text }
            guard let index = UInt64(texts[0]), let received = Timestamp(texts[1]),
                let stream = LogStream.allCases.first(where: { $0.name == texts[2] })
            else { return nil }
            var flags: EventFlags = []
            if texts[5] == "true" { flags.insert(.conflict) }
            if texts[6] == "true" { flags.insert(.erased) }
            rows.append(
                StoredEvent(
                    index: index,
                    received: received.nanosecondsSinceEpoch,
                    stream: stream,
                    submitter: texts[3],
                    source: texts[4],
                    flags: flags,
                    bytes: Array(text[hits[start + 7].range])
                )
            )
        }
        return rows
    }
}
