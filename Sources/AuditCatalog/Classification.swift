// SPDX-License-Identifier: Apache-2.0

/// What the catalogue says about one event.
package struct Classification: Sendable {
    package enum Standing: Sendable, Equatable {
        /// The method is known under the event's type, spelled like this.
        case known
        /// The method is known under the event's type, but records usually spell it otherwise.
        case otherSpelling(canonical: String)
        case unclassified(UnclassifiedReason)
    }

    /// Why an event could not be classified.
    ///
    /// The event is kept, counted and shown all the same.
    package enum UnclassifiedReason: String, Sendable, CaseIterable {
        /// The event has no type, or one that is no string.
        case missingType = "missing-type"
        /// The catalogue does not have the type.
        case unknownType = "unknown-type"
        /// The event names no method.
        case missingMethod = "missing-method"
        /// The catalogue has the type, but the method under no type at all.
        case unknownMethod = "unknown-method"
        /// The catalogue has the method, but not under the type that it came with.
        case methodOfAnotherType = "method-of-another-type"
    }

    package let standing: Standing
    /// The method's place in the catalogue; nil when unclassified.
    package let entry: CatalogEntry?
    /// The types under which the method is known, when it is not known under the event's.
    package let typesOfMethod: [String]

    let placement: CatalogPlacement
    /// A class like `entry` and `placement`, so that a classification is copied by a few pointers.
    let typeIndex: TypeIndex?
    let type: String?
    let method: String?
    let resourceType: String?
    /// False when categories share the name and the resource type did not tell which is meant.
    let isDecided: Bool

    /// The event's type as the catalogue describes it; nil when missing or unknown.
    package var eventType: CatalogEventType? { typeIndex?.type }

    /// The family's id.
    ///
    /// Unclassified events have it too when their type, or their type and resource type, leave one choice.
    package var family: String? { placement.family?.id }

    /// The category's id, under the same condition.
    package var category: String? { placement.category }

    /// The subcategory's id, under the same condition.
    package var subcategory: String? { placement.subcategory }

    /// How sure the method's name is; nil when unclassified.
    package var certainty: String? { entry?.method.certainty }

    /// Why the event was classified as it was, in one or more sentences of plain English.
    ///
    /// Trust: quotes the event's own strings; whoever prints it escapes control characters.
    package var explanation: String {
        var sentences = [mainSentence]
        if let eventType, let target = eventType.aliasOf {
            sentences.append("Event type \"\(eventType.name)\" is an earlier name of \"\(target)\".")
        }
        if let entry {
            if !isDecided {
                sentences.append("Several categories have this method and the resource type does not tell which.")
            }
            if let resourceType, !entry.covers(resourceType: resourceType), hasResourceTypes(entry) {
                sentences.append("The catalogue does not list resource type \"\(resourceType)\" there.")
            }
        } else if let family = placement.family {
            sentences.append(placementSentence(family))
        }
        return sentences.joined(separator: " ")
    }

    private var mainSentence: String {
        switch standing {
        case .known:
            guard let entry, let method else { return "" }
            let known =
                entry.method.isPrefix
                ? "\"\(method)\" begins like \"\(entry.method.name)\", a method whose full name is not known,"
                : "\"\(method)\" is a known method (\(entry.method.certainty))"
            return "\(known) of \(entry.family.name), \(entry.category.title)."
        case .otherSpelling(let canonical):
            guard let entry, let method else { return "" }
            return "\"\(method)\" is another spelling of \"\(canonical)\" (\(entry.method.certainty)), a method of "
                + "\(entry.family.name), \(entry.category.title)."
        case .unclassified(.missingType):
            return "The event has no type."
        case .unclassified(.unknownType):
            let unknown = "Event type \"\(type ?? "")\" is not in the catalogue"
            guard let method, !typesOfMethod.isEmpty else { return "\(unknown)." }
            return "\(unknown); method \"\(method)\" is known under \(quotedTypesOfMethod)."
        case .unclassified(.missingMethod):
            return "The event of type \"\(type ?? "")\" names no method."
        case .unclassified(.unknownMethod):
            return
                "Method \"\(method ?? "")\" is not in the catalogue, under \"\(type ?? "")\" or any other event type."
        case .unclassified(.methodOfAnotherType):
            return "Method \"\(method ?? "")\" is known under \(quotedTypesOfMethod), not under \"\(type ?? "")\"."
        }
    }

    private var quotedTypesOfMethod: String {
        typesOfMethod.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    private func placementSentence(_ family: CatalogFamily) -> String {
        let place = [family.id, placement.category, placement.subcategory].compactMap { $0 }.joined(separator: "/")
        guard let resourceType else { return "Its event type alone places it in \(place)." }
        return "Its event type and resource type \"\(resourceType)\" place it in \(place)."
    }

    private func hasResourceTypes(_ entry: CatalogEntry) -> Bool {
        !entry.category.resourceTypes.isEmpty || !entry.method.resourceTypes.isEmpty
    }
}
