// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What a client of the API may cost.
enum APILimits {
    /// Seconds for which a sender waits who does not say for how long: a checkpoint comes every second.
    static let defaultWaitSeconds = 10

    /// Seconds for which a sender may wait.
    static let maximumWaitSeconds = 60

    /// Bytes of one header field, and of all of them.
    ///
    /// NIO's own defaults are ten times that or none.
    static let maximumHeaderByteCount = 16 << 10

    static let maximumHeaderCount = 100

    /// How long a connection may be silent, between requests or inside one.
    ///
    /// Ends slow senders too.
    static let idleTimeout = TimeAmount.seconds(60)

    /// Connections at once; more wait in the kernel's queue.
    static let maximumConnectionCount = 1024

    /// Rows of one answer.
    static let maximumRowCount = 10_000

    /// Events of one answer, unless the caller says otherwise.
    static let usualRowCount = 100

    /// Values of a field that `GET /v1/fields` names: as many as the engine counts for facets.
    static let maximumTopCount = 10

    /// How long a query in the order of the log may run: its rows leave as they are found, so it costs little to go on.
    static let exportDeadline = Duration.seconds(24 * 3600)

    /// How long a ledger may take: 100 million events, whose labels are read and nothing else of them.
    static let ledgerDeadline = Duration.seconds(60)

    /// How often an idle tail says that it is alive: half of what proxies commonly allow.
    static let tailHeartbeat = Duration.seconds(15)

    /// Packs that are made or read at once: each has temporary files of gigabytes, and reads as much of the log.
    static let maximumPackCount = 2

    /// A hundred years.
    static let maximumTokenLifetimeSeconds = 100 * 366 * 86_400

    /// Bytes of a small JSON body: a query, a token to make, entries to retry.
    static let maximumSmallBodyByteCount = 64 << 10

    /// Bytes that are collected before a streamed answer is written.
    static let writeByteCount = 64 << 10
}
