// SPDX-License-Identifier: Apache-2.0

import EventReading
import EventScanner

/// Finds out what a field is in each row of a segment, once for each different combination of what it depends on.
///
/// For each combination an event is made that has these values and nothing else of its own, and it is read as any event is.
/// So nothing is decided here that is not decided of an event's own bytes.
struct FieldColumnReader {
    private let question: FieldQuestion
    private let shapes: ShapeTable

    /// Says which columns are needed.
    let plan: ReadingPlan

    init(_ question: FieldQuestion, _ shapes: ShapeTable) {
        self.question = question
        self.shapes = shapes
        var readings = ShapeReadings(shapes, question.table, spellings: question.spellings)
        var hits: [[PlacedHit]?] = []
        for shape in 0..<shapes.shapeCount {
            hits.append(readings.readingWithOpaque(of: UInt16(truncatingIfNeeded: shape), slots: question.slots))
        }
        plan = ReadingPlan(hits)
    }

    /// The field's column.
    ///
    /// - Parameters:
    ///   - segment: has the values of the plan's columns, and raw events; what is in other columns does not matter.
    ///   - stored: for each shape the columns with a value in its rows.
    /// - Returns: a code for each row, and what the codes stand for.
    func column(_ segment: ShreddedSegment, stored: [[UInt16]]) -> FieldColumn {
        var rows = RowCodes(plan, segment, stored: stored)
        let lists = ValueLists(question)
        let events = EventMaker(segment)
        let codes = rows.all { place in
            lists.code(of: events.rawEvent(place))
        } find: { recipe, entries in
            lists.code(of: events.event(recipe, entries))
        }
        return FieldColumn(codes, lists.lists)
    }
}

/// Numbers the different lists of values of a field.
///
/// A class, so that two closures may add to it.
private final class ValueLists {
    private let question: FieldQuestion
    private var scanner: ObjectScanner
    /// By bytes, because texts of `String` that only look the same are equal.
    private var codes: [[[UInt8]]: UInt32] = [:]
    /// Those of the codes from 1 on.
    private(set) var lists: [[String]] = []

    init(_ question: FieldQuestion) {
        self.question = question
        scanner = ObjectScanner(question.table, limits: .unbounded)
    }

    /// The code of what the field is in an event; 0 when it has no value.
    func code(of event: [UInt8]) -> UInt32 {
        guard (try? unsafe scanner.scan(event.span.bytes, in: 0..<event.count)) != nil else { return 0 }
        let values = question.values(ScannedValues(bytes: event, hits: scanner.hits))
        guard !values.isEmpty else { return 0 }
        let key = values.map { Array($0.utf8) }
        if let known = codes[key] { return known }
        lists.append(values)
        let code = UInt32(truncatingIfNeeded: lists.count)
        codes[key] = code
        return code
    }
}

/// Makes events of a shape with chosen values.
private final class EventMaker {
    private let segment: ShreddedSegment
    private var printer = ValuePrinter()
    private var text: [UInt8] = []

    init(_ segment: ShreddedSegment) {
        self.segment = segment
    }

    func rawEvent(_ place: Int) -> [UInt8] {
        text.removeAll(keepingCapacity: true)
        printer.append(segment.columns[Int(ShapeTable.rawColumn)], place: place, to: &text)
        return text
    }

    /// An event of the recipe's shape with these entries of its columns; other values are empty.
    func event(_ recipe: ReadingPlan.Recipe, _ entries: [Int]) -> [UInt8] {
        text.removeAll(keepingCapacity: true)
        for part in segment.shapes.parts(of: recipe.example) {
            text += segment.shapes.literal(part.literal)
            guard part.hasValue else { break }
            guard let place = recipe.columns.firstIndex(of: part.storedColumn) else {
                if part.form == .number { text.append(UInt8(ascii: "0")) }
                if part.form == .json { text += [UInt8(ascii: "{"), UInt8(ascii: "}")] }
                continue
            }
            let start = text.count
            printer.append(segment.columns[Int(part.storedColumn)], entry: entries[place], to: &text)
            guard part.transform == .afterLastEqualsSign,
                let equals = text[start...].lastIndex(of: UInt8(ascii: "="))
            else { continue }
            text.removeSubrange(start...equals)
        }
        return text
    }
}
