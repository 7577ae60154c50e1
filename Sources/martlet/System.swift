// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Glibc

/// The machine's clock and cores: the only place of the program that asks for them.
enum System {
    static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    @Sendable
    static func now() -> Timestamp {
        Timestamp(nanosecondsSinceEpoch: nanosecondsSinceEpoch())
    }

    @Sendable
    static func nanosecondsSinceEpoch() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
