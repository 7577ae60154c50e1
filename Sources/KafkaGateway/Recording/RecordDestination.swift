// SPDX-License-Identifier: Apache-2.0

package import Ingest

/// Something on its way into a log.
package enum RecordedItem: Sendable {
    /// Events, one a line, each line with its end.
    case events(lines: [UInt8], count: Int)
    /// That events of the gateway's source are missing.
    case gap(Gap)
    /// What the gateway has to say of itself.
    case system(SystemEvent)
}

/// Where a recorder's items go: the log of this process, or a spool in front of another's.
package protocol RecordDestination: Sendable {
    /// Takes an item; all of it or nothing.
    ///
    /// When this returns, the item survives a power cut. Items come one at a time, in order; one that failed is offered again,
    /// and repeats nothing, because events have their ids.
    func record(_ item: RecordedItem) async throws

    /// Does what else there is to do, until the task is cancelled.
    func run() async throws

    /// Ends when nothing is on its way any more.
    func flush() async
}

extension RecordDestination {
    package func run() async throws {}
    package func flush() async {}
}

/// The log of this process.
package struct AdmissionDestination: RecordDestination {
    private let admission: Admission
    private let submitter: String
    private let source: String

    /// - Parameters:
    ///   - admission: the way into the log.
    ///   - submitter: under which the gateway hands its events over.
    ///   - source: the cluster's CRN.
    package init(_ admission: Admission, submitter: String, source: String) {
        self.admission = admission
        self.submitter = submitter
        self.source = source
    }

    package func record(_ item: RecordedItem) async throws {
        switch item {
        case .events(let lines, _):
            do {
                _ = try await admission.accept(lines, .lines, from: submitter, source: source)
            } catch is Rejection {
                // One that is no event, for whatever reason, keeps no other out, and is kept itself.
                _ = try await admission.acceptPart(lines, .lines, from: submitter, source: source)
            }
        case .gap(let gap): try await admission.recordGap(gap)
        case .system(let event): try await admission.record(event)
        }
    }
}
