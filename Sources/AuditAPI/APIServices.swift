// SPDX-License-Identifier: Apache-2.0

package import Access
package import AuditStore
package import Ingest
package import Ledger
package import Logging
package import MetricsExport
package import PackExport
package import QueryEngine

/// What the API stands on.
///
/// Made by the program, which also ends it.
package struct APIServices: Sendable {
    package let store: LogStore
    package let admission: Admission
    package let engine: Engine
    package let ledger: LedgerMaker
    package let packs: PackAdministration
    package let tokens: TokenStore
    package let metrics: MetricsRegistry
    package let systemEvents: SystemEventMaker
    package let logger: Logger
    package let version: String
    /// Whether checkpoints and tiles are for everybody.
    package let publishesTree: Bool
    /// Whether administrators may erase events.
    package let allowsErasure: Bool
    /// What became of asking witnesses; nil when none are asked.
    package let witnesses: (@Sendable () -> WitnessStatus)?
    /// How far topics are read and written; empty where none are.
    package let topics: @Sendable () -> [TopicStatus]

    package init(
        store: LogStore,
        admission: Admission,
        engine: Engine,
        tokens: TokenStore,
        metrics: MetricsRegistry,
        ledger: LedgerMaker,
        systemEvents: SystemEventMaker,
        logger: Logger,
        version: String,
        publishesTree: Bool = false,
        packs: PackOptions = PackOptions(),
        allowsErasure: Bool = false,
        witnesses: (@Sendable () -> WitnessStatus)? = nil,
        topics: @escaping @Sendable () -> [TopicStatus] = { [] }
    ) {
        self.store = store
        self.admission = admission
        self.engine = engine
        self.tokens = tokens
        self.metrics = metrics
        self.ledger = ledger
        self.systemEvents = systemEvents
        self.logger = logger
        self.version = version
        self.publishesTree = publishesTree
        self.allowsErasure = allowsErasure
        self.witnesses = witnesses
        self.topics = topics
        self.packs = PackAdministration(store, admission, engine, ledger, systemEvents, packs)
    }
}
