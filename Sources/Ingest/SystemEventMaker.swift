// SPDX-License-Identifier: Apache-2.0

package import AuditModel

/// Gives Martlet's own events their times and ids.
package struct SystemEventMaker: Sendable {
    package let now: @Sendable () -> Timestamp
    private let random: @Sendable () -> UInt64

    package init(
        now: @escaping @Sendable () -> Timestamp,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
    ) {
        self.now = now
        self.random = random
    }

    package func make(
        _ kind: SystemEvent.Kind,
        method: String,
        principal: String,
        resource: String? = nil,
        details: [(name: String, value: String)] = []
    ) -> SystemEvent {
        SystemEvent(
            kind,
            method: method,
            principal: principal,
            time: milliseconds(now()).description,
            id: uuid(),
            resource: resource,
            details: details
        )
    }

    /// As other events have it: one with nanoseconds makes the times of a whole segment texts.
    private func milliseconds(_ time: Timestamp) -> Timestamp {
        Timestamp(nanosecondsSinceEpoch: time.nanosecondsSinceEpoch - time.nanosecondsSinceEpoch % 1_000_000)
    }

    /// A version 4 UUID (RFC 9562 §5.4).
    private func uuid() -> String {
        let high = random() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = random() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = Array(Self.hex(high) + Self.hex(low))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return parts.map { String(digits[$0]) }.joined(separator: "-")
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
