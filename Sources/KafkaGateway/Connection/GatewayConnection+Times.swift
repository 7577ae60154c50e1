// SPDX-License-Identifier: Apache-2.0

import KafkaCapture
import NIOCore

extension GatewayConnection {
    // MARK: - Times

    /// Makes sure that the times are looked at by then.
    ///
    /// One timer for each connection: it is set to the earliest time that may matter, and looks again when it is over.
    func schedule(_ deadline: NIODeadline) {
        guard deadline < timerDeadline, state != .ended else { return }
        timer?.cancel()
        timerDeadline = deadline
        let bound = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleTask(deadline: deadline) { bound.value.timerFired() }
    }

    func scheduleTimer() {
        guard let next = limits().map(\.deadline).min() else { return }
        schedule(next)
    }

    private func timerFired() {
        timerDeadline = .distantFuture
        timer = nil
        guard state != .ended else { return }
        flushMapper()
        let now = NIODeadline.now()
        if let over = limits().first(where: { $0.deadline <= now }) { return end(over.reason) }
        scheduleTimer()
        if let flush = nextMapperFlush { schedule(flush) }
    }

    /// The times that apply now, and what it means when one is over.
    private func limits() -> [(deadline: NIODeadline, reason: ConnectionEnd)] {
        let times = shared.options.times
        var limits: [(deadline: NIODeadline, reason: ConnectionEnd)] = []
        func add(_ start: NIODeadline, _ duration: Duration, _ reason: ConnectionEnd) {
            limits.append((start + TimeAmount(duration), reason))
        }
        if let end = self.times.halfClosedEnd {
            // Who still reads gets a large answer to its end.
            let flowing = self.times.activity + TimeAmount(times.halfClosed)
            limits.append((client == nil ? end : max(end, flowing), .peer))
        }
        if !conversation.hasCompletedFrame {
            add(acceptedAt, times.firstFrame, .firstFrameTimeout)
        } else if !conversation.isAuthenticated {
            add(acceptedAt, times.authentication, .authenticationTimeout)
        }
        if let start = self.times.clientBlocked { add(start, times.stalled, .slowClient) }
        if let start = self.times.brokerBlocked {
            // For a client that is gone nobody waits long.
            add(start, client == nil ? min(times.stalled, times.connect) : times.stalled, .slowBroker)
        }
        if state == .open, conversation.awaitsAnswers, self.times.clientBlocked == nil {
            add(self.times.awaiting, times.stalled, .silentBroker)
        }
        add(self.times.activity, times.idle, .idleTimeout)
        return limits
    }
}
