// SPDX-License-Identifier: Apache-2.0

package import ByteCoding

/// A value that a scan was asked for, and where it stands.
package struct Hit: Sendable, Equatable {
    /// The slot of the path that led here.
    package let slot: UInt16
    package let kind: JSONKind

    /// Offset of the value's first byte in the scanned bytes; of a string, of the byte after its opening quote.
    package let byteOffset: UInt32

    /// Length of the value's text; of a string, without its quotes.
    package var byteCount: UInt32

    /// The value's text in the bytes that were scanned.
    package var range: Range<Int> { Int(byteOffset)..<Int(byteOffset) + Int(byteCount) }
}
