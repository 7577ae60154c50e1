// SPDX-License-Identifier: Apache-2.0

/// Pauses between attempts.
package struct Backoff: Sendable {
    private var delay: Duration = .milliseconds(100)

    package init() {}

    /// 0.1 s and then twice as long each time, up to 10 s.
    package mutating func next() -> Duration {
        defer { delay = min(delay * 2, .seconds(10)) }
        return delay
    }
}
