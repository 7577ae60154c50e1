// SPDX-License-Identifier: Apache-2.0

/// The codes of a column's values, in 16 bits as long as the dictionary allows: most never have more entries.
package enum ColumnCodes: Sendable, Equatable {
    case narrow([UInt16])
    case wide([UInt32])

    package var count: Int {
        switch self {
        case .narrow(let codes): codes.count
        case .wide(let codes): codes.count
        }
    }

    package subscript(_ place: Int) -> Int {
        switch self {
        case .narrow(let codes): Int(codes[place])
        case .wide(let codes): Int(codes[place])
        }
    }

    /// All codes in 32 bits.
    package var widened: [UInt32] {
        switch self {
        case .narrow(let codes): codes.map(UInt32.init)
        case .wide(let codes): codes
        }
    }
}
