// SPDX-License-Identifier: Apache-2.0

/// The values of one path of a segment, in the order of the rows that have one.
package struct ShreddedColumn: Sendable, Equatable {
    /// The path as other engines see it: `data.clientAddress[0].ip`; empty for the column of raw events.
    package var path: String
    package var kind: ColumnKind
    package var forms: LeafForms
    /// For each value the place of its entry; nil when the entries are the values.
    package var codes: ColumnCodes?
    package var entries: ColumnEntries

    package init(
        path: String,
        kind: ColumnKind,
        forms: LeafForms,
        codes: ColumnCodes?,
        entries: ColumnEntries
    ) {
        self.path = path
        self.kind = kind
        self.forms = forms
        self.codes = codes
        self.entries = entries
    }

    package var valueCount: Int { codes?.count ?? entries.count }

    /// Bytes of memory.
    package var byteCount: Int {
        let codes =
            switch codes {
            case nil: 0
            case .narrow(let codes): codes.count * 2
            case .wide(let codes): codes.count * 4
            }
        return switch entries {
        case .integers(let values): codes + values.count * 8
        case .fixed(_, let bytes): codes + bytes.count
        case .variable(let offsets, let bytes): codes + offsets.count * 4 + bytes.count
        }
    }
}

/// Values, or the entries of a dictionary in the order in which they first came.
package enum ColumnEntries: Sendable, Equatable {
    /// Of the kinds `time` and `integer`.
    case integers([Int64])
    /// Of the kinds `uuid` and `hexadecimal`, when all have one length.
    case fixed(byteCount: Int, bytes: [UInt8])
    /// Of the kinds `text`, `json` and `hexadecimal`: one offset more than there are entries.
    case variable(offsets: [UInt32], bytes: [UInt8])

    package var count: Int {
        switch self {
        case .integers(let values): values.count
        case .fixed(let byteCount, let bytes): byteCount > 0 ? bytes.count / byteCount : 0
        case .variable(let offsets, _): max(0, offsets.count - 1)
        }
    }
}

/// What becomes of a segment's events: a shape for each row, and the values that the shapes ask for.
package struct ShreddedSegment: Sendable {
    package let shapes: ShapeTable
    /// The shape of each row; 0 is that of raw events.
    package let rowShapes: [UInt16]
    /// One for each path; column 0 has the raw events.
    ///
    /// A column without values is one whose value always follows from another.
    package let columns: [ShreddedColumn]
}
