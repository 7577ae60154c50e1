// SPDX-License-Identifier: Apache-2.0

/// Bounds of what is taken from SASL messages, all of which strangers write.
package enum SASLLimits {
    /// `sasl.server.max.receive.size` of a broker; it closes the connection for more.
    package static let messageByteCount = 524_288
    /// A name beyond it is cut: the longest subject of a certificate seen had 180.
    package static let nameByteCount = 256
    /// Registered mechanisms have at most 20 characters (RFC 4422 §3.1).
    package static let mechanismByteCount = 64
    /// What a broker says of a failure; beyond it, cut.
    package static let errorMessageByteCount = 512
    /// How deep a token's claims may nest; a payload beyond is not read.
    static let claimDepth = 16
    /// Audiences named of one token; others are left out.
    static let audienceCount = 8
}
