// SPDX-License-Identifier: Apache-2.0

/// Why bytes are no part of a pack, or a pack cannot be read or written.
package struct PackError: Error, Equatable, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        /// The bytes are not a manifest, or not the one text of it.
        case malformedManifest
        /// A line of `proofs.ndjson` or `hashes` is none, or not the one text of what it says.
        case malformedLine
        /// More bytes than `PackLimits` allows.
        case tooLarge
        /// What the pack is read from failed; nothing is known of the pack.
        case unreadable
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
