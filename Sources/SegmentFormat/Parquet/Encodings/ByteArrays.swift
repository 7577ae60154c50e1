// SPDX-License-Identifier: Apache-2.0

/// Byte strings one behind the other, and where each ends.
///
/// One allocation for the bytes and one for the offsets: an array of arrays costs an allocation a value, which was a
/// third of the time of sealing.
package struct ByteArrays: Equatable, Sendable {
    package private(set) var bytes: [UInt8] = []

    /// Where each value begins, and at the end where the last one ends; the first is 0.
    package private(set) var offsets: [UInt32] = [0]

    package init() {}

    package init(_ values: some Sequence<some Sequence<UInt8>>) {
        for value in values {
            bytes.append(contentsOf: value)
            offsets.append(UInt32(bytes.count))
        }
    }

    /// Takes over bytes and offsets.
    ///
    /// - Throws: `invalidArgument` when the offsets do not begin with 0, descend, or do not end where the bytes do.
    package init(bytes: [UInt8], offsets: [UInt32]) throws(SegmentError) {
        var isAscending = true
        let span = offsets.span
        for index in 1..<max(1, span.count) where span[index] < span[index &- 1] { isAscending = false }
        guard isAscending, offsets.first == 0, offsets.last.map(Int.init) == bytes.count else {
            throw SegmentError(.invalidArgument, "\(offsets.count) offsets do not divide \(bytes.count) bytes")
        }
        self.bytes = bytes
        self.offsets = offsets
    }

    package var count: Int { offsets.count - 1 }

    /// Where a value's bytes stand.
    @inline(__always)
    package subscript(index: Int) -> Range<Int> {
        Int(offsets[index])..<Int(offsets[index + 1])
    }

    package func value(_ index: Int) -> [UInt8] {
        Array(bytes[self[index]])
    }

    func byteRange(_ range: Range<Int>) -> Range<Int> {
        Int(offsets[range.lowerBound])..<Int(offsets[range.upperBound])
    }

    func byteCount(_ range: Range<Int>) -> Int {
        byteRange(range).count
    }

    mutating func reserve(count added: Int, byteCount: Int) {
        offsets.reserveCapacity(offsets.count + added)
        bytes.reserveCapacity(bytes.count + byteCount)
    }

    /// Appends a value.
    ///
    /// - Throws: `tooLarge` when the offsets do not reach so far.
    package mutating func append(_ value: RawSpan) throws(SegmentError) {
        guard let end = UInt32(exactly: bytes.count + value.byteCount) else { throw Self.tooLarge }
        bytes.append(value)
        offsets.append(end)
    }

    /// Appends values that stand one behind the other; the lengths add up to the bytes and none is negative.
    mutating func append(_ raw: RawSpan, lengths: Span<Int32>) throws(SegmentError) {
        guard UInt32(exactly: bytes.count + raw.byteCount) != nil else { throw Self.tooLarge }
        var end = UInt32(bytes.count)
        bytes.append(raw)
        offsets.reserveCapacity(offsets.count + lengths.count)
        for index in lengths.indices {
            end &+= UInt32(bitPattern: lengths[index])
            offsets.append(end)
        }
    }

    private static var tooLarge: SegmentError {
        SegmentError(.tooLarge, "byte arrays of more than \(UInt32.max) bytes together")
    }
}
