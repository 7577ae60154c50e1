// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Knows which requests a broker's line has told of, so that the controller's line about the same one is left out.
///
/// With KRaft a broker sends changes on to the controller, and both log them; with controllers of their own in two logs on two machines.
/// So the readers of all logs of a cluster share one of these. `Mutex`: owns the times; nothing else is taken inside.
package final class ForwardedRequests: Sendable {
    private let state = Mutex(State())

    fileprivate struct State {
        /// When brokers' lines said that they ended, each for one line of a controller.
        var times: [LoggedRequest.Key: [Int64]] = [:]
        var order: [LoggedRequest.Key] = []
        var firstInOrder = 0
    }

    package init() {}

    /// A broker told of a request.
    func note(_ key: LoggedRequest.Key, time: Int64) {
        state.withLock { state in
            state.times[key, default: []].append(time)
            state.order.append(key)
            guard state.order.count - state.firstInOrder > MappingLimits.forwardedCount else { return }
            state.forgetOldest()
        }
    }

    /// Whether a broker told of the request that a controller's line is about; asked once for each such line.
    func take(_ key: LoggedRequest.Key, time: Int64) -> Bool {
        state.withLock { state in
            // A client's numbers begin again with each connection.
            guard
                let place = state.times[key]?.firstIndex(where: { told in
                    let (difference, overflows) = told.subtractingReportingOverflow(time)
                    return !overflows && difference.magnitude <= UInt64(MappingLimits.forwardingWindow)
                })
            else { return false }
            state.times[key]?.remove(at: place)
            if state.times[key]?.isEmpty ?? false { state.times[key] = nil }
            return true
        }
    }
}

extension ForwardedRequests.State {
    fileprivate mutating func forgetOldest() {
        let key = order[firstInOrder]
        firstInOrder += 1
        // Those that were taken are in the order still.
        if times[key] != nil {
            times[key]?.removeFirst()
            if times[key]?.isEmpty ?? false { times[key] = nil }
        }
        if firstInOrder > MappingLimits.forwardedCount {
            order.removeFirst(firstInOrder)
            firstInOrder = 0
        }
    }
}
