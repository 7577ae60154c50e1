// SPDX-License-Identifier: Apache-2.0

/// One fact in one form: who did what to which resource, when, from where, and with what outcome.
///
/// A view of a record, made for reading. The record's bytes stay the evidence; nothing here is
/// written back to them. nil means that the record does not say.
///
/// **Trust:** all of it is as the sender wrote it. `clientID` is what the client called itself, and
/// `clientIP` may be a proxy's.
package struct AuditEvent: Equatable, Sendable {
    package let id: String?
    package let source: String?
    package let type: String?
    package let subject: String?

    /// nil when the record has no time or one that cannot be read; see `timeText`.
    package let time: Timestamp?

    /// The time as it stands in the record.
    package let timeText: String?

    package let service: String?
    package let action: AuditAction?
    package let method: String?
    package let principal: Principal?

    /// What the principal authenticated with: an API key's id, a token's subject, a certificate's
    /// name.
    package let credential: String?

    /// The CRN of the target as the record writes it, or one built from the scopes that it lists.
    package let resource: String?

    /// In lower case with hyphens, whatever the record's spelling.
    package let resourceType: String?

    package let resourceName: String?
    package let organization: String?
    package let environment: String?
    package let cluster: String?
    package let outcome: Outcome

    /// Mostly one; several when a request passed through several hosts.
    package let clientIPs: [String]

    package let clientID: String?
    package let requestIDs: [String]
    package let connectionID: String?

    /// The event whose values a scanner found.
    package init(_ values: some EventValues) {
        id = values.text(.id)
        source = values.text(.source)
        let type = values.text(.type)
        self.type = type
        subject = values.text(.subject)
        timeText = values.text(.time)
        time = timeText.flatMap { Timestamp($0) }
        service = values.text(.serviceName)
        let action = type.flatMap(AuditAction.init(ofType:))
        self.action = action
        method = values.text(.methodName)
        principal = Principal.of(values)
        credential = AuditField.credential.directPaths.flatMap { values.text($0) }
        let target = Target(values)
        resource = target.resource
        resourceType = target.type
        resourceName = target.name
        organization = target.organization
        environment = target.environment
        cluster = target.cluster
        outcome = Outcome.of(values, action: action)
        clientIPs = ClientAddress.all(values)
        clientID = AuditField.clientID.directPaths.flatMap { values.text($0) }
        requestIDs = values.texts(.requestID)
        connectionID = values.text(.connectionID)
    }
}

// MARK: - By field

extension AuditEvent {
    /// The value to show for a field; nil when the event has none or does not know it (see
    /// `AuditField.origin`).
    package func value(of field: AuditField) -> String? {
        switch field {
        case .id: id
        case .time: shownTime
        case .type: type
        case .service: service
        case .action: action?.rawValue
        case .method: method
        case .principal: principal?.description
        case .principalKind: principal?.kind.rawValue
        case .credential: credential
        case .resource: resource
        case .resourceType: resourceType
        case .resourceName: resourceName
        case .organization: organization
        case .environment: environment
        case .cluster: cluster
        case .outcome: outcome.rawValue
        case .clientIP: clientIPs.first
        case .clientID: clientID
        case .requestID: requestIDs.first
        case .connectionID: connectionID
        case .source: source
        case .subject: subject
        case .received, .category, .subcategory, .family, .index, .stream: nil
        }
    }

    /// All values that a query for the field may match, the shown one first.
    ///
    /// More than one for the principal (`User:u-1abc2d`, `u-1abc2d`, the e-mail address), for the
    /// resource (as written and shortened), for addresses and for request ids.
    package func values(of field: AuditField) -> [String] {
        switch field {
        case .principal: principal?.names ?? []
        case .resource: resourceNames
        case .clientIP: clientIPs
        case .requestID: requestIDs
        default: value(of: field).map { [$0] } ?? []
        }
    }

    /// As the record writes it, and shortened, so that the short form of a CRN finds every form of
    /// it.
    private var resourceNames: [String] {
        guard let resource else { return [] }
        guard let short = CRN(resource)?.shortened.description, short != resource else { return [resource] }
        return [resource, short]
    }

    /// In UTC, or the record's own text where that says more than a `Timestamp` can hold.
    private var shownTime: String? {
        guard let time, time != .distantFuture, time != .distantPast else { return timeText }
        return time.description
    }
}

extension AuditField {
    /// As `AuditEvent.values(of:)`, without reading the event's other fields.
    package func values(in values: some EventValues) -> [String] {
        if let paths = directPaths {
            for path in paths {
                let texts = values.texts(path)
                if !texts.isEmpty { return self == .requestID ? texts : [texts[0]] }
            }
            return []
        }
        switch self {
        case .principal: return Principal.of(values)?.names ?? []
        case .principalKind: return Principal.of(values).map { [$0.kind.rawValue] } ?? []
        case .clientIP: return ClientAddress.all(values)
        case .action: return values.text(.type).flatMap(AuditAction.init(ofType:)).map { [$0.rawValue] } ?? []
        case .outcome:
            return [Outcome.of(values, action: values.text(.type).flatMap(AuditAction.init(ofType:))).rawValue]
        default: return AuditEvent(values).values(of: self)
        }
    }
}
