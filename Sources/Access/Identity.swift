// SPDX-License-Identifier: Apache-2.0

/// Who makes a request, once that is established, and what they may do.
package struct Identity: Hashable, Sendable {
    /// The principal as Martlet's own events name it: `token:<id>`, `loopback`.
    package let principal: String
    package let scopes: Scope

    package init(principal: String, scopes: Scope) {
        self.principal = principal
        self.scopes = scopes
    }

    /// Whoever may open a connection from the machine itself, where the operator allowed that without a token.
    package static let loopback = Identity(principal: "loopback", scopes: .admin)

    /// Does nothing when the identity has the scopes.
    ///
    /// - Throws: `missingScope`. Call it for every object and every request; its answer is never kept.
    package func require(_ needed: Scope) throws(AccessError) {
        guard scopes.permits(needed) else {
            throw AccessError(.missingScope, "\(principal) has the scopes \"\(scopes)\", which lack \"\(needed)\"")
        }
    }
}
