// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import AuditStore
import Ingest
import Logging
import ServiceLifecycle

/// The log's part in the life of a server: says in the log itself that it started and stopped, and closes it last.
struct LogService: Service {
    private let services: APIServices
    private let startDetails: [(name: String, value: String)]

    init(_ services: APIServices, startDetails: [(name: String, value: String)]) {
        self.services = services
        self.startDetails = startDetails
    }

    func run() async throws {
        let logger = services.logger
        logger.info(
            "log opened",
            metadata: [
                "log.id": "\(services.store.logName)", "log.end_index": "\(services.store.snapshot.endIndex)",
                "log.cut_bytes": "\(services.store.cutByteCount)",
            ]
        )
        do {
            try await record(.started, "Start", startDetails)
        } catch let error as StoreError where error.code == .noSpace {
            // What is kept can still be read; the start is lost to the log, and said here.
            logger.warning("the start could not be recorded: the disk is full", metadata: ["error": "\(error)"])
        }
        if services.store.cutByteCount > 0 {
            logger.warning(
                "bytes behind the journal's last whole frame were cut",
                metadata: ["log.cut_bytes": "\(services.store.cutByteCount)"]
            )
            try await record(.recovered, "Recover", [("cutBytes", String(services.store.cutByteCount))])
        }
        try await gracefulShutdown()
        do {
            try await record(.stopped, "Stop", [])
        } catch {
            logger.error("the end could not be recorded", metadata: ["error": "\(error)"])
        }
        await services.store.close()
        await services.admission.quarantine.close()
        logger.info("log closed", metadata: ["log.end_index": "\(services.store.snapshot.endIndex)"])
    }

    private func record(
        _ kind: SystemEvent.Kind,
        _ method: String,
        _ details: [(name: String, value: String)]
    ) async throws {
        try await services.admission.record(
            services.systemEvents.make(kind, method: method, principal: "martlet", details: details)
        )
    }
}
