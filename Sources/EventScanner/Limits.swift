// SPDX-License-Identifier: Apache-2.0

/// What an event may cost its reader.
///
/// Beyond any of these it is rejected, with the place.
package struct ScanLimits: Sendable, Equatable {
    /// Bytes of one event.
    ///
    /// Kafka's own default for a message is 1 MiB, so nothing longer arrives from there.
    package var maximumByteCount = 1 << 20

    /// Objects and arrays inside each other.
    ///
    /// Real events reach 9; the scanner recurses once a level, so this also bounds its stack.
    package var maximumDepth = 64

    /// Members of one object.
    ///
    /// Finding duplicates compares each key with those before it: 4,096 take 2 ms.
    package var maximumKeyCount = 4096

    /// Values of one event, scalars and containers.
    ///
    /// Keeps what is built from an event in proportion to its bytes.
    package var maximumValueCount = 65_536

    /// Bytes of one key, as written.
    package var maximumKeyByteCount = 4096

    package init() {}
}
