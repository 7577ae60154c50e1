// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol
import Synchronization

/// The brokers that were heard of, and where clients find each of them on the gateway.
///
/// Controllers are none: an answer that names them names no node.
///
/// `Mutex`: the nodes; nothing else is locked while it is held.
final class NodeTable: Sendable {
    private struct State {
        var brokers: [Int32: BrokerAddress] = [:]
        var bound: Set<Int32> = []
        /// Nodes whose port could not be listened at.
        var unavailable: Set<Int32> = []
        var isChanged = false
        var announced: Set<NodeEndpoint> = []
    }

    private let addressing: NodeAddressing
    private let advertisedHost: String
    /// The port that clients are told for the bootstrap address.
    private let advertisedPort: Int
    private let state = Mutex(State())

    init(_ addressing: NodeAddressing, advertisedHost: String, advertisedPort: Int) {
        self.addressing = addressing
        self.advertisedHost = advertisedHost
        self.advertisedPort = advertisedPort
    }

    /// Where clients are sent for a node; nil when it has no address on the gateway.
    ///
    /// Whether its port is listened at is not asked: that has to be so before the client hears of it.
    func mapping(_ node: NodeEndpoint) -> NodeEndpoint? {
        switch addressing {
        case .names(let names):
            guard node.nodeID >= 0, let port = Int32(exactly: advertisedPort) else { return nil }
            return NodeEndpoint(nodeID: node.nodeID, host: names.name(of: node.nodeID), port: port)
        case .ports(let range):
            guard range.contains(node.nodeID), let port = Self.port(node.nodeID, bootstrap: advertisedPort),
                state.withLock({ !$0.unavailable.contains(node.nodeID) })
            else { return nil }
            return NodeEndpoint(nodeID: node.nodeID, host: advertisedHost, port: Int32(port))
        }
    }

    /// The port of a node; nil beyond the last port there is.
    static func port(_ node: Int32, bootstrap: Int) -> Int? {
        let port = bootstrap + 1 + Int(node)
        return (1...65_535).contains(port) ? port : nil
    }

    /// Whether clients may only hear of a node after its port is listened at, and it is not.
    func needsPort(_ node: Int32) -> Bool {
        guard case .ports(let range) = addressing, range.contains(node) else { return false }
        return state.withLock { !$0.bound.contains(node) && !$0.unavailable.contains(node) }
    }

    func bound(_ node: Int32) {
        state.withLock {
            $0.bound.insert(node)
            $0.unavailable.remove(node)
        }
    }

    func unavailable(_ node: Int32) {
        state.withLock { _ = $0.unavailable.insert(node) }
    }

    // MARK: - Brokers

    /// Notes where nodes are; a node that moved is where it was heard of last.
    func learn(_ nodes: [NodeEndpoint]) {
        state.withLock { state in
            for node in nodes {
                guard node.nodeID >= 0, !node.host.isEmpty, (1...65_535).contains(node.port) else { continue }
                let address = BrokerAddress(host: node.host, port: Int(node.port))
                guard state.brokers[node.nodeID] != address else { continue }
                guard state.brokers[node.nodeID] != nil || state.brokers.count < GatewayLimits.nodes else { continue }
                state.brokers[node.nodeID] = address
                state.isChanged = true
            }
        }
    }

    /// Where a node is; nil for one that was never heard of.
    func broker(_ node: Int32) -> BrokerAddress? {
        state.withLock { $0.brokers[node] }
    }

    /// The node of a server name; nil for the bootstrap name and every other.
    func node(ofName name: String) -> Int32? {
        guard case .names(let names) = addressing else { return nil }
        return names.node(of: name)
    }

    /// Nodes that were heard of, in order.
    var nodes: [Int32] { state.withLock { $0.brokers.keys.sorted() } }

    /// Whether an address is unmapped for the first time, so that it is said once and not with every answer.
    func isFirstUnmapped(_ node: NodeEndpoint) -> Bool {
        state.withLock { state in
            guard state.announced.count < GatewayLimits.nodes else { return false }
            return state.announced.insert(node).inserted
        }
    }

    // MARK: - Keeping it

    /// The table as a text, when it changed since the last call: a line for each node, `id host port`.
    func takeChanges() -> String? {
        state.withLock { state in
            guard state.isChanged else { return nil }
            state.isChanged = false
            return state.brokers.sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value.host) \($0.value.port)\n" }.joined()
        }
    }

    /// Takes back a table that was kept; lines that are none are passed over.
    func restore(_ text: String) {
        let nodes = text.split(separator: "\n").compactMap { line -> NodeEndpoint? in
            let words = line.split(separator: " ")
            guard words.count == 3, let node = Int32(words[0]), let port = Int32(words[2]) else { return nil }
            return NodeEndpoint(nodeID: node, host: String(words[1]), port: port)
        }
        learn(nodes)
        state.withLock { $0.isChanged = false }
    }
}
