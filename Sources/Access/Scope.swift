// SPDX-License-Identifier: Apache-2.0

/// What an identity may do.
///
/// Nobody may delete or change an entry of the log; there is no scope for it.
package struct Scope: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// May hand in events, and cannot read any.
    package static let ingest = Scope(rawValue: 1 << 0)
    /// May search, show and tail events.
    package static let read = Scope(rawValue: 1 << 1)
    /// May do everything, tokens and configuration included.
    package static let admin = Scope(rawValue: 1 << 2)

    /// May take checkpoints, tiles, proofs, and receipts that open nothing; sees no event.
    package static let verify = Scope(rawValue: 1 << 3)

    /// Every scope with the name that people type and that the store keeps.
    package static let named: [(name: String, scope: Scope)] = [
        ("ingest", .ingest), ("read", .read), ("verify", .verify), ("admin", .admin),
    ]

    /// Whether everything in `needed` is granted.
    ///
    /// `contains` does not know that admin implies the rest, and read what says less than the events; this does.
    package func permits(_ needed: Scope) -> Bool {
        contains(.admin) || isSuperset(of: needed) || contains(.read) && isSuperset(of: needed.subtracting(.verify))
    }
}

extension Scope: CustomStringConvertible {
    /// The names with one space between them, in the order of `named`.
    package var description: String {
        Scope.named.filter { contains($0.scope) }.map(\.name).joined(separator: " ")
    }

    /// Names with spaces or commas between them.
    ///
    /// - Throws: `invalidScope` for a name that does not exist and for text without any name.
    package init(parsing text: String) throws(AccessError) {
        var scopes: Scope = []
        for name in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            guard let match = Scope.named.first(where: { $0.name == name }) else {
                let known = Scope.named.map(\.name).joined(separator: ", ")
                throw AccessError(.invalidScope, "\"\(name)\" is not one of the scopes \(known)")
            }
            scopes.insert(match.scope)
        }
        guard !scopes.isEmpty else { throw AccessError(.invalidScope, "no scope is named") }
        self = scopes
    }
}
