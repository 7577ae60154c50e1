// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Makes the text of a value of what is stored of it.
///
/// For single values; `SegmentAssembler` has its own loops for many.
package struct ValuePrinter: Sendable {
    private var day = PrintedDay()

    package init() {}

    /// Appends the text of a column's value, nothing for a place that the column does not have.
    package mutating func append(_ column: ShreddedColumn, place: Int, to bytes: inout [UInt8]) {
        guard place >= 0, place < column.valueCount else { return }
        append(column, entry: column.codes.map { $0[place] } ?? place, to: &bytes)
    }

    /// Appends the text of a column's entry, nothing for one that the column does not have.
    package mutating func append(_ column: ShreddedColumn, entry: Int, to bytes: inout [UInt8]) {
        guard entry >= 0 else { return }
        switch column.entries {
        case .integers(let values):
            if values.indices.contains(entry) { append(values[entry], column.kind, to: &bytes) }
        case .fixed(let byteCount, let stored):
            let start = entry * byteCount
            if byteCount > 0, start + byteCount <= stored.count {
                append(stored[start..<start + byteCount], column.kind, to: &bytes)
            }
        case .variable(let offsets, let stored):
            if entry + 1 < offsets.count, offsets[entry] <= offsets[entry + 1], offsets[entry + 1] <= stored.count {
                append(stored[Int(offsets[entry])..<Int(offsets[entry + 1])], column.kind, to: &bytes)
            }
        }
    }

    /// Appends the text of stored bytes.
    package mutating func append(_ stored: ArraySlice<UInt8>, _ kind: ColumnKind, to bytes: inout [UInt8]) {
        switch kind {
        case .hexadecimal: for byte in stored { Hex.append(byte, to: &bytes) }
        case .uuid:
            for (place, byte) in stored.enumerated() {
                if place == 4 || place == 6 || place == 8 || place == 10 { bytes.append(UInt8(ascii: "-")) }
                Hex.append(byte, to: &bytes)
            }
        case .text, .json, .time, .integer: bytes.append(contentsOf: stored)
        }
    }

    /// Appends the text of a stored number.
    package mutating func append(_ value: Int64, _ kind: ColumnKind, to bytes: inout [UInt8]) {
        var text = ShortText(repeating: 0)
        let count =
            if case .time(let digits) = kind {
                TimeText.print(value, fractionDigits: Int(digits), day: &day, into: &text)
            } else {
                DecimalText.print(value, into: &text)
            }
        for place in 0..<count { bytes.append(text[place]) }
    }
}
