// SPDX-License-Identifier: Apache-2.0

/// What an event was done to, put together from the four places where records say so.
///
/// 1. `data.resourceName`, else the envelope's `subject`: a CRN.
/// 2. `authorizationInfo.resourceType` and `.resourceName`: the kind and name that a check was about.
/// 3. `cloudResources[]`: kind and id of the target, and of each scope around it.
/// 4. `serviceName`, else `source`: CRN of the service, which for Kafka is the cluster.
struct Target {
    let resource: String?
    let type: String?
    let name: String?
    let organization: String?
    let environment: String?
    let cluster: String?

    init(_ values: some EventValues) {
        let listed = Self.listedElements(values)
        let named = values.text([.resourceName, .subject])
        let crn = named.flatMap { CRN($0) }
        resource = named ?? Self.crn(of: listed)?.description

        type = (values.text(.authorizationResourceType) ?? listed.last?.type ?? crn?.resource?.type)
            .map(ResourceKind.canonicalText)
        name = values.text(.authorizationResourceName) ?? listed.last?.name ?? crn?.resource?.name

        // Read only when the target's own name leaves something open, which is rare.
        lazy var fallbacks = [AuditPath.subject, .serviceName, .source].compactMap {
            values.text($0).flatMap { CRN($0) }
        }
        func scope(_ types: [String]) -> String? {
            for type in types {
                if let name = crn?[type] { return name }
            }
            for type in types {
                if let element = listed.last(where: { $0.type == type }) { return element.name }
            }
            for fallback in fallbacks {
                for type in types {
                    if let name = fallback[type] { return name }
                }
            }
            return nil
        }
        organization = scope(["organization"])
        environment = scope(["environment"])
        cluster = scope(["kafka", "cloud-cluster", "kafka-cluster"])
    }

    /// The first of the listed targets with the scopes around it, outermost first; the target
    /// itself last.
    ///
    /// Empty when the record lists none. The scopes of several targets cannot be told apart here,
    /// and the first target's come first in the document: a scope of a kind that was there before
    /// belongs to the next target.
    private static func listedElements(_ values: some EventValues) -> [CRN.Element] {
        guard let type = values.text(.cloudResourceType), let id = values.text(.cloudResourceID) else { return [] }
        var elements: [CRN.Element] = []
        let types = values.texts(.cloudScopeType)
        let ids = values.texts(.cloudScopeID)
        // A type without its id, or the reverse, would pair the rest wrongly; then the scopes are
        // not used.
        if types.count == ids.count {
            for (type, id) in zip(types, ids) {
                let element = CRN.Element(type: ResourceKind.canonicalText(type), name: id)
                if elements.contains(where: { $0.type == element.type }) { break }
                elements.append(element)
            }
        }
        elements.append(CRN.Element(type: ResourceKind.canonicalText(type), name: id))
        return elements
    }

    /// The canonical CRN of a listed target: what lives in a Kafka cluster gets the `kafka` element
    /// that lists omit.
    private static func crn(of listed: [CRN.Element]) -> CRN? {
        guard let target = listed.last else { return nil }
        var elements = listed.dropLast()
        if typesInKafkaClusters.contains(target.type), let scope = elements.last, scope.type == "cloud-cluster" {
            elements.append(CRN.Element(type: "kafka", name: scope.name))
        }
        return CRN(authority: "confluent.cloud", elements: elements + [target])
    }

    private static let typesInKafkaClusters: Set<String> = ["topic", "group", "transactional-id", "cluster-link"]
}
