// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// A root that the tree has to have at a size, and what became of it.
struct Milestone: Sendable {
    enum Verdict: Sendable {
        /// The tree was not that large.
        case notReached
        case right
        case wrong
        /// A hash below it is known to nobody.
        case unknown
    }

    let size: UInt64
    let root: LogHash

    /// The file that says so.
    let file: String
    /// Whether the caller said so.
    let isTrusted: Bool
    var verdict = Verdict.notReached
    /// Of the tree that is anchored in the stored tiles.
    var anchoredVerdict = Verdict.notReached

    init(size: UInt64, root: LogHash, file: String, isTrusted: Bool = false) {
        self.size = size
        self.root = root
        self.file = file
        self.isTrusted = isTrusted
    }
}
