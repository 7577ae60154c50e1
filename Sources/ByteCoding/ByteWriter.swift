// SPDX-License-Identifier: Apache-2.0

/// Builds bytes from integers and byte strings, little-endian.
///
/// All our own formats are little-endian: it is what the processors are, and it lets a reader load words in place.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    package var count: Int { bytes.count }

    package mutating func append(_ value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<(value.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    package mutating func append(_ raw: some Sequence<UInt8>) {
        bytes.append(contentsOf: raw)
    }

    package mutating func append(_ raw: RawSpan) {
        unsafe raw.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
}
