// SPDX-License-Identifier: Apache-2.0

/// A resource name: `crn://authority/type=name/type=name…`, scopes first, the resource itself last.
///
/// ```
/// crn     = "crn://" [ authority ] "/" [ element *( "/" element ) ]
/// element = type "=" name
/// ```
///
/// The authority is `confluent.cloud`, a host of Confluent Platform's metadata service, or empty.
/// The slash after a bare authority may be missing. Names are kept with their percent escapes (RFC
/// 3986 §2.1) resolved.
package struct CRN: Hashable, Sendable {
    /// One `type=name`.
    package struct Element: Hashable, Sendable {
        package let type: String
        package let name: String

        package init(type: String, name: String) {
            self.type = type
            self.name = name
        }
    }

    /// In lower case, as hosts compare (RFC 3986 §3.2.2); may be empty.
    package let authority: String

    /// Outermost first; empty for the authority itself.
    package let elements: [Element]

    package init(authority: String, elements: [Element]) {
        self.authority = authority.lowercased()
        self.elements = elements
    }

    /// Reads a CRN; nil for any other text, and for one past `Limits`.
    package init?(_ text: String) {
        guard let parts = CRNText.parts(of: text) else { return nil }
        self.init(
            authority: parts.authority,
            elements: parts.elements.map { Element(type: $0.type, name: CRNText.withoutEscapes($0.name)) }
        )
    }

    /// The name of the innermost element of a type; `kafka` finds `kafka-cluster` too, which some
    /// services write.
    package subscript(type: String) -> String? {
        elements.last { Self.standardType($0.type) == Self.standardType(type) }?.name
    }

    /// What the name is about: its last element, nil for an authority alone.
    package var resource: Element? { elements.last }

    /// The scope directly around the resource; nil for an authority alone.
    package var parent: CRN? {
        elements.isEmpty ? nil : CRN(authority: authority, elements: elements.dropLast())
    }

    /// The scopes around the resource, nearest first, the authority alone last.
    package var scopes: [CRN] {
        elements.indices.reversed().map { CRN(authority: authority, elements: Array(elements[..<$0])) }
    }
}

extension CRN: CustomStringConvertible {
    /// The name with the escapes that it needs and no others; reads back to itself.
    package var description: String {
        "crn://\(authority)/"
            + elements.map { "\($0.type)=\(CRNText.withEscapes($0.name))" }.joined(separator: "/")
    }
}

// MARK: - Equivalence

extension CRN {
    /// The same name without the scopes that its own ids imply.
    ///
    /// Ids of organizations, environments and clusters are unique in the world, so nothing before
    /// the innermost of them tells more:
    /// `organization=o/environment=e/cloud-cluster=lkc-1/kafka=lkc-1/topic=t` is
    /// `kafka=lkc-1/topic=t`.
    package var shortened: CRN {
        let anchor = elements.lastIndex { Self.globallyUniqueTypes.contains(Self.standardType($0.type)) } ?? 0
        let rest = elements[anchor...].map { Element(type: Self.standardType($0.type), name: $0.name) }
        return CRN(authority: authority, elements: rest)
    }

    /// Whether two names mean the same resource: equal when shortened, with no scope named
    /// differently by both.
    ///
    /// An empty authority leaves open whose resource it is and agrees with any.
    package func isEquivalent(to other: CRN) -> Bool {
        guard authority == other.authority || authority.isEmpty || other.authority.isEmpty,
            shortened.elements == other.shortened.elements
        else { return false }
        return elements.allSatisfy { element in
            guard Self.globallyUniqueTypes.contains(Self.standardType(element.type)) else { return true }
            return other[element.type].map { $0 == element.name } ?? true
        }
    }

    private static let globallyUniqueTypes: Set<String> = [
        "organization", "environment", "cloud-cluster", "kafka", "schema-registry", "ksql",
    ]

    /// The usual spelling of an element's type.
    private static func standardType(_ type: String) -> String {
        switch type {
        case "kafka-cluster": "kafka"
        case "ksql-cluster": "ksql"
        default: type
        }
    }
}
