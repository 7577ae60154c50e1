// SPDX-License-Identifier: Apache-2.0

/// Tells by a setting's name whether its value is a secret.
///
/// It errs on the side of secrecy: a harmless value that is withheld costs a reader a look into the configuration, a password
/// in an audit log cannot be taken back. Names with a listener's prefix (`listener.name.internal.ssl.key.password`) and those of
/// plugins are covered because only the end or a part has to fit.
package enum SensitiveNames {
    private static let parts: [[UInt8]] = [
        "password", "passwd", "passphrase", "secret", "credential", "token", "jaas", "private",
    ].map { Array($0.utf8) }

    /// `ssl.keystore.key` is a private key in PEM; other keys are taken to be secret too.
    private static let ending = Array("key".utf8)

    /// Whether the value of a setting with this name is withheld; a setting without a name has it withheld.
    package static func contains(_ name: String?) -> Bool {
        guard let name, !name.isEmpty else { return true }
        // Kafka's names are ASCII; the bit that tells capitals from small letters means nothing in dots and digits.
        let folded = name.utf8.map { $0 | 0x20 }
        return folded.indices.contains { start in parts.contains { folded[start...].starts(with: $0) } }
            || folded.suffix(ending.count).elementsEqual(ending)
    }
}
