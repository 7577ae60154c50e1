// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// What a log signs of a pack: the text of `manifest.note`.
///
/// Its first line is no origin of ours, and its second no size: it is never read as a checkpoint.
package enum PackStatement {
    package static let name = "martlet.dev/pack@v1"

    /// The text: the statement's name, the log's, and SHA-256 of the manifest in Base64, each on a line.
    package static func text(origin: String, manifest: [UInt8]) -> [UInt8] {
        Array("\(name)\n\(origin)\n\(PackDigest.of(manifest).base64)\n".utf8)
    }
}
