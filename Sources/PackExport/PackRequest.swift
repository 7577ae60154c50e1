// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import EvidencePack
package import QueryLanguage

/// What a pack is asked for.
package struct PackRequest: Sendable {
    /// With the bounds of time in it.
    package var filter: Filter
    /// As it was asked, for the manifest.
    package var query: PackManifest.Query
    /// The bounds of time, for the ledger.
    package var from: Timestamp?
    package var to: Timestamp?
    /// Who asks.
    package var principal: String
    /// Fewer events than the options allow; nil for those.
    package var limit: Int?
    /// Whether nobody waits for the pack any more; asked now and then, from any thread.
    package var isAbandoned: @Sendable () -> Bool = { false }
    /// Told of how many events were found, and of how many of these were written.
    package var progress: @Sendable (_ found: Int, _ written: Int) -> Void = { _, _ in }

    package init(filter: Filter, query: PackManifest.Query, principal: String) {
        self.filter = filter
        self.query = query
        self.principal = principal
    }
}
