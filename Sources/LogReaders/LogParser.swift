// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventMapping

/// Which log of a broker it is.
package enum LogFormat: String, CaseIterable, Sendable {
    case authorizer = "authorizer-log"
    case request = "request-log"
}

extension LogLineParser {
    /// Takes whole lines.
    ///
    /// - Returns: how many there were.
    @discardableResult
    mutating func read(
        _ bytes: [UInt8],
        log: LogIdentity,
        byteOffset: UInt64,
        now: Int64?,
        into output: inout LogOutput
    ) -> Int {
        let span = bytes.span.bytes
        var start = 0
        var count = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, span.byte(at: end) != 0x0A { end += 1 }
            count += 1
            let place = LogPlace(log: log, byteOffset: byteOffset + UInt64(start))
            if end - start > LogReaderLimits.lineByteCount {
                output.malformed.append(MalformedLine(tooLong: bytes[start..<end], at: place))
            } else {
                read(span, in: start..<end, at: place, now: now, into: &output)
            }
            start = end + 1
        }
        return count
    }
}

extension MalformedLine {
    /// Only its beginning.
    init(tooLong bytes: ArraySlice<UInt8>, at place: LogPlace) {
        self.init(
            byteOffset: place.byteOffset,
            bytes: Array(bytes.prefix(LogReaderLimits.longLineHeadByteCount)),
            message: "a line of more than \(LogReaderLimits.lineByteCount) bytes"
        )
    }
}
