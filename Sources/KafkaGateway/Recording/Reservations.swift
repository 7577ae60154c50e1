// SPDX-License-Identifier: Apache-2.0

import EventMapping
import KafkaProtocol
import Synchronization

/// The room that one connection holds in the recorder's queue for requests on their way.
///
/// Requests are answered in order, so an exchange that was seen ends what was kept for those before it too. Produce and Fetch, of
/// which most make no event, share one place each for as long as answers are awaited.
///
/// `Mutex`: the places; the recorder's lock is taken while it is held, never the other way round.
final class Reservations: Sendable {
    private struct Place {
        let correlationID: Int32
        var byteCount: Int
    }

    private struct State {
        var places: [Place] = []
        /// For Produce and Fetch.
        var standing: [CaptureCategory: Int] = [:]
        var requestCount = 0
        var refusalCount = 0
    }

    /// REQUEST_TIMED_OUT: every client tries again.
    static let refusal: Int16 = 7

    private let recorder: Recorder
    private let category: @Sendable (APIKey) -> CaptureCategory?
    private let state = Mutex(State())

    init(_ recorder: Recorder, category: @escaping @Sendable (APIKey) -> CaptureCategory?) {
        self.recorder = recorder
        self.category = category
    }

    deinit {
        releaseAll()
    }

    /// Whether a request may go on: nil, or the code that its client gets.
    func admit(_ header: RequestHeader) -> Int16? {
        let category = category(header.apiKey)
        return state.withLock { state in
            state.requestCount += 1
            guard let category else { return nil }
            let isStanding = category == .produce || category == .consume
            guard !isStanding || state.standing[category] == nil else { return nil }
            switch recorder.reserve(category, GatewayLimits.reservedByteCount) {
            case .granted(let byteCount):
                if isStanding {
                    state.standing[category] = byteCount
                } else if state.places.count < GatewayLimits.reservations {
                    state.places.append(Place(correlationID: header.correlationID, byteCount: byteCount))
                } else {
                    state.places[state.places.count - 1] = Place(
                        correlationID: header.correlationID,
                        byteCount: state.places[state.places.count - 1].byteCount + byteCount
                    )
                }
                return nil
            case .unrecorded:
                return nil
            case .refused:
                state.refusalCount += 1
                return Self.refusal
            }
        }
    }

    /// Gives back what was kept for the request of an exchange that was seen, and for those before it.
    func end(_ correlationID: Int32) {
        state.withLock { state in
            guard let index = state.places.firstIndex(where: { $0.correlationID == correlationID }) else { return }
            recorder.release(state.places[...index].reduce(0) { $0 + $1.byteCount })
            state.places.removeFirst(index + 1)
        }
    }

    /// Gives everything back: nothing is awaited any more.
    func releaseAll() {
        state.withLock { state in
            let byteCount = state.places.reduce(0) { $0 + $1.byteCount } + state.standing.values.reduce(0, +)
            guard byteCount > 0 else { return }
            recorder.release(byteCount)
            state.places.removeAll(keepingCapacity: true)
            state.standing.removeAll(keepingCapacity: true)
        }
    }

    /// How many requests there were, and how many of them were refused, since the last call.
    func takeCounts() -> (requests: Int, refusals: Int) {
        state.withLock { state in
            defer { (state.requestCount, state.refusalCount) = (0, 0) }
            return (state.requestCount, state.refusalCount)
        }
    }
}
