// SPDX-License-Identifier: Apache-2.0

/// A pattern over resource names, as Confluent Platform's audit log routes use them.
///
/// A CRN whose names may be `*` or end in `*`: `crn:///kafka=*/topic=billing-*`. It matches a CRN
/// with the same types of elements in the same order and number. An empty authority matches any; a
/// given one only itself.
package struct CRNPattern: Hashable, Sendable {
    package let authority: String
    package let elements: [Element]

    /// A type and what its name must be.
    package struct Element: Hashable, Sendable {
        package let type: String
        package let name: Name
    }

    /// What a name must be.
    package enum Name: Hashable, Sendable {
        case exactly(String)
        /// Begins with this, which is empty for `*`.
        case prefix(String)
    }

    /// Reads a pattern; nil for text that is no CRN.
    ///
    /// An asterisk elsewhere than at the end of a name is itself.
    package init?(_ text: String) {
        guard let parts = CRNText.parts(of: text) else { return nil }
        authority = parts.authority.lowercased()
        elements = parts.elements.map { element in
            let name: Name =
                element.name.hasSuffix("*")
                ? .prefix(CRNText.withoutEscapes(String(element.name.dropLast())))
                : .exactly(CRNText.withoutEscapes(element.name))
            return Element(type: element.type, name: name)
        }
    }

    package func matches(_ crn: CRN) -> Bool {
        guard authority.isEmpty || authority == crn.authority, elements.count == crn.elements.count else {
            return false
        }
        return zip(elements, crn.elements).allSatisfy { pattern, element in
            guard pattern.type == element.type else { return false }
            switch pattern.name {
            case .exactly(let name): return element.name == name
            case .prefix(let prefix): return element.name.utf8.starts(with: prefix.utf8)
            }
        }
    }

    /// Whether this pattern goes before another when both match one CRN.
    ///
    /// A given authority goes before an empty one; then, from left to right, a whole name before a
    /// prefix and a longer prefix before a shorter.
    package func isMoreSpecific(than other: CRNPattern) -> Bool {
        if authority.isEmpty != other.authority.isEmpty { return other.authority.isEmpty }
        for (own, others) in zip(elements, other.elements) where own.name != others.name {
            switch (own.name, others.name) {
            case (.exactly, .prefix): return true
            case (.prefix(let prefix), .prefix(let shorter)): return prefix.utf8.count > shorter.utf8.count
            case (.exactly, .exactly), (.prefix, .exactly): return false
            }
        }
        return false
    }

    /// Of the patterns that match, the most specific one: the only one that applies.
    package static func mostSpecific(of patterns: some Sequence<CRNPattern>, matching crn: CRN) -> CRNPattern? {
        var best: CRNPattern?
        for pattern in patterns where pattern.matches(crn) {
            guard let current = best else {
                best = pattern
                continue
            }
            if pattern.isMoreSpecific(than: current) { best = pattern }
        }
        return best
    }
}
