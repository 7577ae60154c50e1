// SPDX-License-Identifier: Apache-2.0

package import EventMapping

/// How far a log and those before it were read: all lines before `byteOffset` became events that are stored, or are none.
///
/// As text, in the frames of the journal: `1`, the log's identity, the byte offset, the first stamp in the log (in seconds by the
/// clock that wrote it, `-` without one), with spaces between. Readers refuse another first word.
package struct LogPosition: Equatable, Sendable {
    package let log: LogIdentity
    /// Of the first byte in the unpacked log that is not read.
    package let byteOffset: UInt64
    /// nil for a log without stamps.
    package let firstSecond: Int64?

    package init(log: LogIdentity, byteOffset: UInt64, firstSecond: Int64?) {
        self.log = log
        self.byteOffset = byteOffset
        self.firstSecond = firstSecond
    }

    package init?(_ bytes: [UInt8]) {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "1", let log = LogIdentity(words[1]), let byteOffset = UInt64(words[2]),
            words[3] == "-" || Int64(words[3]) != nil
        else { return nil }
        self.init(log: log, byteOffset: byteOffset, firstSecond: Int64(words[3]))
    }

    package var bytes: [UInt8] {
        Array("1 \(log) \(byteOffset) \(firstSecond.map(String.init) ?? "-")".utf8)
    }
}

extension LogPosition {
    /// Whether this is behind another one of the same source.
    func isBehind(_ other: LogPosition) -> Bool {
        if log == other.log { return byteOffset > other.byteOffset }
        return (firstSecond ?? .min) > (other.firstSecond ?? .min)
    }
}
