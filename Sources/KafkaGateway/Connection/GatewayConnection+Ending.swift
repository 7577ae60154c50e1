// SPDX-License-Identifier: Apache-2.0

import KafkaCapture
import KafkaProtocol
import Logging
import NIOCore

extension GatewayConnection {
    // MARK: - The client ends

    /// The client sends no more; it may still read.
    func clientInputEnded() {
        guard state != .ended, !clientHasEnded else { return }
        clientHasEnded = true
        tell { $0.clientEnded(time: $1, into: &$2) }
        guard state == .open else { return }
        flush()
        finishBrokerWhenAnswered()
    }

    /// The client's channel is closed: what the broker still owes is read and recorded, and goes nowhere.
    func clientGone() {
        client = nil
        guard state != .ended else { return }
        if state == .connecting { return end(.peer) }
        times.clientBlocked = nil
        if brokerHasEnded { return end(.peer) }
        if !clientHasEnded { clientInputEnded() }
        scheduleTimer()
        resume()
    }

    /// Tells the broker that the client has ended, once it owes nothing; for what it owes there is little time.
    ///
    /// A broker that hears it earlier answers nobody any more, and nobody knows what it decided.
    func finishBrokerWhenAnswered() {
        guard state == .open, !hasFinishedBroker, !isHolding else { return }
        guard conversation.awaitsAnswers, !brokerHasEnded else {
            if isDraining, !clientHasEnded { return finishClient() }
            hasFinishedBroker = true
            return finish(broker)
        }
        guard times.halfClosedEnd == nil, !isDraining else { return }
        // The time runs from when the broker has all of the requests.
        let bound = NIOLoopBound(self, eventLoop: loop)
        afterWriting(to: broker) { bound.value.startHalfClosedTime() }
    }

    // MARK: - The broker ends

    /// The broker sends no more.
    func brokerInputEnded() {
        guard state != .ended, !brokerHasEnded else { return }
        brokerHasEnded = true
        tell { $0.brokerEnded(time: $1, into: &$2) }
        guard state == .open else { return }
        flush()
        if !isHolding { finishClient() }
    }

    func brokerGone() {
        broker = nil
        times.brokerBlocked = nil
        guard state != .ended else { return }
        if client == nil { return end(.peer) }
        if !brokerHasEnded {
            brokerInputEnded()
        } else {
            finishClient()
        }
    }

    /// Tells the client that the broker has ended, behind everything that it still gets.
    func finishClient() {
        guard state == .open, !hasFinishedClient else { return }
        hasFinishedClient = true
        guard client != nil else { return end(.peer) }
        finish(client)
    }

    // MARK: - Both

    /// Ends a side's output behind what waits for it, and gives the other direction a little time.
    private func finish(_ context: ChannelHandlerContext?) {
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        afterWriting(to: context) {
            let (connection, context) = bound.value
            guard connection.state == .open else { return }
            if connection.clientHasEnded, connection.brokerHasEnded || connection.broker == nil {
                return connection.end(.peer)
            }
            context?.close(mode: .output, promise: nil)
            connection.startHalfClosedTime()
        }
    }

    private func afterWriting(to context: ChannelHandlerContext?, _ action: @escaping @Sendable () -> Void) {
        guard let context else { return action() }
        let promise = loop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in action() }
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: promise)
    }

    private func startHalfClosedTime() {
        guard state == .open, times.halfClosedEnd == nil else { return }
        let deadline = NIODeadline.now() + TimeAmount(shared.options.times.halfClosed)
        times.halfClosedEnd = deadline
        schedule(deadline)
    }

    /// The gateway ends.
    func gatewayEnds(_ event: GatewayEvent) {
        switch event {
        case .end: end(.shutdown)
        case .drain where state == .open:
            isDraining = true
            finishBrokerWhenAnswered()
        case .drain: end(.shutdown)
        }
    }

    /// Ends the connection because of what one side sent.
    func endByProtocol(_ text: String) {
        guard state != .ended else { return }
        shared.logger.warning(
            "a connection was closed for what was sent on it",
            metadata: [
                "connection.id": "\(information.id)", "net.peer": "\(information.clientHost)", "reason": "\(text)",
            ]
        )
        // What the client was to get before goes out as far as the socket takes it.
        flush()
        end(.protocolError)
    }

    /// Closes both sides and records what is left.
    func end(_ reason: ConnectionEnd) {
        guard state != .ended else { return }
        let wasOpen = state == .open
        state = .ended
        timer?.cancel()
        connectTimeout?.cancel()
        if reason != .peer {
            GatewayTelemetry.closed(reason)
            shared.logger.debug(
                "a connection was ended",
                metadata: ["connection.id": "\(information.id)", "reason": "\(reason.rawValue)"]
            )
        }
        if !clientHasEnded {
            clientHasEnded = true
            tell { $0.clientEnded(time: $1, into: &$2) }
        }
        if !brokerHasEnded, wasOpen {
            brokerHasEnded = true
            tell { $0.brokerEnded(time: $1, into: &$2) }
        }
        client?.close(promise: nil)
        broker?.close(promise: nil)
        client = nil
        broker = nil
        concludeObservations()
    }
}
