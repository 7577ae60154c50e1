// SPDX-License-Identifier: Apache-2.0

/// Why an access was refused or the store of tokens could not answer.
///
/// Messages never contain a token or a secret. They are for operators and for Martlet's own events: a caller from
/// outside learns only that it is not authenticated (see `Code.isAuthenticationFailure`), or which scope it lacks.
package struct AccessError: Error {
    package enum Code: Sendable, Hashable, CaseIterable {
        // MARK: Rejected

        /// The text is no token: wrong length, prefix or character, or its check does not match. Found without a store.
        case malformedToken
        /// The form is right and no such token was ever created here.
        case unknownToken
        /// The identifier exists and the secret is not its own.
        case wrongSecret
        /// The token is past its expiry.
        case expiredToken
        /// The token was revoked.
        case revokedToken
        /// The identity is established and may not do this.
        case missingScope
        /// A scope's name is not known, or none is given.
        case invalidScope
        /// A token's name is empty, too long, or holds control characters.
        case invalidName
        /// A token would expire before it exists.
        case invalidExpiry
        /// The store holds as many tokens as it may.
        case tooManyTokens

        // MARK: Unavailable

        /// The store cannot be opened, read or written now; nothing was changed. Retry, and refuse meanwhile.
        case storeUnavailable
        /// The random source repeats itself or gives too little, so no token is made from it.
        case randomSourceBroken

        // MARK: Integrity

        /// The store's file or a row of it does not hold what was written there.
        case storeDamaged
        /// The store's file can be reached by other users, or is no regular file of ours.
        case storeUnprotected
        /// A later version wrote the store; this one does not know what the tables mean.
        case storeTooNew

        /// Whether a caller is told the same "not authenticated" (HTTP 401) for it.
        package var isAuthenticationFailure: Bool {
            switch self {
            case .malformedToken, .unknownToken, .wrongSecret, .expiredToken, .revokedToken: true
            default: false
            }
        }
    }

    package let code: Code
    /// Lowercase, without a trailing stop.
    package let message: String
    /// The token that it is about, by its identifier, which is no secret.
    package let tokenID: String?
    /// The file that it is about.
    package let file: String?
    package let cause: (any Error)?

    package init(
        _ code: Code,
        _ message: String,
        tokenID: String? = nil,
        file: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.tokenID = tokenID
        self.file = file
        self.cause = cause
    }
}

extension AccessError: CustomStringConvertible {
    package var description: String {
        [file, message].compactMap(\.self).joined(separator: ": ")
    }
}
