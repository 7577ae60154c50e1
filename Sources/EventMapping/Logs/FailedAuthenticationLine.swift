// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// What a broker wrote about a login that failed, as ranges of the message.
///
/// `Failed [re-]authentication with HOST/IP (channelId=LOCAL-REMOTE-N) (REASON)`, behind `[SocketServer …] `. It has no name: a broker
/// does not say who somebody claimed to be.
struct FailedAuthenticationLine: Equatable {
    let address: Range<Int>
    /// `127.0.0.1:29092-127.0.0.1:47874-12`: the part in the middle is the client's address and port.
    let channelID: Range<Int>
    let reason: Range<Int>?
    let isRepeat: Bool

    init?(_ bytes: RawSpan, in message: Range<Int>) {
        let end = message.upperBound
        var start = message.lowerBound
        if start < end, bytes.byte(at: start) == UInt8(ascii: "["), let close = bytes.first("] ", in: start..<end) {
            start = close + 2
        }
        let isFirst = bytes.holds("Failed authentication with ", at: start, end: end)
        isRepeat = bytes.holds("Failed re-authentication with ", at: start, end: end)
        guard isFirst || isRepeat else { return nil }
        let host = start + (isFirst ? 27 : 30)
        guard let channel = bytes.first(" (channelId=", in: host..<end),
            let slash = bytes.first(UInt8(ascii: "/"), in: host..<channel),
            let close = bytes.first(UInt8(ascii: ")"), in: channel + 12..<end)
        else { return nil }
        address = slash + 1..<channel
        channelID = channel + 12..<close
        if bytes.holds(" (", at: close + 1, end: end), bytes.byte(at: end - 1) == UInt8(ascii: ")"),
            close + 3 <= end - 1
        {
            reason = close + 3..<end - 1
        } else {
            reason = nil
        }
    }
}
