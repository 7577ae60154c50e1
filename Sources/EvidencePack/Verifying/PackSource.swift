// SPDX-License-Identifier: Apache-2.0

/// Where a pack is read from; all of it is untrusted.
///
/// Reads block, and are made one at a time by whoever called `verify`.
package protocol PackSource {
    /// Bytes that there are.
    var byteCount: Int { get }

    /// Exactly these bytes.
    ///
    /// - Throws: `unreadable`, also when there have become fewer.
    func bytes(_ range: Range<Int>) throws(PackError) -> [UInt8]
}

/// A pack in memory.
package struct PackBytes: PackSource, Sendable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var byteCount: Int { bytes.count }

    package func bytes(_ range: Range<Int>) throws(PackError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
            throw PackError(.unreadable, "there are \(bytes.count) bytes")
        }
        return Array(bytes[range])
    }
}
