// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// Writes the fields of a message that a projection names, as one JSON object, and no more than an event may hold.
struct ProjectionWriter {
    private let nameOfTopic: (KafkaUUID) -> String?
    private var json = JSONBytes(capacity: 512)
    private var valueCount = 0

    init(nameOfTopic: @escaping (KafkaUUID) -> String?) {
        self.nameOfTopic = nameOfTopic
    }

    /// The members of an object, with its braces.
    mutating func object(_ fields: KafkaFields, _ projection: Projection, extra: (inout JSONBytes) -> Void) -> [UInt8] {
        json.open()
        write(fields, projection.nodes, depth: 0)
        extra(&json)
        json.close()
        return json.bytes
    }

    var isFull: Bool {
        valueCount >= MappingLimits.valuesInData || json.bytes.count >= MappingLimits.dataByteCount
    }

    private mutating func write(_ fields: KafkaFields, _ nodes: [Projection.Node], depth: Int) {
        for node in nodes {
            guard let value = fields[node.field] else { continue }
            if isFull, node.inner.isEmpty == false || !value.elements.isEmpty {
                json.number("\(node.field)LeftOut", Int64(value.elements.count))
                continue
            }
            member(node, value, among: fields, depth: depth)
        }
    }

    private mutating func member(_ node: Projection.Node, _ value: KafkaValue, among fields: KafkaFields, depth: Int) {
        switch value {
        case .array(let elements):
            array(node, elements, depth: depth)
        case .fields(let inner):
            guard depth < MappingLimits.dataDepth else { return }
            json.open(node.field)
            write(inner, node.inner, depth: depth + 1)
            json.close()
        case .uuid(let id) where node.words == .topic:
            guard !id.isZero else { return }
            scalar(node.field, value, nil)
            json.string("resolvedName", ifThere: nameOfTopic(id)?.bounded)
        case .string where node.words == .config && SensitiveNames.contains(fields["name"]?.string):
            // The decoder withholds these already; what is asked twice is not let through by one mistake.
            scalar(node.field, .withheld, nil)
        default:
            scalar(node.field, value, node.words)
        }
    }

    private mutating func array(_ node: Projection.Node, _ elements: [KafkaValue], depth: Int) {
        guard depth < MappingLimits.dataDepth else { return }
        json.open(node.field, array: true)
        var written = 0
        for element in elements {
            if isFull || written >= MappingLimits.resourcesInEvent { break }
            written += 1
            if case .fields(let inner) = element {
                json.open()
                write(inner, node.inner, depth: depth + 1)
                json.close()
            } else {
                scalar(nil, element, node.words)
            }
        }
        json.close(array: true)
        if written < elements.count { json.number("\(node.field)LeftOut", Int64(elements.count - written)) }
    }

    private mutating func scalar(_ name: String?, _ value: KafkaValue, _ words: Projection.Words?) {
        valueCount += 1
        switch value {
        case .null: json.null(name)
        case .bool(let bool): json.bool(name, bool)
        case .integer(let number):
            if let word = words?.word(number) { json.string(name, word) } else { json.number(name, number) }
        case .float(let number):
            // JSON has no word for what is no number.
            if number.isFinite { json.plain(name, "\(number)") } else { json.string(name, "\(number)") }
        case .uuid(let id): json.string(name, id.description)
        case .string(let text): json.string(name, text.bounded)
        case .byteCount(let count): json.string(name, "<\(count) bytes>")
        case .withheld: json.string(name, "<withheld>")
        case .array, .fields: json.null(name)
        }
    }
}
