// SPDX-License-Identifier: Apache-2.0

package import AuditStore

/// One query under way.
///
/// Frames that can't hold a match are skipped by what their references say. The others are scanned in the order in which
/// their events are wanted, a window of them side by side, and no more of them than the limit needs.
///
/// Rows are pulled, so a slow client slows the query and nothing piles up.
package struct QueryRun {
    private let engine: Engine
    private let request: QueryRequest
    private let snapshot: StoreSnapshot
    private let frames: [FrameReference]
    private let deadline: ContinuousClock.Instant
    private var nextFrame = 0
    private var isDone = false

    /// How far it has come; final when `next` has returned nil.
    package private(set) var outcome = QueryOutcome()

    init(_ engine: Engine, _ request: QueryRequest, _ snapshot: StoreSnapshot) {
        self.engine = engine
        self.request = request
        self.snapshot = snapshot
        deadline = .now + request.deadline
        let selection = FrameSelection(request.filter)
        var frames: [FrameReference] = []
        for position in 0..<snapshot.frames.count {
            let frame = snapshot.frames[position]
            if selection.contains(frame) {
                frames.append(frame)
            } else {
                outcome.skippedEventCount += frame.eventCount
            }
        }
        switch request.order {
        case .log: break
        case .newest: frames.sort { $0.timeRange.upperBound > $1.timeRange.upperBound }
        case .oldest: frames.sort { $0.timeRange.lowerBound < $1.timeRange.lowerBound }
        }
        self.frames = frames
    }

    /// The next rows in the order asked for; nil at the end.
    ///
    /// - Throws: `StoreError` when a frame is damaged or can't be read; `CancellationError`.
    package mutating func next() async throws -> [StoredEvent]? {
        guard !isDone else { return nil }
        let rows = try await request.order == .log ? nextInLogOrder() : allInTimeOrder()
        outcome.rowCount += rows?.count ?? 0
        return rows
    }

    private mutating func nextInLogOrder() async throws -> [StoredEvent]? {
        while let window = try await scanWindow() {
            let rows = window.joined().prefix(request.limit - outcome.rowCount).map(\.event)
            if outcome.rowCount + rows.count >= request.limit { isDone = true }
            if !rows.isEmpty { return rows }
            if isDone { return nil }
        }
        isDone = true
        return nil
    }

    private mutating func allInTimeOrder() async throws -> [StoredEvent]? {
        isDone = true
        var rows = RowHeap(order: request.order, limit: request.limit)
        while let window = try await scanWindow() {
            for matches in window { rows.insert(matches) }
            if let next = frames.indices.contains(nextFrame) ? frames[nextFrame] : nil, rows.isSettled(before: next) {
                break
            }
        }
        if let reason = rows.overflow { outcome.partialReason = reason }
        return rows.sorted().map(\.event)
    }

    /// The matches of the next frames, each frame's in its order; nil when there are no more or time is up.
    private mutating func scanWindow() async throws -> [[Match]]? {
        try Task.checkCancellation()
        guard nextFrame < frames.count else { return nil }
        guard .now < deadline else {
            outcome.partialReason =
                "the deadline of \(request.deadline) passed; \(frames.count - nextFrame) of \(frames.count) parts were not looked at"
            return nil
        }
        let window = frames[nextFrame..<min(frames.count, nextFrame + engine.windowFrameCount)]
        let (engine, filter, snapshot) = (engine, request.filter, snapshot)
        let matches = try await withThrowingTaskGroup(of: (Int, [Match]).self) { group in
            for (place, frame) in window.enumerated() {
                group.addTask { (place, try await engine.find(in: frame, filter, snapshot)) }
            }
            var matches = Array(repeating: [Match](), count: window.count)
            for try await (place, found) in group { matches[place] = found }
            return matches
        }
        nextFrame = window.endIndex
        outcome.scannedEventCount += window.reduce(0) { $0 + $1.eventCount }
        return matches
    }
}
