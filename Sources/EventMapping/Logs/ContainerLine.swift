// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventScanner

/// Takes off what carried a line here: Kubernetes' and Docker's prefixes, and the JSON around a `message`.
///
/// | form | such as |
/// |---|---|
/// | CRI | `2024-05-02T10:11:12.123456789Z stdout F line`; `P` in the place of `F` says that the line goes on in the next |
/// | Docker's `json-file` | `{"log":"line\n","stream":"stdout","time":"2024-05-02T10:11:12.1Z"}`; without `\n` it goes on |
/// | CloudWatch, Firehose | `{"message":"line", …}` |
///
/// Their stamps have a zone, so they are taken before those of the line itself, which have none; they are later by the time that the
/// line needed from the process to them.
struct ContainerLine: Sendable {
    private enum Slot {
        static let log: UInt16 = 0
        static let time: UInt16 = 1
        static let message: UInt16 = 2
    }

    private static let paths = PathTable([("log", Slot.log), ("time", Slot.time), ("message", Slot.message)])

    /// Pieces of a line that goes on.
    private var held: [UInt8] = []

    /// Whether a line is not at its end yet.
    var goesOn: Bool { !held.isEmpty }

    enum Content: Equatable {
        /// The line as it is.
        case plain
        /// What is in `text`; the runtime's stamp, in nanoseconds since 1970 (UTC).
        case inner([UInt8], time: Int64?)
        /// A piece; the rest follows.
        case goesOn
        /// More pieces than a message may have; they were let go.
        case tooLong
    }

    mutating func content(_ bytes: RawSpan, in range: Range<Int>) -> Content {
        guard let first = range.first else { return .plain }
        switch bytes.byte(at: first) {
        case UInt8(ascii: "{"): return object(bytes, in: range)
        case UInt8(ascii: "1")...UInt8(ascii: "9"): return prefixed(bytes, in: range)
        default: return .plain
        }
    }

    private mutating func prefixed(_ bytes: RawSpan, in range: Range<Int>) -> Content {
        let end = range.upperBound
        guard let stamp = LogStamp(bytes, at: range.lowerBound, end: end), stamp.offset != nil,
            bytes.holds(" std", at: stamp.end, end: end)
        else { return .plain }
        let stream = bytes.endOfWord(from: stamp.end + 1, end: end)
        guard stream + 3 <= end, bytes.byte(at: stream) == 0x20 else { return .plain }
        let isWhole = bytes.byte(at: stream + 1) == UInt8(ascii: "F")
        guard isWhole || bytes.byte(at: stream + 1) == UInt8(ascii: "P"), bytes.byte(at: stream + 2) == 0x20 else {
            return .plain
        }
        var memory = TimeZoneRule.Memory()
        return piece(bytes, stream + 3..<end, isLast: isWhole, time: stamp.time(.utc, &memory))
    }

    private mutating func object(_ bytes: RawSpan, in range: Range<Int>) -> Content {
        var scanner = ObjectScanner(Self.paths)
        guard (try? scanner.scan(bytes, in: range)) != nil else { return .plain }
        let time = scanner.first(Slot.time).flatMap { hit in
            Timestamp(Span<UInt8>(_bytes: bytes.extracting(hit.range)))?.nanosecondsSinceEpoch
        }
        if let log = scanner.first(Slot.log), log.kind.isString {
            var text: [UInt8] = []
            JSONString.decode(Span<UInt8>(_bytes: bytes.extracting(log.range)), into: &text)
            let isLast = text.last == 0x0A
            if isLast { text.removeLast() }
            return unsafe piece(text.span.bytes, 0..<text.count, isLast: isLast, time: time)
        }
        guard let message = scanner.first(Slot.message), message.kind.isString else { return .plain }
        var text: [UInt8] = []
        JSONString.decode(Span<UInt8>(_bytes: bytes.extracting(message.range)), into: &text)
        return .inner(text, time: nil)
    }

    private mutating func piece(_ bytes: RawSpan, _ range: Range<Int>, isLast: Bool, time: Int64?) -> Content {
        guard held.count + range.count <= MappingLimits.heldMessageByteCount else {
            held = []
            return .tooLong
        }
        for index in range { held.append(bytes.byte(at: index)) }
        guard isLast else { return .goesOn }
        let text = held
        held = []
        return .inner(text, time: time)
    }
}
