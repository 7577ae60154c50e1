// SPDX-License-Identifier: Apache-2.0

extension Catalog {
    /// Says which family, category and method an event belongs to.
    ///
    /// The event type comes first: one name stands for a check under one type and for an act under another. Where
    /// categories of one type share a name, the resource type decides, and failing that the first of the file.
    ///
    /// - Parameters:
    ///   - type: the CloudEvents `type`, compared as it is.
    ///   - method: `data.methodName`, compared without regard to letter case when the exact spelling is not known.
    ///   - resourceType: the type of the resource acted upon, in the spelling of the event.
    /// - Returns: always an answer; what is not known is unclassified, with the reason.
    package func classify(type: String?, method: String?, resourceType: String? = nil) -> Classification {
        let known = type.flatMap { index.types[$0] }
        let method = method.flatMap { $0.isEmpty ? nil : $0 }

        func unclassified(_ reason: Classification.UnclassifiedReason, typesOfMethod: [String] = []) -> Classification {
            Classification(
                standing: .unclassified(reason),
                entry: nil,
                typesOfMethod: typesOfMethod,
                placement: known?.placement(resourceType: resourceType) ?? .none,
                typeIndex: known,
                type: type,
                method: method,
                resourceType: resourceType,
                isDecided: true
            )
        }

        guard let type, !type.isEmpty else { return unclassified(.missingType) }
        guard let known else {
            return unclassified(.unknownType, typesOfMethod: method.map(index.typesKnowing) ?? [])
        }
        guard let method else { return unclassified(.missingMethod) }
        let entries = known.entries(method: method)
        guard let first = entries.first else {
            let others = index.typesKnowing(method: method)
            return unclassified(others.isEmpty ? .unknownMethod : .methodOfAnotherType, typesOfMethod: others)
        }
        let byResourceType =
            entries.count == 1
            ? first : resourceType.flatMap { type in entries.first { $0.covers(resourceType: type) } }
        let entry = byResourceType ?? first
        let isSpelledSo = entry.method.isPrefix || entry.method.name == method
        return Classification(
            standing: isSpelledSo ? .known : .otherSpelling(canonical: entry.method.name),
            entry: entry,
            typesOfMethod: [],
            placement: entry.placement,
            typeIndex: known,
            type: type,
            method: method,
            resourceType: resourceType,
            isDecided: byResourceType != nil
        )
    }
}
