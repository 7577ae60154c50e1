// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner
import HTTPTypes
import Hummingbird
import Ingest
import NIOCore

/// The events of a request, by CloudEvents' HTTP binding (1.0.2 §3) and the forms people send besides.
///
/// | content type | mode |
/// |---|---|
/// | `application/cloudevents+json` | structured: one event |
/// | `application/cloudevents-batch+json` | batched: an array of events |
/// | `application/x-ndjson`, `application/jsonl`, `application/ndjson` | one event a line |
/// | `application/json` with `ce-` headers | binary: attributes in headers, the body is `data` |
/// | `application/vnd.martlet.objects` | objects one after the other, over any number of lines |
/// | `application/json` without | one event or an array, by its first byte |
struct EventBody {
    let bytes: [UInt8]
    let layout: BatchLayout

    /// Reads a request's body, up to the limit.
    ///
    /// - Throws: `Problem` 413, 415, and 400 for binary mode that can't be put together.
    static func read(_ request: Request) async throws -> EventBody {
        if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw Problem(
                .unsupportedMediaType,
                "content-encoding",
                "bodies are taken unpacked; \"\(encoding)\" is not"
            )
        }
        let mode = try Mode(request)
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: IngestLimits.maximumBodyByteCount)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw tooLarge
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
        let bytes = Array(buffer.readableBytesView)
        switch mode {
        case .binary: return EventBody(bytes: try structured(request.headers, data: bytes), layout: .object)
        case .layout(let layout): return EventBody(bytes: bytes, layout: layout)
        case .byFirstByte:
            let first = bytes.first { $0 > 0x20 }
            return EventBody(bytes: bytes, layout: first == UInt8(ascii: "[") ? .array : .object)
        }
    }

    private static let tooLarge = Problem(
        .contentTooLarge,
        "body-too-large",
        "a request may have \(IngestLimits.maximumBodyByteCount) bytes; send less at a time"
    )

    private enum Mode {
        case binary
        case layout(BatchLayout)
        case byFirstByte

        init(_ request: Request) throws {
            let type = request.headers[.contentType].map(EventBody.mediaType) ?? ""
            let isBinary = request.headers.contains { $0.name.canonicalName == "ce-specversion" }
            switch type {
            case "application/cloudevents+json": self = .layout(.object)
            case "application/cloudevents-batch+json": self = .layout(.array)
            case "application/x-ndjson", "application/jsonl", "application/ndjson": self = .layout(.lines)
            case "application/vnd.martlet.objects": self = .layout(.objects)
            case "application/json": self = isBinary ? .binary : .byFirstByte
            default:
                throw Problem(
                    .unsupportedMediaType,
                    "content-type",
                    """
                    \(type.isEmpty ? "without a content type" : "as \"\(type)\"") nothing is accepted; \
                    send application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson, \
                    or application/json with the attributes in ce- headers
                    """
                )
            }
        }
    }

    /// The type without parameters, in lower case.
    private static func mediaType(_ field: String) -> String {
        let end = field.firstIndex(of: ";") ?? field.endIndex
        return field[..<end].lowercased().filter { $0 != " " }
    }

    // MARK: - Binary mode

    /// The one structured event that stands for a binary-mode request: `specversion`, `id`, `source`, `type`, then the
    /// other attributes by name, `datacontenttype`, and the body as `data`.
    ///
    /// A repeated request gives the same bytes.
    private static func structured(_ headers: HTTPFields, data: [UInt8]) throws -> [UInt8] {
        var attributes: [String: String] = [:]
        for field in headers where field.name.canonicalName.hasPrefix("ce-") {
            let name = String(field.name.canonicalName.dropFirst(3))
            guard let value = attributeValue(field.value) else {
                throw Problem(
                    .badRequest,
                    "invalid-attribute",
                    "the header ce-\(name) has to be UTF-8, percent-encoded where it is not ASCII"
                )
            }
            guard attributes.updateValue(value, forKey: name) == nil else {
                throw Problem(.badRequest, "duplicate-attribute", "the header ce-\(name) stands there twice")
            }
        }
        var event: [UInt8] = [UInt8(ascii: "{")]
        let leading = ["specversion", "id", "source", "type"]
        let names = leading.filter { attributes[$0] != nil } + attributes.keys.filter { !leading.contains($0) }.sorted()
        for name in names {
            JSONString.encode(name, into: &event)
            event.append(UInt8(ascii: ":"))
            JSONString.encode(attributes[name] ?? "", into: &event)
            event.append(UInt8(ascii: ","))
        }
        event.append(contentsOf: "\"datacontenttype\":\"application/json\"".utf8)
        if let first = data.firstIndex(where: { $0 > 0x20 }), let last = data.lastIndex(where: { $0 > 0x20 }) {
            event.append(contentsOf: ",\"data\":".utf8)
            let start = event.count
            event.append(contentsOf: data[first...last])
            event.append(UInt8(ascii: "}"))
            try requireOneValue(in: event, from: start)
        } else {
            event.append(UInt8(ascii: "}"))
        }
        return event
    }

    private static let dataPath = PathTable([("data", 0)])

    /// A body must not close `data` and go on with attributes of its own.
    ///
    /// The body begins at `start` in the event that was put together, and ends before its last brace.
    private static func requireOneValue(in event: [UInt8], from start: Int) throws {
        var limits = ScanLimits()
        limits.maximumByteCount = event.count
        var scanner = ObjectScanner(dataPath, limits: limits)
        // An event that can't be scanned is rejected with its place when it is admitted.
        guard (try? scanner.scan(event.span.bytes, in: 0..<event.count)) != nil, let data = scanner.first(0) else {
            return
        }
        let quote = data.kind.isString ? 1 : 0
        guard data.range.lowerBound - quote == start, data.range.upperBound + quote == event.count - 1 else {
            throw Problem(.badRequest, "binary-mode", "the body of a binary-mode event is one JSON value")
        }
    }

    /// CloudEvents' HTTP binding §3.1.3.2: first a quoted string, which older senders use, is unquoted; then one round of
    /// percent-decoding gives UTF-8.
    ///
    /// - Returns: nil where that cannot be done without replacing bytes.
    private static func attributeValue(_ field: String) -> String? {
        // Bytes above ASCII were decoded on their way here, perhaps with replacements.
        guard field.utf8.allSatisfy({ $0 < 0x7F }) else { return nil }
        let bytes = unquoted(Array(field.utf8))
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Hex.value(ofDigit: bytes[index + 1]), let low = Hex.value(ofDigit: bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// RFC 9110 §5.6.4.
    private static func unquoted(_ bytes: [UInt8]) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return bytes }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in bytes.dropFirst().dropLast() {
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                text.append(byte)
                isEscaped = false
            }
        }
        return text
    }
}
