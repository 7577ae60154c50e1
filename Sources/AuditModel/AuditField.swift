// SPDX-License-Identifier: Apache-2.0

/// A field of the one set that every query, table and rule uses, whatever an event's own spelling
/// is.
///
/// The raw value is the name that people type.
package enum AuditField: String, CaseIterable, Sendable {
    case id
    case time
    case received
    case type
    case service
    case action
    case category
    case subcategory
    case family
    case method
    case principal
    case principalKind = "principal.kind"
    case credential
    case resource
    case resourceType = "resource.type"
    case resourceName = "resource.name"
    case organization
    case environment
    case cluster
    case outcome
    case clientIP = "client.ip"
    case clientID = "client.id"
    case requestID = "request.id"
    case connectionID = "connection.id"
    case source
    case subject
    case index
    case stream

    /// One line of help.
    package var summary: String {
        switch self {
        case .id: "the sender's id of the event, unique with its source"
        case .time: "when it happened, as the event says"
        case .received: "when Martlet accepted the event"
        case .type: "CloudEvents type, such as io.confluent.kafka.server/authorization"
        case .service: "CRN of the service that took the request"
        case .action: "last part of the type: authentication, authorization, request, access-transparency"
        case .category: "category in the catalogue"
        case .subcategory: "subcategory in the catalogue"
        case .family: "family in the catalogue: the kind of service"
        case .method: "the operation, such as kafka.CreateTopics"
        case .principal: "who did it, such as User:u-1abc2d; the bare id and the e-mail address find it too"
        case .principalKind: "user, service-account, identity-pool, group, external-account, internal, unknown"
        case .credential: "what the principal authenticated with, mostly an API key's id; never a secret"
        case .resource: "CRN of what it was done to"
        case .resourceType: "kind of resource in lower case with hyphens, such as topic or api-key"
        case .resourceName: "name or id of the resource without its scopes"
        case .organization: "id of the organization"
        case .environment: "id of the environment"
        case .cluster: "id of the Kafka cluster"
        case .outcome: "of an act success or failure, of a check allowed or denied, or unknown"
        case .clientIP: "network address of the client, without its port"
        case .clientID: "the name that the client gave itself"
        case .requestID: "id of the request"
        case .connectionID: "id of the authenticated connection"
        case .source: "CRN of what reported the event"
        case .subject: "CRN of what the event is about, as the envelope says"
        case .index: "place in the log, from 0"
        case .stream: "audit for what came in, system for Martlet's own events"
        }
    }

    /// Where the field comes from.
    package var origin: Origin {
        switch self {
        case .received, .index, .stream: .store
        case .family, .category, .subcategory: .catalogue
        default: .event
        }
    }

    /// Whether values are times, which compare as points in time and not as text.
    package var isTime: Bool { self == .time || self == .received }

    /// What knows the value of a field.
    package enum Origin: Sendable {
        /// The event's own bytes.
        case event
        /// The catalogue, from the event's type, method and kind of resource.
        case catalogue
        /// The store's frame around the event.
        case store
    }
}

// MARK: - Direct comparison

extension AuditField {
    /// The places whose value is the field's value, unchanged, in order of preference; nil for a
    /// field that is derived.
    ///
    /// The field has the values of the first place that holds any: scalars other than `null` and
    /// `""`. So a query over such a field may compare bytes and need not build an `AuditEvent`. Where
    /// an event writes one place twice, in two spellings, queries compare both where the field has
    /// a single place, and else only the first, which is also the one that is shown.
    package var directPaths: [AuditPath]? {
        switch self {
        case .id: [.id]
        case .type: [.type]
        case .source: [.source]
        case .subject: [.subject]
        case .service: [.serviceName]
        case .method: [.methodName]
        case .credential: [.credentialIdentifier, .credentialID, .credentialTokenSubject, .credentialCertificateName]
        case .clientID: [.clientID, .requestClientID]
        case .requestID: [.requestID]
        case .connectionID: [.connectionID]
        case .time, .received, .action, .category, .subcategory, .family, .principal, .principalKind, .resource,
            .resourceType, .resourceName, .organization, .environment, .cluster, .outcome, .clientIP, .index, .stream:
            nil
        }
    }

    /// The places of an event that the field's values depend on; they depend on nothing else in it.
    ///
    /// Empty for what only the store knows.
    package var paths: [AuditPath] {
        if let directPaths { return directPaths }
        let target: [AuditPath] = [
            .resourceName, .subject, .serviceName, .source, .authorizationResourceType, .authorizationResourceName,
            .cloudResourceType, .cloudResourceID, .cloudScopeType, .cloudScopeID,
        ]
        return switch self {
        case .time: [.time]
        case .action: [.type]
        case .principal, .principalKind:
            [
                .principalEmail, .principalUser, .principalServiceAccount, .principalIdentityPool, .principalGroup,
                .principalExternalSubject, .principalInternal, .principalText, .principalResourceID,
            ]
        case .resource:
            [.resourceName, .subject, .cloudResourceType, .cloudResourceID, .cloudScopeType, .cloudScopeID]
        case .resourceType, .resourceName, .organization, .environment, .cluster: target
        case .outcome: [.type, .resultStatus, .authorizationGranted, .authorizationResult, .authenticationResult]
        case .clientIP: [.clientAddressIP, .clientAddressText, .checkedClientAddress]
        case .category, .subcategory, .family: [.type, .methodName] + target
        case .id, .type, .service, .method, .credential, .clientID, .requestID, .connectionID, .source, .subject,
            .received, .index, .stream:
            []
        }
    }

    /// The way the field's values are written, given another way of writing one.
    ///
    /// Whoever compares a text with a field passes the text through here first. `u-1abc2d` becomes
    /// `User:u-1abc2d`, `CLOUD_CLUSTER` and `CloudCluster` become `cloud-cluster`. Applying it
    /// twice changes nothing more.
    package func canonicalValue(_ text: String) -> String {
        switch self {
        case .principal: Principal.canonicalText(text)
        case .resourceType: ResourceKind.canonicalText(text)
        case .principalKind, .outcome, .action, .stream: text.lowercased()
        case .clientIP: ClientAddress.withoutPort(text)
        default: text
        }
    }
}
