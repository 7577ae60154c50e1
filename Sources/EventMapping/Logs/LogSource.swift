// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// By what a log is known again: its beginning.
///
/// A log is renamed, copied and cut, and packed when it is rotated: name, inode and size change, and what was written first does not.
/// So this is a hash of the log's first line, or of its first `MappingLimits.logHeadByteCount` bytes when that line is longer. Lines
/// begin with a stamp in milliseconds, so that two logs of one broker differ.
package struct LogIdentity: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Of a log that begins so; nil when there is no whole line yet, and more may come.
    ///
    /// - Parameters:
    ///   - head: the log's first bytes, unpacked: `MappingLimits.logHeadByteCount` of them, or all there are.
    ///   - isWhole: whether the log ends with them.
    package init?(head: RawSpan, isWhole: Bool = false) {
        let bound = min(head.byteCount, MappingLimits.logHeadByteCount)
        let end = head.first(0x0A, in: 0..<bound)
        guard end != nil || bound == MappingLimits.logHeadByteCount || isWhole && bound > 0 else { return nil }
        // A line's end may be told as CR LF in a copy.
        var count = end ?? bound
        if count > 0, head.byte(at: count - 1) == 0x0D { count -= 1 }
        high = KeyHash(seed: 0x6D61_7274_6C65_7401).hash(head, 0..<count)
        low = KeyHash(seed: 0x6D61_7274_6C65_7402).hash(head, 0..<count)
    }
}

extension LogIdentity: CustomStringConvertible {
    /// 32 hexadecimal digits.
    package var description: String {
        Hex.encode(
            [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } }
        )
    }

    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 32, let bytes = Hex.decode(text) else { return nil }
        let words = [bytes.prefix(8), bytes.dropFirst(8)].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        self.init(high: words[0], low: words[1])
    }
}

/// Where a line stands.
package struct LogPlace: Hashable, Sendable {
    package let log: LogIdentity
    /// Of the line's first byte in the unpacked log.
    package let byteOffset: UInt64

    package init(log: LogIdentity, byteOffset: UInt64) {
        self.log = log
        self.byteOffset = byteOffset
    }
}

/// The id of an event that a line became: the same whenever the line is read again.
///
/// A version 8 UUID (RFC 9562 §5.8) of the log's identity, the line's byte offset, the line, and the event's number among those of the
/// line. The line is in it because two brokers that start at once may write the same first line.
struct LogEventID {
    private let high: UInt64
    private let low: UInt64

    init(_ place: LogPlace, line: RawSpan, _ range: Range<Int>, number: UInt64 = 0) {
        let offset = (place.byteOffset &+ 1) &* 0x9E37_79B9_7F4A_7C15
        high = KeyHash(seed: place.log.high ^ offset).hash(line, range) & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
        low =
            KeyHash(seed: place.log.low ^ offset &+ (number &* 0xD6E8_FEB8_6659_FD93)).hash(line, range)
            & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    func append(to bytes: inout [UInt8]) {
        for place in 0..<16 {
            if place == 4 || place == 6 || place == 8 || place == 10 { bytes.append(UInt8(ascii: "-")) }
            let word = place < 8 ? high : low
            Hex.append(UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (place & 7))), to: &bytes)
        }
    }

    var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// For what names connections so: 32 hexadecimal digits.
    var connectionID: String { text.filter { $0 != "-" } }
}

/// What a log's first bytes tell, besides who it is.
package enum LogHead {
    /// The first stamp in them, in seconds by the clock that wrote it: by it the logs of one broker are in order.
    package static func firstSecond(_ head: RawSpan) -> Int64? {
        var start = 0
        while start < head.byteCount {
            let end = head.first(0x0A, in: start..<head.byteCount) ?? head.byteCount
            for place in [start, start + 1] {
                if let stamp = LogStamp(head, at: place, end: end) { return stamp.localSecond }
            }
            if let time = head.first(#""time":""#, in: start..<end), let stamp = LogStamp(head, at: time + 8, end: end)
            {
                return stamp.localSecond
            }
            start = end + 1
        }
        return nil
    }
}
