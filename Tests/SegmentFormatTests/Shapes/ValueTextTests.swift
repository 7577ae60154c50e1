// SPDX-License-Identifier: Apache-2.0

import SegmentFormat
import Testing

/// What the printers make of numbers, against Swift's own.
@Suite struct ValueTextTests {
    private static func text(_ value: Int64, _ kind: ColumnKind) -> String {
        var printer = ValuePrinter()
        var text: [UInt8] = []
        printer.append(value, kind, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    @Test func `numbers print as Swift prints them`() {
        var numbers = SeededNumbers(seed: 5)
        for shift in 0..<64 {
            for _ in 0..<100 {
                let value = Int64(bitPattern: numbers.next()) >> Int64(shift)
                #expect(Self.text(value, .integer) == "\(value)")
            }
        }
        for value in [Int64.min, .min + 1, -10, -9, -1, 0, 1, 9, 10, 99, 100, .max] {
            #expect(Self.text(value, .integer) == "\(value)")
        }
    }

    @Test(
        arguments: [
            (0, 0, "1970-01-01T00:00:00Z"), (-1, 3, "1969-12-31T23:59:59.999Z"),
            (1_772_323_204_811, 3, "2026-03-01T00:00:04.811Z"),
            (1_772_323_204_800, 1, "2026-03-01T00:00:04.8Z"), (-62_167_219_200_000, 3, "0000-01-01T00:00:00.000Z"),
            (253_402_300_799_999, 3, "9999-12-31T23:59:59.999Z"),
            (1_709_251_199_999_999, 6, "2024-02-29T23:59:59.999999Z"),
            (.max, 9, "2262-04-11T23:47:16.854775807Z"),
            (-9_223_372_036_000_000_000, 9, "1677-09-21T00:12:44.000000000Z"),
        ] as [(Int64, UInt8, String)]
    )
    func `times print in UTC`(ticks: Int64, digits: UInt8, text: String) throws {
        #expect(Self.text(ticks, .time(fractionDigits: digits)) == text)
        let trip = try RoundTrip([#"{"t":"\#(text)"}"#], limits: RoundTrip.freeTypes)
        #expect(trip.column("t")?.kind == .time(fractionDigits: digits))
        #expect(trip.column("t")?.entries == .integers([ticks]))
    }

    @Test func `every day of 800 years comes back as a number`() throws {
        let days = (0..<800).flatMap { year in (1...12).flatMap { month in (1...31).map { (1600 + year, month, $0) } } }
        let events = days.map { year, month, day in
            #"{"t":"\#(year)-\#(month < 10 ? "0" : "")\#(month)-\#(day < 10 ? "0" : "")\#(day)T12:34:56Z"}"#
        }
        let trip = try RoundTrip(events)
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `any number is a time that prints without a crash`() {
        var numbers = SeededNumbers(seed: 6)
        for _ in 0..<10_000 {
            let value = Int64(bitPattern: numbers.next())
            for digits in 0...9 as ClosedRange<UInt8> { _ = Self.text(value, .time(fractionDigits: digits)) }
        }
    }
}
