// SPDX-License-Identifier: Apache-2.0

package import AuditStore

/// Who hands events in, and where they come from: what a ledger has a row of.
package struct LedgerSource: Hashable, Comparable, Sendable {
    package let submitter: String
    package let source: String

    package init(submitter: String, source: String) {
        self.submitter = submitter
        self.source = source
    }

    package init(_ origin: LabelRuns.Origin) {
        self.init(submitter: origin.submitter, source: origin.source)
    }

    /// Whether it is read once, as a file is, and owes nothing in the hours after.
    ///
    /// Standard input, `file:-`, is a stream like any other; but not that of a command which has the directory to itself, because
    /// while a server runs there is none.
    package var isBatch: Bool {
        isLocal || source.hasPrefix("file:") && source != "file:-"
    }

    /// Whether a command wrote its events straight into the directory, without a server.
    package var isLocal: Bool { submitter.hasPrefix("local:") }

    package static func < (left: Self, right: Self) -> Bool {
        (left.source, left.submitter) < (right.source, right.submitter)
    }
}
