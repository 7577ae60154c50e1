// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// A line of `hashes`: the hash of a perfect subtree, of 2^level leaves from index · 2^level on.
///
/// `<level> <index> <Base64>`; one value has one text.
package struct NodeLine: Equatable, Sendable {
    package let node: NodeCoordinate
    package let hash: LogHash

    package init(_ node: NodeCoordinate, _ hash: LogHash) {
        self.node = node
        self.hash = hash
    }

    /// The line, with its newline.
    package func encoded() -> [UInt8] { Self.prefix(node) + Array("\(hash.base64)\n".utf8) }

    /// Reads a line, without its newline, that is to be of this node.
    ///
    /// - Throws: `malformedLine` when it is of another, or none.
    package init(parsing line: [UInt8], of node: NodeCoordinate) throws(PackError) {
        let prefix = Self.prefix(node)
        guard line.starts(with: prefix), let hash = LogHash(base64: line[prefix.count...]) else {
            throw PackError(.malformedLine, "the hash of level \(node.level), index \(node.index) is expected here")
        }
        self.init(node, hash)
    }

    private static func prefix(_ node: NodeCoordinate) -> [UInt8] { Array("\(node.level) \(node.index) ".utf8) }
}
