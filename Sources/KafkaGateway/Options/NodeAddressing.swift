// SPDX-License-Identifier: Apache-2.0

/// How clients tell the gateway which node they mean.
package enum NodeAddressing: Sendable {
    /// Node n has the port of the bootstrap address + 1 + n, for the node ids of a range.
    ///
    /// A node outside the range has no address here; what names it is an alarm.
    case ports(nodeIDs: ClosedRange<Int32>)
    /// Each node has a name, all on the bootstrap port, which needs TLS: the client's hello says which.
    case names(NodeNames)
}

/// Names of nodes, such as `broker-$(nodeId).kafka.example.com`.
package struct NodeNames: Hashable, Sendable {
    private static let variable = "$(nodeId)"

    private let prefix: String
    private let suffix: String

    /// Reads a pattern; nil when it has not exactly one variable.
    package init?(_ pattern: String) {
        let pattern = pattern.lowercased()
        let parts = pattern.split(separator: Self.variable.lowercased(), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        prefix = String(parts[0])
        suffix = String(parts[1])
    }

    func name(of node: Int32) -> String { "\(prefix)\(node)\(suffix)" }

    /// The node of a name; nil for other names, among them the bootstrap one.
    func node(of name: String) -> Int32? {
        let name = name.lowercased()
        guard name.count > prefix.count + suffix.count, name.hasPrefix(prefix), name.hasSuffix(suffix) else {
            return nil
        }
        let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
        guard let node = Int32(digits), node >= 0, digits == String(node) else { return nil }
        return node
    }
}
