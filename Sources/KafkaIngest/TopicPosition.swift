// SPDX-License-Identifier: Apache-2.0

import JournalFormat

/// How far a partition was read: all records in front of `offset` became events that are stored, or are set aside.
///
/// As text, in the frames of the journal: `1`, the offset, and for each gateway whose records were in the partition its name, `=` and
/// the sequence number that its next record has, with spaces between, the gateway that was heard last first. Readers refuse another
/// first word.
struct TopicPosition: Equatable, Sendable {
    let offset: Int64
    var gateways = GatewaySequences()

    init(offset: Int64, gateways: GatewaySequences = GatewaySequences()) {
        self.offset = offset
        self.gateways = gateways
    }

    init?(_ bytes: [UInt8]) {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 2, words[0] == "1", let offset = Int64(words[1]), offset >= 0 else { return nil }
        var gateways = GatewaySequences()
        for word in words[2...].reversed() {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let name = GatewayName(parts[0]), let next = UInt64(parts[1]) else { return nil }
            gateways.set(name, next)
        }
        self.init(offset: offset, gateways: gateways)
    }

    /// At most as long as a frame's label may be: the gateways that were heard longest ago are left out when there are too many.
    var bytes: [UInt8] {
        var bytes = Array("1 \(offset)".utf8)
        for (name, next) in gateways.newestFirst {
            let word = " \(name)=\(next)".utf8
            guard bytes.count + word.count <= JournalLimits.maximumLabelByteCount else { break }
            bytes += word
        }
        return bytes
    }
}
