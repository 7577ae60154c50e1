// SPDX-License-Identifier: Apache-2.0

/// The layouts of all messages in all versions: one row of nodes, made of the descriptions at first use.
struct MessageTable: Sendable {
    static let shared = MessageTable()

    let nodes: [LayoutNode]
    let names: [String]
    let hints: [LayoutHint]
    private let apis: [API?]

    private struct API {
        let versions: ClosedRange<Int16>
        let firstFlexibleVersion: Int16?
        /// Index of the first node, by version.
        var request: [Int] = []
        var answer: [Int] = []
    }

    private init() {
        var parser = MessageTextParser()
        for text in MessageText.all { parser.read(text) }
        var builder = LayoutBuilder()
        var apis: [API?] = []
        for described in parser.apis {
            var api = API(versions: described.versions, firstFlexibleVersion: described.firstFlexibleVersion)
            for version in described.versions {
                let isFlexible = described.firstFlexibleVersion.map { version >= $0 } ?? false
                api.request.append(builder.add(described.request, version: version, isFlexible: isFlexible))
                api.answer.append(builder.add(described.answer, version: version, isFlexible: isFlexible))
            }
            let key = Int(described.key)
            if apis.count <= key { apis += Array(repeating: nil, count: key + 1 - apis.count) }
            apis[key] = api
        }
        self.apis = apis
        nodes = builder.nodes
        names = parser.names
        hints = parser.hints
    }

    /// Index of a message's node; nil for what is not described.
    func root(_ api: APIKey, version: Int16, _ direction: MessageDirection) -> Int? {
        guard let known = self[api], known.versions.contains(version) else { return nil }
        let index = Int(version - known.versions.lowerBound)
        return direction == .request ? known.request[index] : known.answer[index]
    }

    func versions(of api: APIKey) -> ClosedRange<Int16>? {
        self[api]?.versions
    }

    func firstFlexibleVersion(of api: APIKey) -> Int16? {
        self[api]?.firstFlexibleVersion
    }

    private subscript(api: APIKey) -> API? {
        let key = Int(api.rawValue)
        return apis.indices.contains(key) ? apis[key] : nil
    }
}

/// Puts the fields that a version has in a row.
private struct LayoutBuilder {
    private(set) var nodes: [LayoutNode] = []

    typealias Field = MessageTextParser.Field

    /// Returns the index of the message's node.
    mutating func add(_ fields: [Field], version: Int16, isFlexible: Bool) -> Int {
        let root = nodes.count
        nodes.append(
            LayoutNode(name: 0, kind: .structure, marks: isFlexible ? .isCompact : [], tag: -1, hint: -1)
        )
        addFields(fields[...], at: 0, of: root, version: version)
        return root
    }

    private mutating func addFields(_ fields: ArraySlice<Field>, at depth: Int, of parent: Int, version: Int16) {
        let isFlexible = nodes[parent].isCompact
        var minimum = isFlexible ? 1 : 0
        for isTagged in [false, true] {
            if isTagged { nodes[parent].untaggedCount = UInt16(nodes.count - parent - 1) }
            for index in fields.indices {
                let field = fields[index]
                guard field.depth == depth, field.versions.contains(version), (field.tag >= 0) == isTagged else {
                    continue
                }
                let inner = fields[(index + 1)...].prefix { $0.depth > depth }
                let node = add(field, with: inner, version: version, isFlexible: isFlexible)
                if !isTagged { minimum += Self.minimumByteCount(of: nodes[node]) }
                if nodes[node].marks.contains(.holdsEndpoint) { nodes[parent].marks.insert(.holdsEndpoint) }
            }
        }
        nodes[parent].innerCount = UInt16(nodes.count - parent - 1)
        findRuns(in: parent)
        nodes[parent].minimumByteCount = UInt16(minimum)
    }

    private mutating func findRuns(in parent: Int) {
        var fields: [Int] = []
        var next = parent + 1
        while next < parent + 1 + Int(nodes[parent].untaggedCount) {
            fields.append(next)
            next += 1 + Int(nodes[next].innerCount)
        }
        var (count, byteCount) = (UInt16(0), UInt16(0))
        // Fields with a fixed size have no fields of their own, so those of a run stand next to each other.
        for index in fields.reversed() {
            if let size = nodes[index].isArray ? nil : nodes[index].kind.fixedByteCount {
                (count, byteCount) = (count + 1, byteCount + UInt16(size))
                (nodes[index].fixedCount, nodes[index].fixedByteCount) = (count, byteCount)
            } else {
                (count, byteCount) = (0, 0)
            }
        }
    }

    private mutating func add(
        _ field: Field,
        with inner: ArraySlice<Field>,
        version: Int16,
        isFlexible: Bool
    ) -> Int {
        var marks = field.marks
        if isFlexible { marks.insert(.isCompact) }
        if let nullable = field.nullable, nullable.contains(version) { marks.insert(.isNullable) }
        let index = nodes.count
        nodes.append(LayoutNode(name: field.name, kind: field.kind, marks: marks, tag: field.tag, hint: field.hint))
        switch field.kind {
        case .structure: addFields(inner, at: field.depth + 1, of: index, version: version)
        case .string: nodes[index].minimumByteCount = isFlexible ? 1 : 2
        case .bytes: nodes[index].minimumByteCount = isFlexible ? 1 : 4
        default: nodes[index].minimumByteCount = UInt16(field.kind.fixedByteCount ?? 1)
        }
        return index
    }

    /// Of the value, where the node knows that of an element.
    private static func minimumByteCount(of node: LayoutNode) -> Int {
        if node.isArray { return node.isCompact ? 1 : 4 }
        // A null structure is one byte.
        if node.kind == .structure, node.isNullable { return 1 }
        return Int(node.minimumByteCount)
    }
}
