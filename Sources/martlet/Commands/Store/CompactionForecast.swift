// SPDX-License-Identifier: Apache-2.0

import AuditStore
import ManifestFormat

/// What merging will write, as far as the sizes of segments tell: how long it will take, and nothing that it depends on.
enum CompactionForecast {
    /// What counts of a segment.
    struct Segment {
        var eventCount: Int
        var eventByteCount: Int
    }

    /// Events that are in segments which fit a full one with a neighbour.
    static func eventCount(of segments: [Segment], full: Segment) -> Int {
        var total = 0
        var run: (count: Int, events: Int, bytes: Int) = (0, 0, 0)
        for segment in segments {
            let fits =
                run.events + segment.eventCount <= full.eventCount
                && run.bytes + segment.eventByteCount <= full.eventByteCount
            if !fits {
                if run.count > 1 { total += run.events }
                run = (0, 0, 0)
            }
            run = (run.count + 1, run.events + segment.eventCount, run.bytes + segment.eventByteCount)
        }
        return run.count > 1 ? total + run.events : total
    }

    static func eventCount(of snapshot: StoreSnapshot, _ policy: SealPolicy) -> Int {
        let segments = snapshot.segments.map {
            Segment(eventCount: $0.description.eventCount, eventByteCount: $0.description.eventByteCount)
        }
        let full = Segment(eventCount: policy.eventCount, eventByteCount: policy.eventByteCount)
        return eventCount(of: segments, full: full)
    }
}
