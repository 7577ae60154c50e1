// SPDX-License-Identifier: Apache-2.0

/// The shapes of a segment: for each the literal texts of its events, and which column's value stands between them.
///
/// With the number of a row's shape and the row's values, this is all that an event's bytes are made of.
package struct ShapeTable: Sendable, Equatable {
    /// A column as the shapes know it.
    package struct Column: Sendable, Equatable {
        package let path: String
        package let kind: ColumnKind
        package let forms: LeafForms

        package init(path: String, kind: ColumnKind, forms: LeafForms) {
            self.path = path
            self.kind = kind
            self.forms = forms
        }
    }

    /// A literal and the value behind it.
    package struct Part: BitwiseCopyable, Sendable, Equatable {
        /// Which of the table's literals.
        package let literal: UInt32
        /// The column of the value's own path, whether or not its value is stored there; `noColumn` behind the last
        /// literal of a shape.
        package let column: UInt16
        /// The column that has the value: another one when the value follows from that.
        package let storedColumn: UInt16
        package let transform: LeafTransform
        package let form: LeafForms

        package init(
            literal: UInt32,
            column: UInt16 = Part.noColumn,
            storedColumn: UInt16 = Part.noColumn,
            transform: LeafTransform = .whole,
            form: LeafForms = []
        ) {
            self.literal = literal
            self.column = column
            self.storedColumn = storedColumn
            self.transform = transform
            self.form = form
        }

        package static let noColumn = UInt16.max

        package var hasValue: Bool { column != Self.noColumn }
    }

    /// The shape of raw events: column 0 and nothing around it.
    package static let rawShape: UInt16 = 0
    package static let rawColumn: UInt16 = 0

    package internal(set) var columns: [Column]

    /// Where each literal begins, and last the end of all.
    package internal(set) var literalOffsets: [UInt32] = [0]
    package internal(set) var literalBytes: [UInt8] = []

    /// Parts of all shapes, one behind the other.
    package internal(set) var parts: [Part] = []
    /// Where the parts of each shape begin, and last the end of all.
    package internal(set) var partOffsets: [UInt32] = [0]

    init(columns: [Column]) {
        self.columns = columns
    }

    package var shapeCount: Int { partOffsets.count - 1 }
    package var literalCount: Int { literalOffsets.count - 1 }

    /// The parts of a shape; traps beyond the last shape.
    package func parts(of shape: UInt16) -> ArraySlice<Part> {
        parts[Int(partOffsets[Int(shape)])..<Int(partOffsets[Int(shape) + 1])]
    }

    package func literal(_ number: UInt32) -> ArraySlice<UInt8> {
        literalBytes[Int(literalOffsets[Int(number)])..<Int(literalOffsets[Int(number) + 1])]
    }

    /// The columns with a value in each row of a shape, each once, in the order of the text.
    ///
    /// A column has a value in a row exactly if it is one of these: no other place says so.
    package func storedColumns(of shape: UInt16) -> [UInt16] {
        var seen: Set<UInt16> = []
        var columns: [UInt16] = []
        for part in parts(of: shape) where part.hasValue && seen.insert(part.storedColumn).inserted {
            columns.append(part.storedColumn)
        }
        return columns
    }

    /// An event of a shape with nothing in it: empty strings, zeros, empty objects.
    ///
    /// What is the same in all events of a shape is in this one: which paths there are, and each boolean, null and empty
    /// container. A scanner that is asked for those in this text has the answer for every row of the shape. Of raw events
    /// there is nothing to say, and the text is empty.
    package func emptyEvent(of shape: UInt16) -> [UInt8] {
        var text: [UInt8] = []
        for part in parts(of: shape) {
            text += literal(part.literal)
            if part.form == .number { text.append(UInt8(ascii: "0")) }
            if part.form == .json { text += [UInt8(ascii: "{"), UInt8(ascii: "}")] }
        }
        return text
    }
}
