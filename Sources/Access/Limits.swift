// SPDX-License-Identifier: Apache-2.0

/// Bounds of this target, each with its reason and with what happens beyond it.
package enum Limits {
    /// Tokens ever created in one store, revoked ones included; creating one more is refused.
    ///
    /// Each is a row of some 200 bytes that stays for good, so that an old principal can still be explained.
    package static let maximumTokens = 10_000

    /// Bytes of UTF-8 in a token's name: it is shown in one column of a terminal.
    ///
    /// A longer one is refused.
    package static let maximumNameBytes = 100

    /// Shortest time between two writes of a token's last use.
    ///
    /// More often, every request would cost a sync.
    package static let lastUseGranularity = Duration.seconds(60)

    /// Draws of an identifier before the random source is called broken.
    ///
    /// One of 10,000 taken out of 62^8 is met once in 10^10 draws; four times in a row is no accident.
    static let identifierDraws = 4

    /// How long a statement waits for another process, such as `martlet token`, that is writing.
    static let busyTimeoutSeconds = 5.0
}
