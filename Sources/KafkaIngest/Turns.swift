// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets tasks through one after the other, in the order of their numbers, from 0.
final class Turns: Sendable {
    private struct State {
        var next = 0
        var isOver = false
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Waits for a number's turn.
    ///
    /// - Throws: `CancellationError` when somebody in front failed.
    func wait(_ number: Int) async throws {
        let isTurn = await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.isOver { return false }
                if state.next == number { return true }
                state.waiting[number] = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
        guard isTurn else { throw CancellationError() }
    }

    /// Lets the next one through.
    func pass() {
        let waiting = state.withLock { state in
            state.next += 1
            return state.waiting.removeValue(forKey: state.next)
        }
        waiting?.resume(returning: true)
    }

    /// Lets nobody through any more.
    func end() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(returning: false) }
    }
}
