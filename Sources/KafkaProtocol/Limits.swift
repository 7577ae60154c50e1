// SPDX-License-Identifier: Apache-2.0

/// Bounds of what one message may cost to decode.
package enum DecodingLimits {
    /// Values kept of one message: 60 MB at worst beside the texts.
    ///
    /// Creating 10,000 topics with 15 settings each takes half of it.
    ///
    /// Beyond it the message is not decoded. What is only walked is bounded by its bytes and does not count.
    package static let valueCount = 1_000_000

    /// A varint of 32 bits has five bytes at most.
    static let varintByteCount = 5
}
