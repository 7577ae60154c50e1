// SPDX-License-Identifier: Apache-2.0

/// A gateway's name and its spool's id, with `/` between, as records' headers say it.
struct GatewayName: Hashable, Sendable, CustomStringConvertible {
    /// At most 100 of the letters, digits, `.`, `_`, `-` and `/`: it comes from outside, and goes into positions and gaps.
    let description: String

    init?(_ text: some StringProtocol) {
        let isHarmless = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "/"):
                true
            default: false
            }
        }
        guard !text.isEmpty, text.utf8.count <= 100, isHarmless else { return nil }
        description = String(text)
    }
}

/// The numbers that the next records of gateways have in one partition.
///
/// A gateway numbers its records one up from the next, and sends all of them to one partition: a number too high says how many are lost.
/// One that was there before is a record sent a second time, which the log recognises by its events' ids.
struct GatewaySequences: Equatable, Sendable {
    /// More than fit a position.
    private static let maximumCount = 1_000

    private var next: [GatewayName: UInt64] = [:]
    /// Oldest first.
    private var heard: [GatewayName] = []

    /// With the gateway that was heard last first.
    var newestFirst: [(name: GatewayName, next: UInt64)] {
        heard.reversed().compactMap { name in next[name].map { (name, $0) } }
    }

    mutating func set(_ name: GatewayName, _ number: UInt64) {
        next[name] = number
        if heard.last != name {
            heard.removeAll { $0 == name }
            heard.append(name)
        }
        if heard.count > Self.maximumCount { next[heard.removeFirst()] = nil }
    }

    /// Hears a record.
    ///
    /// - Returns: the numbers that should have come before it and did not; nil when none is missing.
    mutating func hear(_ name: GatewayName, _ number: UInt64) -> ClosedRange<UInt64>? {
        guard number < .max else { return nil }
        let expected = next[name]
        set(name, max(number + 1, expected ?? 0))
        guard let expected, number > expected else { return nil }
        return expected...number - 1
    }
}
