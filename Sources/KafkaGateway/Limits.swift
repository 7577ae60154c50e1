// SPDX-License-Identifier: Apache-2.0

/// Bounds of the gateway as a whole.
package enum GatewayLimits {
    /// Connections at once, unless configured otherwise; each has two sockets.
    package static let connections = 20_000

    /// Bytes of a PROXY header, version 2, that are waited for.
    ///
    /// Addresses take at most 216; a load balancer's own fields a few hundred more. Beyond it the connection is closed.
    static let proxyHeaderByteCount = 2_048

    /// Bytes that wait for a socket before its peer is no longer read, and bytes at which it is read again.
    ///
    /// The best of what was measured on loopback; a connection that is not read holds at most the upper one and what was
    /// already on its way.
    static let writeBufferByteCounts = 256 << 10..<1 << 20

    /// Bytes of one read from a socket: what an idle connection keeps, and what a busy one grows to.
    ///
    /// 512 KiB takes an eighth less of the processor than 64; each of two channels of 10,000 idle connections keeps the least one.
    static let readByteCounts = 512...512 << 10

    /// Nodes that the table remembers.
    ///
    /// The largest clusters have some hundreds; beyond it an address is unmapped, which is an alarm.
    static let nodes = 4_096

    /// Bytes of the file with the nodes.
    static let nodesFileByteCount = 2 << 20

    /// Characters of a certificate's subject that are read; a longer one is none.
    static let subjectByteCount = 4_096

    /// Depth of a certificate's structure that is walked.
    static let subjectAttributes = 64

    /// Bytes of events that wait in memory for being stored, unless configured otherwise.
    package static let queueByteCount = 64 << 20

    /// Events and bytes that are worth a write of their own; fewer wait for `batchDelay`.
    static let batchEventCount = 256
    static let batchByteCount = 64 << 10

    /// How long an event waits for others before it is written.
    static let batchDelay = Duration.milliseconds(50)

    /// Bytes of one write; events are at most 1 MiB each, and the body of an admission 16.
    static let writeByteCount = 4 << 20

    /// Bytes that one request's events are reckoned at before they are known.
    ///
    /// An event has about 1.2 KB; a request has one or two, seldom more.
    static let reservedByteCount = 4 << 10

    /// Requests of a connection for which room is kept one by one; those beyond share the last one's.
    ///
    /// A client has 5 in flight, librdkafka up to what its queue holds.
    static let reservations = 256

    /// Bytes of one file of a spool.
    static let spoolFileByteCount = 8 << 20

    /// Bytes of a spool as a whole, unless configured otherwise.
    package static let spoolByteCount = 1 << 30

    /// How long a gateway that ends goes on delivering.
    package static let lastDelivery: Duration = .seconds(10)
}
