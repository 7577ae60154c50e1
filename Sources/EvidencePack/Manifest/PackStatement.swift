// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// What a log signs of a pack: the text of `manifest.note`.
///
/// Lines: the statement's name; SHA-256 of the manifest in Base64; the log's name. The second is no size, whatever the log
/// is called, so it is never read as a checkpoint.
package enum PackStatement {
    package static let name = "martlet.dev/pack@v1"

    package static func text(origin: String, manifest: [UInt8]) -> [UInt8] {
        Array("\(name)\n\(PackDigest.of(manifest).base64)\n\(origin)\n".utf8)
    }
}
