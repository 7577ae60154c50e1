// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// Topics that answers have shown to exist, and their ids; the ones not met for longest are forgotten.
///
/// Two halves: what is met goes into the younger; when that is full the older is dropped and takes its place.
struct TopicNames: Sendable {
    private struct Half {
        var names: [KafkaUUID: String] = [:]
        /// Nil for topics whose id no answer had.
        var ids: [String: KafkaUUID?] = [:]

        mutating func forget(_ name: String) {
            if let id = ids.removeValue(forKey: name) ?? nil { names[id] = nil }
        }
    }

    private var young = Half()
    private var old = Half()
    private let limit: Int

    init(limit: Int = MappingLimits.topicNames) {
        self.limit = max(1, limit)
    }

    func name(of id: KafkaUUID) -> String? {
        young.names[id] ?? old.names[id]
    }

    /// Whether a topic of this name is there, as far as is known.
    func isKnown(_ name: String) -> Bool {
        young.ids[name] != nil || old.ids[name] != nil
    }

    /// Notes that a topic is there; `id` is nil where the answer's version has none.
    mutating func learn(_ name: String, id: KafkaUUID?) {
        let id = id.flatMap { $0.isZero ? nil : $0 }
        if let known = young.ids[name] {
            guard let id, known != id else { return }
            young.forget(name)
        }
        if young.ids.count >= limit { (old, young) = (young, Half()) }
        young.ids[name] = .some(id)
        if let id { young.names[id] = name }
    }

    mutating func forget(_ name: String) {
        young.forget(name)
        old.forget(name)
    }
}
