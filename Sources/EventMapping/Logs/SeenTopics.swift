// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Of which topics each connection in a log has had its first event, by API, as the mapper numbers them.
///
/// `Mutex`: owns the numbers; nothing else is taken inside. When there are too many connections the older half is forgotten, and their
/// topics are told once more.
final class SeenTopics: Sendable {
    struct Key: Hashable, Sendable {
        let channelID: String
        let apiKey: Int16
    }

    private struct State {
        var newer: [Key: Set<Int>] = [:]
        var older: [Key: Set<Int>] = [:]
    }

    private let state = Mutex(State())

    subscript(key: Key) -> Set<Int>? {
        get { state.withLock { $0.newer[key] ?? $0.older[key] } }
        set {
            guard let newValue, !newValue.isEmpty else { return }
            state.withLock { state in
                if state.newer[key] == nil, state.newer.count >= MappingLimits.loggedConnectionCount {
                    state.older = state.newer
                    state.newer = [:]
                }
                state.newer[key] = newValue
            }
        }
    }
}
