// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol
import Logging
import NIOCore
import NIOPosix
import NIOSSL

extension GatewayConnection {
    // MARK: - Connecting

    /// Goes to the client's node, or to a bootstrap server.
    ///
    /// A node that nobody told of yet is asked for at a bootstrap server: its answers name the right one.
    func connect() {
        let known = information.nodeID.flatMap { shared.nodes.broker($0) }
        candidates = known.map { [$0] } ?? shared.options.bootstrapServers
        tryNext()
    }

    private func tryNext() {
        connectTimeout?.cancel()
        guard state == .connecting else { return }
        guard attempt < candidates.count else { return end(.unreachableBroker) }
        let address = candidates[attempt]
        attempt += 1
        let attempt = attempt
        let timeout = TimeAmount(shared.options.times.connect)
        let bound = NIOLoopBound(self, eventLoop: loop)
        connectTimeout = loop.scheduleTask(in: timeout) { bound.value.brokerFailed(attempt: attempt, nil) }
        ClientBootstrap(group: loop)
            .gatewayOptions()
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try bound.value.prepare(channel, address, attempt: attempt)
                }
            }
            .connect(host: address.host, port: address.port)
            .whenFailure { error in bound.value.brokerFailed(attempt: attempt, error) }
    }

    private func prepare(_ channel: any Channel, _ address: BrokerAddress, attempt: Int) throws {
        if let context = shared.brokerTLS, let tls = shared.options.brokerTLS {
            try channel.pipeline.syncOperations.addHandler(tls.handler(context, host: address.host))
        }
        try channel.pipeline.syncOperations.addHandler(
            BrokerHandler(self, attempt: attempt, isEncrypted: shared.brokerTLS != nil)
        )
    }

    /// Takes the broker's side; false when it comes too late.
    func brokerIsReady(_ context: ChannelHandlerContext, attempt: Int) -> Bool {
        guard state == .connecting, attempt == self.attempt else { return false }
        connectTimeout?.cancel()
        connectTimeout = nil
        open(context)
        return true
    }

    /// Tries the next server when it was this attempt that failed.
    func brokerFailed(attempt: Int, _ error: (any Error)?) {
        guard state == .connecting, attempt == self.attempt else { return }
        shared.logger.warning(
            "a broker could not be connected to",
            metadata: [
                "connection.id": "\(information.id)", "net.host": "\(candidates[attempt - 1])",
                "error": "\(error.map { "\($0)" } ?? "no answer in time")",
            ]
        )
        tryNext()
    }
}

extension ClientBootstrap {
    /// The options of a socket that carries Kafka's frames.
    func gatewayOptions() -> ClientBootstrap {
        channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: .gateway)
            .channelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator.gateway)
    }
}

extension ServerBootstrap {
    /// The options of a listener for Kafka's frames.
    func gatewayOptions() -> ServerBootstrap {
        serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .gateway)
            .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator.gateway)
    }
}

extension ChannelOptions.Types.WriteBufferWaterMark {
    static var gateway: Self {
        let range = GatewayLimits.writeBufferByteCounts
        return Self(low: range.lowerBound, high: range.upperBound)
    }
}

extension AdaptiveRecvByteBufferAllocator {
    static var gateway: Self {
        let range = GatewayLimits.readByteCounts
        return Self(minimum: range.lowerBound, initial: range.lowerBound, maximum: range.upperBound)
    }
}
