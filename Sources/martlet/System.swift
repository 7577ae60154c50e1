// SPDX-License-Identifier: Apache-2.0

import AuditModel
import CMemory
import Glibc

/// The machine's clock and cores: the only place of the program that asks for them.
enum System {
    static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Has threads share memory that was freed.
    ///
    /// Batches are made on one thread and freed on another. With an arena for each thread what was freed stays where nobody
    /// asks for it: a quarter more memory, measured, and a fifth more time for clearing pages that are new.
    static func limitArenas() { martlet_limit_arenas(Int32(coreCount)) }

    /// 32 bytes for a key, from the kernel.
    static func seed() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    @Sendable
    static func now() -> Timestamp {
        Timestamp(nanosecondsSinceEpoch: nanosecondsSinceEpoch())
    }

    @Sendable
    static func nanosecondsSinceEpoch() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        // A clock past the year 2262 is wrong, and must not stop the log: order never depends on it.
        let (seconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return time.tv_sec < 0 ? .min : .max }
        return seconds.addingReportingOverflow(Int64(time.tv_nsec)).overflow ? .max : seconds + Int64(time.tv_nsec)
    }
}
