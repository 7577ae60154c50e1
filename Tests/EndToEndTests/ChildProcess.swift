// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A process that a test started, with files for what it writes.
///
/// Not Foundation's: that one notices an end by a socket, which other children may hold open too.
final class ChildProcess: Sendable {
    enum Ending: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    let id: pid_t
    private let life: Life

    /// Starts a program with a file for its input, if any, and files that its output is added to.
    ///
    /// It is killed after `limit`, so that a hang becomes a failure.
    init(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String? = nil,
        output: String,
        error: String,
        limit: Duration = .seconds(900)
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let written = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, written, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error, written, 0o600)

        let words = ([executable] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var id = pid_t()
        let failure = posix_spawn(&id, executable, &actions, nil, words, variables)
        guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
        self.id = id
        life = Life(id)
        life.watch()
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(limit.milliseconds)) { [weak life] in
            life?.signal(SIGKILL)
        }
    }

    deinit {
        life.signal(SIGKILL)
    }

    /// Sends a signal; does nothing when the process has ended.
    func signal(_ number: Int32) {
        life.signal(number)
    }

    /// Waits for the end.
    func wait() async -> Ending {
        await withCheckedContinuation { life.whenEnded($0) }
    }

    var hasEnded: Bool { life.hasEnded }
}

/// Whether a process lives.
///
/// Signals and reaping exclude each other: an id that was reaped may be somebody else's.
private final class Life: Sendable {
    private struct State {
        var ending: ChildProcess.Ending?
        var waiters: [CheckedContinuation<ChildProcess.Ending, Never>] = []
    }

    private let id: pid_t
    private let state = Mutex(State())

    init(_ id: pid_t) {
        self.id = id
    }

    var hasEnded: Bool { state.withLock { $0.ending != nil } }

    func signal(_ number: Int32) {
        state.withLock { state in
            if state.ending == nil { kill(id, number) }
        }
    }

    func whenEnded(_ waiter: CheckedContinuation<ChildProcess.Ending, Never>) {
        let ending = state.withLock { state in
            if state.ending == nil { state.waiters.append(waiter) }
            return state.ending
        }
        if let ending { waiter.resume(returning: ending) }
    }

    func watch() {
        Thread.detachNewThread { [self] in
            var information = siginfo_t()
            while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            let (ending, waiters) = state.withLock { state in
                var status: Int32 = 0
                waitpid(id, &status, 0)
                // As WIFEXITED, WEXITSTATUS and WTERMSIG have it.
                let signal = status & 0x7F
                let ending = signal == 0 ? .exited(status >> 8 & 0xFF) : ChildProcess.Ending.killed(signal: signal)
                state.ending = ending
                defer { state.waiters = [] }
                return (ending, state.waiters)
            }
            for waiter in waiters { waiter.resume(returning: ending) }
        }
    }
}

extension Duration {
    var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
