// SPDX-License-Identifier: Apache-2.0

/// Where a broker says that it or another can be reached.
package struct NodeEndpoint: Hashable, Sendable {
    package var nodeID: Int32
    package var host: String
    package var port: Int32

    package init(nodeID: Int32, host: String, port: Int32) {
        self.nodeID = nodeID
        self.host = host
        self.port = port
    }
}

/// Changes the answers that would lead clients around the gateway.
///
/// Which fields hold a broker's address says the mark `endpoint` in the description of the messages.
package enum AnswerRewriter {
    package struct Rewritten: Sendable {
        /// With its header, without the length before it.
        package let answer: [UInt8]
        /// The brokers that the answer named, as it named them.
        package let nodes: [NodeEndpoint]
        /// Those that could not be mapped; no client got to know them.
        package let unmapped: [NodeEndpoint]
    }

    /// Whether answers have addresses of brokers.
    package static func holdsEndpoints(_ api: APIKey, version: Int16) -> Bool {
        let table = MessageTable.shared
        return table.root(api, version: version, .answer).map { table.nodes[$0].marks.contains(.holdsEndpoint) }
            ?? false
    }

    /// Replaces hosts and ports.
    ///
    /// An address that `mapping` does not know is blanked (host "", port -1), or its entry dropped where that is what a client
    /// expects; and so are addresses of controllers, which are not asked for. Entries without a host stay as they are: they
    /// lead nowhere. All other bytes, unknown tagged fields and whatever follows the message included, stay as they are.
    ///
    /// The answer begins with the first byte behind the length. When this throws, also because a mapped host is longer than a
    /// string may be, the answer must not be passed on.
    package static func rewrite(
        _ answer: RawSpan,
        _ api: APIKey,
        version: Int16,
        mapping: (NodeEndpoint) -> NodeEndpoint?
    ) throws(KafkaFormatError) -> Rewritten {
        let table = MessageTable.shared
        guard let root = table.root(api, version: version, .answer) else {
            throw KafkaFormatError(.unknownLayout, at: 0)
        }
        var reader = KafkaReader()
        _ = try reader.integer(Int32.self, from: answer)
        if MessageLayouts.hasTaggedAnswerHeader(api, version: version) { try reader.skipTags(in: answer) }
        var walk = EndpointWalk(table: table, reader: reader)
        try walk.message(at: root, answer, mapping)
        walk.copy(upTo: answer.byteCount, answer)
        return Rewritten(answer: walk.writer.bytes, nodes: walk.nodes, unmapped: walk.unmapped)
    }
}
