// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What a client of a witness may cost, who is anybody.
enum WitnessAPILimits {
    /// Bytes of one header field, and of all of them.
    static let maximumHeaderByteCount = 8 << 10

    static let maximumHeaderCount = 64

    /// How long a connection may be silent: logs come back every few seconds.
    static let idleTimeout = TimeAmount.seconds(60)

    /// How long the body of a request may take to come: it fits into a few packets.
    static let bodyDeadline = Duration.seconds(10)

    /// Connections at once; more wait in the kernel's queue.
    static let maximumConnectionCount = 512
}
