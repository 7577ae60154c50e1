// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// A way through the fields of a message, with the names that are met on it.
///
/// `groups[group=groupId].topics[topic=name|topicId].partitions[].errorCode` goes through three arrays to a code, and on
/// the way learns which group and topic the code is about. Several fields may hold the name: the first that says
/// something does. `topicNames[topic=]` takes the elements themselves.
struct FieldPath: Sendable {
    struct Step: Sendable {
        let field: String
        var isArray = false
        var resource: KafkaResource?
        /// Fields of the element that may hold its name; empty when the element itself is the name.
        var nameFields: [String] = []
    }

    let steps: [Step]

    init(_ text: String) {
        steps = text.split(separator: ".").map(Self.step)
    }

    private static func step(_ text: Substring) -> Step {
        guard let open = text.firstIndex(of: "["), text.last == "]" else { return Step(field: String(text)) }
        var step = Step(field: String(text[..<open]), isArray: true)
        let naming = text[text.index(after: open)...].dropLast().split(separator: "=", omittingEmptySubsequences: false)
        guard naming.count == 2 else { return step }
        step.resource = resource(naming[0])
        step.nameFields = naming[1].split(separator: "|").map(String.init)
        return step
    }

    private static func resource(_ word: Substring) -> KafkaResource? {
        switch word {
        case "topic": .topic
        case "group": .group
        case "transaction": .transactionalID
        default: nil
        }
    }
}

/// The names met on the way to a place.
struct NamesOnWay: Sendable {
    private(set) var all: [(resource: KafkaResource, name: ResourceName)] = []

    subscript(resource: KafkaResource) -> ResourceName? {
        all.last { $0.resource == resource }?.name
    }

    func adding(_ resource: KafkaResource, _ name: ResourceName) -> Self {
        var copy = self
        copy.all.append((resource, name))
        return copy
    }
}

extension FieldPath {
    /// Visits every value at the path's end, in the order of the message.
    ///
    /// - Parameters:
    ///   - fields: the message.
    ///   - nameOfTopic: what is known of a topic's id.
    ///   - visit: gets the names on the way and the value; the value is nil for a path that ends in an array of structures.
    func forEach(
        in fields: KafkaFields,
        nameOfTopic: (KafkaUUID) -> String?,
        visit: (NamesOnWay, KafkaValue?) -> Void
    ) {
        walk(fields, from: 0, NamesOnWay(), nameOfTopic, visit)
    }

    private func walk(
        _ fields: KafkaFields,
        from place: Int,
        _ names: NamesOnWay,
        _ nameOfTopic: (KafkaUUID) -> String?,
        _ visit: (NamesOnWay, KafkaValue?) -> Void
    ) {
        guard place < steps.count, let value = fields[steps[place].field] else { return }
        let step = steps[place]
        let isLast = place == steps.count - 1
        guard step.isArray else {
            if isLast {
                visit(names, value)
            } else if let inner = value.fields {
                walk(inner, from: place + 1, names, nameOfTopic, visit)
            }
            return
        }
        for element in value.elements {
            var inner = names
            if let resource = step.resource, let name = Self.name(element, step, nameOfTopic) {
                inner = names.adding(resource, name)
            }
            if isLast {
                visit(inner, nil)
            } else if let fields = element.fields {
                walk(fields, from: place + 1, inner, nameOfTopic, visit)
            }
        }
    }

    private static func name(
        _ element: KafkaValue,
        _ step: Step,
        _ nameOfTopic: (KafkaUUID) -> String?
    ) -> ResourceName? {
        if step.nameFields.isEmpty { return ResourceName(element, nameOfTopic) }
        guard let fields = element.fields else { return nil }
        for field in step.nameFields {
            if let value = fields[field], let name = ResourceName(value, nameOfTopic) { return name }
        }
        return nil
    }
}

extension ResourceName {
    /// The name that a value holds; nil for null, for the id of nothing and for what is no name.
    init?(_ value: KafkaValue, _ nameOfTopic: (KafkaUUID) -> String?) {
        switch value {
        case .string(let text): self.init(text: text)
        case .uuid(let id) where !id.isZero:
            if let name = nameOfTopic(id) {
                self.init(text: name, isResolved: true)
            } else {
                self.init(text: id.description, isID: true)
            }
        default: return nil
        }
    }
}
