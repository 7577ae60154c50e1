// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The ports of nodes, listened at from when a node is first heard of.
///
/// `Mutex`: the listeners; nothing else is locked while it is held.
final class NodePorts: Sendable {
    private struct State {
        var opening: [Int32: EventLoopFuture<Void>] = [:]
        var listeners: [any Channel] = []
        var isClosed = false
    }

    private let group: any EventLoopGroup
    private let nodes: NodeTable
    private let logger: Logger
    private let bind: @Sendable (Int32) -> EventLoopFuture<any Channel>
    private let state = Mutex(State())

    /// - Parameters:
    ///   - group: of the loops.
    ///   - nodes: told of what is listened at.
    ///   - logger: for ports that can't be had.
    ///   - bind: begins to listen for a node.
    init(
        _ group: any EventLoopGroup,
        nodes: NodeTable,
        logger: Logger,
        bind: @escaping @Sendable (Int32) -> EventLoopFuture<any Channel>
    ) {
        self.group = group
        self.nodes = nodes
        self.logger = logger
        self.bind = bind
    }

    /// Listens for nodes; succeeds when each has its port, and fails when one can't have it.
    ///
    /// A node whose port can't be had is unmapped from then on.
    func open(_ wanted: [Int32], on loop: any EventLoop) -> EventLoopFuture<Void> {
        let futures = wanted.filter { nodes.needsPort($0) }.map { open($0) }
        return EventLoopFuture.andAllSucceed(futures.map { $0.hop(to: loop) }, on: loop)
    }

    private func open(_ node: Int32) -> EventLoopFuture<Void> {
        let promise = group.next().makePromise(of: Void.self)
        let earlier = state.withLock { state -> EventLoopFuture<Void>? in
            if let earlier = state.opening[node] { return earlier }
            state.opening[node] = promise.futureResult
            return nil
        }
        if let earlier {
            promise.succeed()
            return earlier
        }
        bind(node).map { [self] channel in opened(node, channel) }.flatMapErrorThrowing { [self] error in
            nodes.unavailable(node)
            logger.error(
                "a node has no port: its address is taken out of answers",
                metadata: ["kafka.node_id": "\(node)", "error": "\(error)"]
            )
            throw error
        }.cascade(to: promise)
        return promise.futureResult
    }

    private func opened(_ node: Int32, _ channel: any Channel) {
        nodes.bound(node)
        add(channel)
        logger.info(
            "a node has its port",
            metadata: ["kafka.node_id": "\(node)", "net.port": "\(channel.localAddress?.port ?? 0)"]
        )
    }

    /// Has a listener closed with the others.
    func add(_ listener: any Channel) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.listeners.append(listener) }
            return state.isClosed
        }
        if isClosed { listener.close(promise: nil) }
    }

    /// Stops listening.
    func close() async {
        let listeners = state.withLock { state in
            state.isClosed = true
            return state.listeners
        }
        for listener in listeners { try? await listener.close() }
    }
}
