// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventReading
import EventScanner

/// What the model says of the rows that have to be read by themselves: raw events, and such with long lists.
struct UnplannedRows {
    struct Row {
        let time: Timestamp?
        let outcome: String
        let principal: String?
        let method: String?
        let resource: String?

        func text(_ field: RealColumn) -> String? {
            switch field {
            case .time: nil
            case .outcome: outcome
            case .principal: principal
            case .method: method
            case .resource: resource
            }
        }
    }

    /// In the order of the segment, without the rows between.
    private(set) var rows: [Row] = []

    /// - Parameters:
    ///   - segment: the segment.
    ///   - readings: of each shape; those without hits are read here.
    ///   - stored: for each shape the columns with a value in its rows.
    init(_ segment: ShreddedSegment, _ readings: [ModelReading], stored: [[UInt16]]) {
        let isUnplanned = readings.map { $0.hits == nil }
        let needed = Set(stored.indices.lazy.filter { isUnplanned[$0] }.flatMap { stored[$0] })
        let advances = stored.map { $0.filter(needed.contains) }
        var next = [Int](repeating: 0, count: segment.columns.count)
        var scanner = ObjectScanner(.model, limits: .unbounded)
        var printer = EventPrinter(segment)
        for shape in segment.rowShapes {
            if isUnplanned[Int(shape)] { rows.append(Self.read(printer.event(shape, places: next), &scanner)) }
            for column in advances[Int(shape)] { next[Int(column)] += 1 }
        }
    }

    /// Of bytes that are no event, nothing is known.
    private static func read(_ bytes: [UInt8], _ scanner: inout ObjectScanner) -> Row {
        let isEvent = (try? unsafe scanner.scan(bytes.span.bytes, in: 0..<bytes.count)) != nil
        let event = AuditEvent(ScannedValues(bytes: bytes, hits: isEvent ? scanner.hits : []))
        return Row(
            time: event.time,
            outcome: event.outcome.rawValue,
            principal: event.principal?.description,
            method: event.method,
            resource: event.resource
        )
    }
}

/// Makes single events.
private struct EventPrinter {
    private let segment: ShreddedSegment
    private var printer = ValuePrinter()

    init(_ segment: ShreddedSegment) {
        self.segment = segment
    }

    /// The bytes of an event whose values are at `places` of their columns.
    mutating func event(_ shape: UInt16, places: [Int]) -> [UInt8] {
        var text: [UInt8] = []
        for part in segment.shapes.parts(of: shape) {
            text += segment.shapes.literal(part.literal)
            guard part.hasValue else { break }
            let start = text.count
            let stored = Int(part.storedColumn)
            printer.append(segment.columns[stored], place: places[stored], to: &text)
            guard part.transform == .afterLastEqualsSign,
                let equals = text[start...].lastIndex(of: UInt8(ascii: "="))
            else { continue }
            text.removeSubrange(start...equals)
        }
        return text
    }
}
