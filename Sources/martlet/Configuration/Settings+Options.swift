// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore
import EventScanner

extension Settings {
    var storeOptions: StoreOptions {
        var options = StoreOptions(now: System.nanosecondsSinceEpoch)
        options.journalFileByteCount = integer(.journalFileBytes)
        options.repeatWindowEventCount = integer(.repeatWindow)
        return options
    }

    var scanLimits: ScanLimits {
        var limits = ScanLimits()
        limits.maximumByteCount = integer(.maximumEventBytes)
        return limits
    }

    /// The settings of a command that opens a data directory itself: from the environment and the file that it names.
    static func ofEnvironment() throws -> Settings {
        try ConfigurationOptions.parse([]).settings().checked()
    }

    /// The settings themselves, when nothing is wrong with them.
    func checked() throws -> Settings {
        guard faults.isEmpty else {
            throw CommandFailure(.usage, "the configuration is wrong:\n  " + faults.joined(separator: "\n  "))
        }
        return self
    }
}
