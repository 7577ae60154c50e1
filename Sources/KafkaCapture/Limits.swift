// SPDX-License-Identifier: Apache-2.0

/// Bounds of what one connection may make the gateway hold.
package enum CaptureLimits {
    /// `socket.request.max.bytes` of a broker, unless configured otherwise.
    package static let frameByteCount = 104_857_600

    /// A request or answer beyond it is passed on and not decoded: twice what clients put into one Produce request by default.
    package static let observedByteCount = 2_097_152

    /// An answer with brokers' addresses is held whole to be rewritten: metadata of some 200,000 partitions.
    ///
    /// Beyond it the connection is closed, because the answer could lead the client around the gateway.
    package static let heldAnswerByteCount = 33_554_432

    /// A Fetch answer up to it is held whole when it is cut, so that it can be rewritten; larger ones stream.
    package static let heldFetchByteCount = 65_536

    /// Requests waiting for answers: far more than clients send ahead into sockets' buffers; beyond it, the connection is closed.
    package static let pendingCount = 100_000

    /// Bytes of decoded requests that wait for answers; beyond it, requests are noted and not decoded.
    package static let pendingByteCount = 4_194_304

    /// Topics remembered of one connection and API; beyond it all are forgotten, and reported once more when they are named.
    static let topicCount = 10_000

    /// Bytes of their names.
    static let topicByteCount = 262_144

    /// Partitions kept of one streamed Produce request or Fetch answer; further ones are walked over.
    static let skimmedPartitionCount = 4_096

    /// An element of a streamed message that is cut in two is put together: a name has at most 32,767 bytes.
    static let elementByteCount = 65_536

    /// A line of a recording: a frame of 8 MiB in hexadecimal digits.
    package static let recordingLineByteCount = 16_777_216
}
