// SPDX-License-Identifier: Apache-2.0

package import ManifestFormat

/// What may be deleted: whole segments, oldest first.
package struct RetentionPolicy: Equatable, Sendable {
    /// Nanoseconds for which events are kept after they were received; nil keeps them for ever.
    package var age: Int64?

    /// Bytes of segments and indexes that are kept at most; nil keeps all.
    ///
    /// The journal is not counted, and never deleted from.
    package var byteCount: Int?

    package init(age: Int64? = nil, byteCount: Int? = nil) {
        self.age = age
        self.byteCount = byteCount
    }
}

/// Segments that are due to be deleted.
///
/// Made first, recorded in the log as an event, and only then carried out.
package struct RetentionPlan: Equatable, Sendable {
    /// Why: `age` or `size`.
    package enum Reason: String, Sendable {
        case age
        case size
    }

    package let segments: [SegmentDescription]
    package let reason: Reason

    /// The index that the log begins with afterwards: a multiple of `SealPolicy.boundary`.
    package var floorIndex: UInt64 { segments.last?.indices.upperBound ?? 0 }
    package var eventCount: Int { segments.reduce(0) { $0 + $1.eventCount } }
    package var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }
}

extension RetentionPolicy {
    /// What is to be deleted now; nil when nothing is.
    func plan(_ segments: [SegmentDescription], boundary: UInt64, now: Int64) -> RetentionPlan? {
        let byAge = age.map { age in
            segments.prefix { $0.receivedRange.upperBound < now.subtractingReportingOverflow(age).partialValue }.count
        }
        if let plan = Self.plan(segments, upTo: byAge ?? 0, boundary, .age) { return plan }
        guard let limit = byteCount else { return nil }
        var kept = segments.reduce(0) { $0 + $1.byteCount }
        let bySize = segments.prefix { segment in
            guard kept > limit else { return false }
            kept -= segment.byteCount
            return true
        }
        return Self.plan(segments, upTo: bySize.count, boundary, .size)
    }

    /// The first segments, as far as they end at a boundary of the log's tiles.
    private static func plan(
        _ segments: [SegmentDescription],
        upTo count: Int,
        _ boundary: UInt64,
        _ reason: RetentionPlan.Reason
    ) -> RetentionPlan? {
        let end = segments.prefix(count).lastIndex { $0.indices.upperBound.isMultiple(of: boundary) }
        return end.map { RetentionPlan(segments: Array(segments[...$0]), reason: reason) }
    }
}
