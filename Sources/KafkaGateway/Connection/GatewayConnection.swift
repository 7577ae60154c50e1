// SPDX-License-Identifier: Apache-2.0

import EventMapping
import KafkaCapture
import KafkaProtocol
import Logging
import NIOCore

/// A client's connection and the one to its broker, on one event loop.
///
/// Bytes go on as they were read, as slices of the buffer that they were read into, except where the conversation says something
/// else. A side is read only while the other takes what is written, so that what waits is bounded by the write buffers' upper
/// marks and one read. Belongs to the client's event loop.
///
/// | state | goes on to |
/// |---|---|
/// | connecting: the client is not read | open, ended |
/// | open | ended |
/// | ended: both channels are closed, the last events are recorded | |
final class GatewayConnection {
    enum State {
        case connecting
        case open
        case ended
    }

    let shared: GatewayShared
    let information: KafkaConnection
    let loop: any EventLoop
    let acceptedAt: NIODeadline
    private let ended: EventLoopPromise<Void>
    let reservations: Reservations
    var conversation: KafkaConversation
    private var mapper: KafkaEventMapper
    private var output = ConversationOutput()
    private var events: [MappedEvent] = []

    var state = State.connecting
    /// Nil once the channel is closed.
    var client: ChannelHandlerContext?
    var broker: ChannelHandlerContext?
    /// Servers to try, and which one it is.
    var candidates: [BrokerAddress] = []
    var attempt = 0
    var connectTimeout: Scheduled<Void>?
    /// What the client sent before its broker was there.
    private var early: [ByteBuffer] = []
    /// What the client gets once the ports of the nodes in it are listened at; nil when nothing is held.
    private var held: [ByteBuffer]?

    var clientHasEnded = false
    var brokerHasEnded = false
    var isDraining = false
    /// Whether the broker was told that the client has ended, or the client that the broker has.
    var hasFinishedBroker = false
    var hasFinishedClient = false

    var times = ActivityTimes()
    var timer: Scheduled<Void>?
    var timerDeadline = NIODeadline.distantFuture

    init(
        _ shared: GatewayShared,
        _ accepted: AcceptedChannel,
        _ information: KafkaConnection,
        client: ChannelHandlerContext
    ) {
        self.shared = shared
        self.information = information
        self.client = client
        loop = client.eventLoop
        acceptedAt = accepted.acceptedAt
        ended = accepted.ended
        reservations = Reservations(shared.recorder) { [captured = shared.captured] in captured.category($0) }
        conversation = KafkaConversation(information, options: shared.conversationOptions(reservations))
        mapper = KafkaEventMapper(information, cluster: shared.cluster, policy: shared.policy)
    }

    func begin() {
        shared.logger.debug(
            "a client connected",
            metadata: ["connection.id": "\(information.id)", "net.peer": "\(information.clientHost)"]
        )
        times.activity = .now()
        scheduleTimer()
        connect()
    }

    /// Begins to carry bytes: the broker is there.
    func open(_ context: ChannelHandlerContext) {
        broker = context
        state = .open
        times.activity = .now()
        let buffers = early
        early = []
        for buffer in buffers where state == .open { receiveFromClient(buffer) }
        flush()
        resume()
        if clientHasEnded, state == .open { finishBrokerWhenAnswered() }
    }

    // MARK: - Bytes

    func receiveFromClient(_ buffer: ByteBuffer) {
        guard state == .open else {
            if state == .connecting { early.append(buffer) }
            return
        }
        shared.traffic.fromClient(byteCount: buffer.readableBytes)
        times.activity = .now()
        let awaited = output.awaitsAnswers
        output.removeAll(keepingCapacity: true)
        conversation.receiveFromClient(buffer.readableBytesSpan, time: shared.now(), into: &output)
        if !awaited, output.awaitsAnswers {
            times.awaiting = times.activity
            schedule(times.activity + TimeAmount(shared.options.times.stalled))
        }
        carry(buffer)
    }

    func receiveFromBroker(_ buffer: ByteBuffer) {
        guard state == .open else { return }
        shared.traffic.fromBroker(byteCount: buffer.readableBytes)
        times.activity = .now()
        times.awaiting = times.activity
        output.removeAll(keepingCapacity: true)
        conversation.receiveFromBroker(buffer.readableBytesSpan, time: shared.now(), into: &output)
        carry(buffer)
    }

    /// Does what the conversation wants done with some bytes.
    private func carry(_ buffer: ByteBuffer) {
        if !output.nodes.isEmpty { learn() }
        if !output.toBroker.isEmpty { write(output.toBroker, of: buffer, to: broker) }
        if !output.toClient.isEmpty {
            if held == nil { write(output.toClient, of: buffer, to: client) } else { hold(output.toClient, of: buffer) }
        }
        if !output.unmapped.isEmpty { shared.unmapped(output.unmapped, connection: information.id) }
        observe()
        if let reason = output.close { endByProtocol("\(reason)") }
    }

    private func write(_ pieces: [ConversationOutput.Piece], of buffer: ByteBuffer, to context: ChannelHandlerContext?)
    {
        guard let context else { return }
        for piece in pieces {
            if let bytes = bytes(piece, of: buffer) {
                context.write(NIOAny(bytes), promise: nil)
            }
        }
    }

    private func bytes(_ piece: ConversationOutput.Piece, of buffer: ByteBuffer) -> ByteBuffer? {
        switch piece {
        case .received(let range) where range.count == buffer.readableBytes: buffer
        case .received(let range): buffer.getSlice(at: buffer.readerIndex + range.lowerBound, length: range.count)
        case .bytes(let bytes): ByteBuffer(bytes: bytes)
        }
    }

    // MARK: - Flow

    func clientReadComplete() {
        guard state == .open else { return }
        flush()
        resume()
    }

    func brokerReadComplete() {
        guard state == .open else { return }
        flush()
        if clientHasEnded || isDraining { finishBrokerWhenAnswered() }
        resume()
    }

    func flush() {
        broker?.flush()
        if held == nil { client?.flush() }
    }

    /// Reads the sides that may be read.
    func resume() {
        guard state == .open else { return }
        let (clientTakes, brokerTakes) = (times.clientBlocked == nil, times.brokerBlocked == nil)
        if clientTakes, brokerTakes, !clientHasEnded, !isDraining { client?.read() }
        if clientTakes, held == nil, !brokerHasEnded { broker?.read() }
    }

    func clientWritabilityChanged() {
        noteBlocked(\.clientBlocked, client)
        resume()
    }

    func brokerWritabilityChanged() {
        noteBlocked(\.brokerBlocked, broker)
        resume()
    }

    private func noteBlocked(_ time: WritableKeyPath<ActivityTimes, NIODeadline?>, _ context: ChannelHandlerContext?) {
        let now = NIODeadline.now()
        times.activity = now
        if context?.channel.isWritable ?? true {
            times[keyPath: time] = nil
        } else {
            times[keyPath: time] = now
            schedule(now + TimeAmount(shared.options.times.stalled))
        }
    }

    // MARK: - Nodes

    /// Notes the nodes of an answer, and holds it while one of them has no port yet.
    private func learn() {
        shared.nodes.learn(output.nodes)
        let missing = output.nodes.map(\.nodeID).filter { shared.nodes.needsPort($0) }
        guard !missing.isEmpty else { return }
        if held == nil { held = [] }
        let bound = NIOLoopBound(self, eventLoop: loop)
        shared.ports.open(missing, on: loop).whenComplete { result in bound.value.portsOpened(result) }
    }

    private func hold(_ pieces: [ConversationOutput.Piece], of buffer: ByteBuffer) {
        held?.append(contentsOf: pieces.compactMap { bytes($0, of: buffer) })
    }

    private func portsOpened(_ result: Result<Void, any Error>) {
        guard state == .open, let buffers = held else { return }
        guard case .success = result else {
            // What is held names an address where nobody of ours listens. The client asks again, and gets none.
            return end(.unboundPort)
        }
        held = nil
        for buffer in buffers { client?.write(NIOAny(buffer), promise: nil) }
        flush()
        if brokerHasEnded { finishClient() }
        if clientHasEnded || isDraining { finishBrokerWhenAnswered() }
        resume()
    }

    var isHolding: Bool { held != nil }

    // MARK: - Observations

    /// Has what was seen recorded.
    private func observe() {
        if !output.observations.isEmpty { map() }
        if !output.awaitsAnswers { reservations.releaseAll() }
        let counts = reservations.takeCounts()
        let requestCount = counts.requests + output.repeatedCount
        if requestCount > 0 { shared.traffic.requested(requestCount) }
        if counts.refusals > 0 { GatewayTelemetry.refused(counts.refusals) }
    }

    private func map() {
        var exchangeCount = 0
        for observation in output.observations {
            mapper.map(observation, into: &events)
            switch observation {
            case .exchange: exchangeCount += 1
            case .authentication(let exchange):
                if case .failure = exchange.verdict { GatewayTelemetry.authenticationFailed() }
            case .ended: break
            }
        }
        record()
        if exchangeCount > 0 { GatewayTelemetry.exchanged(exchangeCount) }
        for case .exchange(let exchange) in output.observations { reservations.end(exchange.header.correlationID) }
        if let flush = mapper.nextFlush { schedule(.now() + .nanoseconds(max(0, flush - shared.now()))) }
    }

    /// Records repeats that are due.
    func flushMapper() {
        guard let time = mapper.nextFlush, time <= shared.now() else { return }
        mapper.flush(time: shared.now(), into: &events)
        record()
    }

    var nextMapperFlush: NIODeadline? {
        mapper.nextFlush.map { .now() + .nanoseconds(max(0, $0 - shared.now())) }
    }

    private func record() {
        guard !events.isEmpty else { return }
        shared.recorder.record(events)
        GatewayTelemetry.mapped(events)
        events.removeAll(keepingCapacity: true)
    }

    // MARK: - What ends the conversation

    /// Tells the conversation of a side's end, and does what follows from it.
    func tell(_ change: (inout KafkaConversation, Int64, inout ConversationOutput) -> Void) {
        output.removeAll(keepingCapacity: true)
        change(&conversation, shared.now(), &output)
        carry(ByteBuffer())
    }

    /// Records what is left when both sides are gone.
    func concludeObservations() {
        mapper.flush(time: .max, into: &events)
        record()
        reservations.releaseAll()
        ended.succeed()
    }
}

/// When something last happened on a connection.
struct ActivityTimes {
    /// A byte in either direction.
    var activity = NIODeadline.now()
    /// Since when the broker owes something.
    var awaiting = NIODeadline.now()
    /// Since when a side takes nothing.
    var clientBlocked: NIODeadline?
    var brokerBlocked: NIODeadline?
    /// When the connection ends because only one side is left.
    var halfClosedEnd: NIODeadline?
}
