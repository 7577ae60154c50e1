// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import Ingest

/// An item as it lies in a spool.
///
/// Numbers little-endian, as everywhere on disk:
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 4 | bytes of the payload, n |
/// | 4 | 4 | CRC-32C of the rest of the frame |
/// | 8 | 1 | 1 events, 2 gap, 3 system event; a frame of another kind is damage |
/// | 9 | 4 | events in it |
/// | 13 | n | lines; or texts, each with 4 bytes of length before it |
///
/// A spool is read by the version that wrote it or a later one, and is empty most of the time.
enum SpoolFrame {
    static let headerByteCount = 13

    static func encode(_ item: RecordedItem) -> [UInt8] {
        var rest = ByteWriter()
        let payload: [UInt8]
        switch item {
        case .events(let lines, let count):
            rest.append(UInt8(1))
            rest.append(UInt32(clamping: count))
            payload = lines
        case .gap(let gap):
            rest.append(UInt8(2))
            rest.append(UInt32(0))
            payload = encode(texts(of: gap))
        case .system(let event):
            rest.append(UInt8(3))
            rest.append(UInt32(0))
            payload = encode(texts(of: event))
        }
        rest.append(payload)
        var frame = ByteWriter(capacity: payload.count + headerByteCount)
        frame.append(UInt32(clamping: payload.count))
        frame.append(CRC32C.checksum(rest.bytes.span.bytes))
        frame.append(rest.bytes)
        return frame.bytes
    }

    /// The bytes that a frame takes whose content is damaged, by its length; nil where they would go beyond the bytes that are there.
    static func byteCount(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= headerByteCount else { return nil }
        let count = Int(number(bytes, at: bytes.startIndex))
        return count <= bytes.count - headerByteCount ? count + headerByteCount : nil
    }

    /// The item at the beginning of some bytes, and how many bytes it takes; nil where there is no whole one.
    static func decode(_ bytes: ArraySlice<UInt8>) -> (item: RecordedItem, byteCount: Int)? {
        guard bytes.count >= headerByteCount else { return nil }
        let start = bytes.startIndex
        let count = Int(number(bytes, at: start))
        guard count <= bytes.count - headerByteCount else { return nil }
        let rest = Array(bytes[start + 8..<start + headerByteCount + count])
        guard CRC32C.checksum(rest.span.bytes) == number(bytes, at: start + 4) else { return nil }
        let payload = Array(rest[5...])
        let item: RecordedItem?
        switch rest[0] {
        case 1: item = .events(lines: payload, count: Int(number(rest[...], at: 1)))
        case 2: item = decode(payload).flatMap(gap).map { .gap($0) }
        case 3: item = decode(payload).flatMap(systemEvent).map { .system($0) }
        default: item = nil
        }
        return item.map { ($0, headerByteCount + count) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>, at index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << UInt32($1 * 8) }
    }

    // MARK: - Texts

    private static func encode(_ texts: [String]) -> [UInt8] {
        var writer = ByteWriter()
        for text in texts {
            writer.append(UInt32(clamping: text.utf8.count))
            writer.append(text.utf8)
        }
        return writer.bytes
    }

    private static func decode(_ bytes: [UInt8]) -> [String]? {
        var texts: [String] = []
        var place = 0
        while place < bytes.count {
            guard bytes.count - place >= 4 else { return nil }
            let count = Int(number(bytes[...], at: place))
            place += 4
            guard count <= bytes.count - place,
                let text = String(validating: bytes[place..<place + count], as: UTF8.self)
            else { return nil }
            texts.append(text)
            place += count
        }
        return texts
    }

    private static func texts(of gap: Gap) -> [String] {
        let range = gap.timeRange.map {
            "\($0.lowerBound.nanosecondsSinceEpoch) \($0.upperBound.nanosecondsSinceEpoch)"
        }
        return [
            gap.submitter, gap.source, gap.reason.rawValue, gap.from ?? "", gap.to ?? "",
            gap.lostCount.map(String.init) ?? "", range ?? "",
        ]
    }

    private static func gap(_ texts: [String]) -> Gap? {
        guard texts.count == 7, let reason = Gap.Reason(rawValue: texts[2]) else { return nil }
        let range = texts[6].split(separator: " ").compactMap { Int64($0) }
        return Gap(
            submitter: texts[0],
            source: texts[1],
            from: texts[3].isEmpty ? nil : texts[3],
            to: texts[4].isEmpty ? nil : texts[4],
            reason: reason,
            lostCount: Int(texts[5]),
            timeRange: range.count == 2 && range[0] <= range[1]
                ? Timestamp(nanosecondsSinceEpoch: range[0])...Timestamp(nanosecondsSinceEpoch: range[1]) : nil
        )
    }

    private static func texts(of event: SystemEvent) -> [String] {
        [
            event.kind.rawValue, event.method, event.principal, event.time, event.id, event.resource ?? "",
        ] + event.details.flatMap { [$0.name, $0.value] }
    }

    private static func systemEvent(_ texts: [String]) -> SystemEvent? {
        guard texts.count >= 6, texts.count.isMultiple(of: 2), let kind = SystemEvent.Kind(rawValue: texts[0]) else {
            return nil
        }
        return SystemEvent(
            kind,
            method: texts[1],
            principal: texts[2],
            time: texts[3],
            id: texts[4],
            resource: texts[5].isEmpty ? nil : texts[5],
            details: stride(from: 6, to: texts.count, by: 2).map { (name: texts[$0], value: texts[$0 + 1]) }
        )
    }
}
