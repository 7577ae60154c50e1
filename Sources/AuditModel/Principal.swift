// SPDX-License-Identifier: Apache-2.0

/// The authenticated identity that an event is about.
///
/// Kafka's events write `User:u-1abc2d`, the cloud's write an object with the bare id and sometimes
/// an e-mail address. Both give the same principal here, written `User:u-1abc2d`.
package struct Principal: Hashable, Sendable {
    /// What kind of identity it is.
    package enum Kind: String, CaseIterable, Sendable {
        case user
        case serviceAccount = "service-account"
        case identityPool = "identity-pool"
        case group
        /// An identity that an outside identity provider vouches for.
        case externalAccount = "external-account"
        /// The vendor's own staff or automation.
        case `internal`
        /// Not authenticated, or of a principal type that is not known here.
        case unknown
    }

    package let kind: Kind

    /// Kafka's principal type, the part before the colon; nil for identities that are not written
    /// so.
    package let qualifier: String?

    /// The id or name without the principal type.
    package let name: String

    /// As the event has it.
    ///
    /// An address can change owner, so it names a principal only where no id stands.
    package let email: String?

    /// Another name under which the same event knows it, such as the integer id of `User:123456`.
    package let alias: String?

    package init(kind: Kind, qualifier: String?, name: String, email: String? = nil, alias: String? = nil) {
        self.kind = kind
        self.qualifier = qualifier
        self.name = name
        self.email = email
        self.alias = alias
    }

    /// Reads the string form: `User:alice`, `User:u-1abc2d`, `u-1abc2d`, `Group:staff`,
    /// `None:UNKNOWN_USER`.
    ///
    /// Only the first colon divides: `User:CN=a:b` has the name `CN=a:b`. nil for empty text and
    /// empty names.
    package init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            guard !text.isEmpty else { return nil }
            self.init(ofName: text)
            return
        }
        let qualifier = String(text[..<colon])
        let name = String(text[text.utf8.index(after: colon)...])
        guard !qualifier.isEmpty, !name.isEmpty else { return nil }
        switch qualifier {
        case "User": self.init(ofName: name)
        case "Group": self.init(kind: .group, qualifier: qualifier, name: name)
        default: self.init(kind: .unknown, qualifier: qualifier, name: name)
        }
    }

    /// A name that stands where a user is expected; its prefix tells what it is.
    private init(ofName name: String) {
        let kind = Self.kind(ofID: name)
        switch kind {
        case .group: self.init(kind: .group, qualifier: "Group", name: name)
        // Kafka calls a client that did not authenticate `User:ANONYMOUS`.
        case nil: self.init(kind: name == "ANONYMOUS" ? .unknown : .user, qualifier: "User", name: name)
        case .some(let kind): self.init(kind: kind, qualifier: "User", name: name)
        }
    }

    /// The kind that the prefix of an id gives away.
    private static func kind(ofID id: String) -> Kind? {
        if id.hasPrefix("u-") { return .user }
        if id.hasPrefix("sa-") { return .serviceAccount }
        if id.hasPrefix("pool-") { return .identityPool }
        if id.hasPrefix("group-") { return .group }
        if id == "confluent.privileged" { return .internal }
        return nil
    }
}

// MARK: - Names

extension Principal: CustomStringConvertible {
    /// `User:u-1abc2d`; the bare name of an identity without a principal type.
    package var description: String {
        qualifier.map { "\($0):\(name)" } ?? name
    }

    /// Every text that means this principal in its event, the description first, none twice.
    package var names: [String] {
        var names = [description]
        for other in [name, alias, email] {
            if let other, !names.contains(other) { names.append(other) }
        }
        return names
    }

    /// `User:` put before an id that is known by its prefix; other texts as they are.
    static func canonicalText(_ text: String) -> String {
        let bare = text.hasPrefix("User:") ? String(text.dropFirst("User:".count)) : text
        guard kind(ofID: bare) != nil else { return text }
        return Principal(ofName: bare).description
    }
}

// MARK: - In events

extension Principal {
    /// The principal of the event whose values these are; nil when the event names none.
    static func of(_ values: some EventValues) -> Principal? {
        let email = values.text(.principalEmail)
        for (path, kind) in objectForms {
            guard let id = values.text(path) else { continue }
            // Some records write `User:u-1abc2d` even here.
            let parsed = Principal(id)
            return Principal(
                kind: parsed?.kind == .internal ? .internal : kind,
                qualifier: kind == .group ? "Group" : "User",
                name: parsed?.qualifier == "User" ? parsed?.name ?? id : id,
                email: email
            )
        }
        if let subject = values.text(.principalExternalSubject) {
            return Principal(kind: .externalAccount, qualifier: nil, name: subject, email: email)
        }
        if let name = values.text(.principalInternal) {
            return Principal(kind: .internal, qualifier: nil, name: name, email: email)
        }
        if let principal = ofText(values) { return principal }
        return email.map { Principal(kind: .user, qualifier: nil, name: $0, email: $0) }
    }

    private static let objectForms: [(AuditPath, Kind)] = [
        (.principalUser, .user),
        (.principalServiceAccount, .serviceAccount),
        (.principalIdentityPool, .identityPool),
        (.principalGroup, .group),
    ]

    /// Kafka's form.
    ///
    /// `principalResourceId` is the id that the cloud form uses, so it wins over an integer id.
    private static func ofText(_ values: some EventValues) -> Principal? {
        let text = values.text(.principalText)
        guard let id = values.text(.principalResourceID), let principal = Principal(id) else {
            return text.flatMap(Principal.init)
        }
        return Principal(
            kind: principal.kind,
            qualifier: principal.qualifier,
            name: principal.name,
            alias: text == principal.description ? nil : text
        )
    }
}
