// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The columns' paths as a tree of keys and element indexes.
///
/// A path is written as its keys with dots between and elements in brackets: `data.clientAddress[0].ip`. A key that is
/// empty or has a dot, bracket, quote, backslash or control character is written as JSON text: `data."a.b"[2]`; so is a
/// key of the event itself that is the name of a real column or `martlet`: `"principal"`. Keys are compared after resolving escapes,
/// so that a column has the values of a path however it is spelled.
struct PathTree: Sendable {
    static let root: Int32 = -1
    static let noColumn: Int32 = -1

    private struct Edge: Hashable {
        let parent: Int32
        /// Empty for an element.
        let key: [UInt8]
        /// -1 for a key.
        let element: Int32
    }

    private struct Node {
        let path: String
        var column: Int32
    }

    private var nodes: [Node] = []
    private var edges: [Edge: Int32] = [:]

    /// The columns of a scan's leaves, those without one as `noColumn`.
    ///
    /// - Returns: how many have none; nil when two leaves have one path, which no valid event has.
    func columns(of scan: borrowing LeafScanner, _ bytes: RawSpan, into columns: inout [Int32]) -> Int? {
        columns.removeAll(keepingCapacity: true)
        var nodeOfStep: [Int32?] = []
        nodeOfStep.reserveCapacity(scan.steps.count)
        for step in scan.steps {
            let parent = step.parent == LeafScanner.noParent ? Self.root : nodeOfStep[Int(step.parent)]
            nodeOfStep.append(parent.flatMap { edges[edge(step, below: $0, bytes)] })
        }
        var missingCount = 0
        var seen: Set<Int32> = []
        for leaf in scan.leaves {
            let column = nodeOfStep[Int(leaf.step)].map { nodes[Int($0)].column } ?? Self.noColumn
            columns.append(column)
            if column == Self.noColumn {
                missingCount += 1
            } else if !seen.insert(column).inserted {
                return nil
            }
        }
        return missingCount
    }

    /// Gives a column to each leaf that has none, and returns the new columns' paths in order; nil, with nothing
    /// changed, when a path is too long or occurs twice.
    mutating func addColumns(
        of scan: borrowing LeafScanner,
        _ bytes: RawSpan,
        firstColumn: Int,
        limits: SegmentLimits,
        into columns: inout [Int32]
    ) -> [String]? {
        let before = self
        var paths: [String] = []
        var nodeOfStep: [Int32] = []
        nodeOfStep.reserveCapacity(scan.steps.count)
        for step in scan.steps {
            let parent = step.parent == LeafScanner.noParent ? Self.root : nodeOfStep[Int(step.parent)]
            let edge = edge(step, below: parent, bytes)
            if let node = edges[edge] {
                nodeOfStep.append(node)
                continue
            }
            let path = path(of: edge)
            guard path.utf8.count <= limits.maximumPathByteCount else {
                self = before
                return nil
            }
            let node = Int32(truncatingIfNeeded: nodes.count)
            nodes.append(Node(path: path, column: Self.noColumn))
            edges[edge] = node
            nodeOfStep.append(node)
        }
        for (place, leaf) in scan.leaves.enumerated() where columns[place] == Self.noColumn {
            let node = Int(nodeOfStep[Int(leaf.step)])
            guard nodes[node].column == Self.noColumn else {
                self = before
                return nil
            }
            let column = Int32(truncatingIfNeeded: firstColumn + paths.count)
            nodes[node].column = column
            columns[place] = column
            paths.append(nodes[node].path)
        }
        return paths
    }

    private func edge(_ step: LeafScanner.Step, below parent: Int32, _ bytes: RawSpan) -> Edge {
        step.isElement
            ? Edge(parent: parent, key: [], element: Int32(truncatingIfNeeded: step.key.start))
            : Edge(parent: parent, key: LeafScanner.key(bytes, step.key.range), element: -1)
    }

    private func path(of edge: Edge) -> String {
        let parent = edge.parent == Self.root ? "" : nodes[Int(edge.parent)].path
        guard edge.element < 0 else { return "\(parent)[\(edge.element)]" }
        let key = String(decoding: edge.key, as: UTF8.self)
        let isTop = edge.parent == Self.root
        let isPlain = Self.isPlain(edge.key) && !(isTop && SegmentColumns.reservedKeys.contains(edge.key))
        let text = isPlain ? key : JSONString.encode(key)
        return isTop ? text : "\(parent).\(text)"
    }

    private static func isPlain(_ key: [UInt8]) -> Bool {
        !key.isEmpty
            && !key.contains { byte in
                switch byte {
                case 0..<0x20, UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""),
                    UInt8(ascii: "\\"):
                    true
                default: false
                }
            }
    }
}
