// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import Glibc
import Ingest
import SystemPackage

/// A data directory that is opened to change something in it; no server may have it.
struct LocalAdministration: Sendable {
    let store: LogStore
    let admission: Admission
    let events: SystemEventMaker
    let directory: FilePath
    let principal = "local:\(getuid())"

    /// Opens a log, and where there is none makes one if it `creates`; else a mistyped path is an error.
    init(directory: String, creates: Bool) throws {
        self.directory = FilePath(directory)
        // Looking for it changes nothing, and fails in words where there is no log.
        if !creates { _ = try ReadOnlyLog(directory: self.directory) }
        let settings = try Settings.ofEnvironment()
        var options = settings.storeOptions
        options.waitsForSealing = true
        store = try LogStore(directory: self.directory, options: options)
        let quarantine = try Quarantine(
            directory: self.directory,
            fileSystem: RealFileSystem(),
            now: System.nanosecondsSinceEpoch
        )
        events = SystemEventMaker(now: System.now)
        admission = Admission(
            store: store,
            quarantine: quarantine,
            events: events,
            limits: settings.scanLimits
        )
    }

    func close() async {
        await admission.quarantine.close()
        await store.close()
    }
}
