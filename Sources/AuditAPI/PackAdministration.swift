// SPDX-License-Identifier: Apache-2.0

package import AuditStore
import EvidencePack
package import Ingest
package import Ledger
package import PackExport
package import QueryEngine

/// Making packs, each of which is recorded in the log before anybody has a byte of it.
package struct PackAdministration: Sendable {
    private let store: LogStore
    private let admission: Admission
    private let engine: Engine
    private let ledger: LedgerMaker
    private let events: SystemEventMaker
    private let options: PackOptions

    package init(
        _ store: LogStore,
        _ admission: Admission,
        _ engine: Engine,
        _ ledger: LedgerMaker,
        _ events: SystemEventMaker,
        _ options: PackOptions
    ) {
        self.store = store
        self.admission = admission
        self.engine = engine
        self.ledger = ledger
        self.events = events
        self.options = options
    }

    /// Makes a pack.
    ///
    /// - Throws: as `PackMaker.make`, and what recording throws.
    package func make(_ request: PackRequest) async throws -> MadePack {
        let maker = PackMaker(
            store: store,
            engine: engine,
            ledger: ledger,
            now: events.now,
            options: options
        ) { [admission, events] record in
            let manifest = record.manifest
            var details = [("query", manifest.query.text)]
            if let from = manifest.query.from { details.append(("from", from)) }
            if let to = manifest.query.to { details.append(("to", to)) }
            details.append(("events", String(manifest.eventCount)))
            details.append(("complete", String(manifest.isComplete)))
            details.append(("manifestSHA256", record.sha256))
            try await admission.record(
                events.make(
                    .packExported,
                    method: "ExportPack",
                    principal: manifest.principal,
                    details: details
                )
            )
        }
        return try await maker.make(request)
    }
}
