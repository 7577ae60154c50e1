// SPDX-License-Identifier: Apache-2.0

package import QueryEngine

/// What an answer says beside its rows.
package struct AnswerEnd: Codable, Sendable {
    /// Of rows that are not whole events.
    package var columns: [AnswerColumn]?
    package var rowCount: Int
    package var scannedEvents: Int
    package var skippedEvents: Int
    package var unreadableEvents: Int
    /// Why the answer may lack something; absent when it lacks nothing.
    package var partialReason: String?
    /// Where the next answer goes on, given as `after`; absent when there are no more rows.
    package var cursor: String?
    package var totals: Totals?
    package var histogram: [Step]?
    package var facets: [String: [ValueCount]]?
    package var explain: Explanation?

    /// What the filter finds, whatever the pipes make of it.
    package struct Totals: Codable, Sendable {
        package let events: Int
    }

    /// Events from a time to the next.
    package struct Step: Codable, Sendable {
        package let time: String
        package let count: Int
    }

    /// A value and how often it occurs.
    package struct ValueCount: Codable, Sendable {
        package let value: String
        package let count: Int
    }

    package init(_ outcome: QueryOutcome, rowCount: Int) {
        self.rowCount = rowCount
        scannedEvents = outcome.scannedEventCount
        skippedEvents = outcome.skippedEventCount
        unreadableEvents = outcome.unreadableEventCount
        partialReason = outcome.partialReason
    }

    /// Adds a reason to those there are.
    mutating func add(partialReason reason: String?) {
        guard let reason else { return }
        partialReason = partialReason.map { "\($0); \(reason)" } ?? reason
    }
}

/// What a query did, as the API tells it.
package struct Explanation: Codable, Sendable {
    package let segments: Int
    package let segmentsOutsideBounds: Int
    package let segmentsWithoutValue: Int
    package let segmentsRead: Int
    package let frames: Int
    package let framesRead: Int
    package let rowsExamined: Int
    package let eventsRebuilt: Int
    package let columnsLoaded: Int
    package let bytesRead: Int
    package let bytesStored: Int
    package let milliseconds: Double

    package init(_ explanation: QueryExplanation) {
        segments = explanation.segmentCount
        segmentsOutsideBounds = explanation.segmentsOutsideBounds
        segmentsWithoutValue = explanation.segmentsWithoutValue
        segmentsRead = explanation.segmentsRead
        frames = explanation.frameCount
        framesRead = explanation.framesRead
        rowsExamined = explanation.rowsExamined
        eventsRebuilt = explanation.eventsRebuilt
        columnsLoaded = explanation.columnsLoaded
        bytesRead = explanation.bytesRead
        bytesStored = explanation.bytesStored
        milliseconds = Double(explanation.nanoseconds) / 1e6
    }
}
