// SPDX-License-Identifier: Apache-2.0

/// What the store tells about a token; neither the secret nor its hash is in it.
///
/// Times are counted from 1970-01-01T00:00:00Z and kept in nanoseconds.
package struct TokenRecord: Hashable, Sendable {
    package let id: String
    /// As its creator typed it: a label, not unique and never used for a decision.
    package let name: String
    package let scopes: Scope
    package let created: Duration
    /// The token is valid before this time and no longer at it; nil means until revoked.
    package let expires: Duration?
    /// Up to a minute early (see `Limits.lastUseGranularity`); nil means never.
    package let lastUsed: Duration?
    package let revoked: Duration?

    /// The principal that a request with this token has.
    package var principal: String { "token:\(id)" }

    package enum Standing: String, Hashable, Sendable {
        case active
        case expired
        case revoked
    }

    /// Whether the token is accepted at a time.
    ///
    /// Revoked wins over expired.
    package func standing(at now: Duration) -> Standing {
        if revoked != nil { return .revoked }
        if let expires, now >= expires { return .expired }
        return .active
    }
}

/// A token that was just made.
///
/// Its text exists here only; the store has the hash.
package struct CreatedToken: Sendable {
    package let record: TokenRecord
    /// The whole token, to be shown once.
    package let text: Secret
}
