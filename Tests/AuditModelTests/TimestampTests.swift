// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("2021-06-07T18:49:40.331Z", 1_623_091_780_331_000_000),
        ("2021-10-20T22:43:18.906895813Z", 1_634_769_798_906_895_813),
        ("2022-11-24T08:28:32.579313Z", 1_669_278_512_579_313_000),
        ("2026-11-21T10:00:00.1+02:00", 1_795_248_000_100_000_000),
        ("2026-11-21t10:00:00-00:30", 1_795_257_000_000_000_000),
        ("2026-11-21 10:00:00z", 1_795_255_200_000_000_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
        ("2000-02-29T00:00:00Z", 951_782_400_000_000_000),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("1900-03-01T00:00:00Z", -2_203_891_200_000_000_000),
        ("+2026-11-21T00:00:00Z", 1_795_219_200_000_000_000),
        ("1970-01-01T00:00:00.0000000019Z", 1),
        ("1677-09-21T00:12:43.145224192Z", Int64.min),
        ("1677-09-21T00:12:43.145224193Z", Int64.min + 1),
        ("1677-09-21T00:12:43.145224191Z", Int64.min),
        ("2262-04-11T23:47:16.854775807Z", Int64.max),
        ("2262-04-11T23:47:16.854775806Z", Int64.max - 1),
        ("2262-04-11T23:47:16.854775808Z", Int64.max),
        ("+999999999-12-31T23:59:59.999999999-18:00", Int64.max),
        ("-999999999-01-01T00:00:00+18:00", Int64.min),
        ("+9999999999-12-31T23:59:59Z", Int64.max),
        ("0000-01-01T00:00:00Z", Int64.min),
    ])
    func `RFC 3339 and expanded years`(_ text: String, _ nanoseconds: Int64) {
        #expect(Timestamp(text)?.nanosecondsSinceEpoch == nanoseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-11-21", "2026-11-21T10:00", "2026-11-21T10:00:00", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-11-00T00:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z", "2026-11-21T10:00:61Z", "2026-11-21T10:00:00.Z",
        "2026-11-21T10:00:00+2:00", "2026-11-21T10:00:00+24:00", "2026-11-21T10:00:00Z ", " 2026-11-21T10:00:00Z",
        "+999-01-01T00:00:00Z", "+99999999999-01-01T00:00:00Z",
        "2026-11-21T10:00:00.000000000000000000000000000000000000000000000Z",
        "２０２６-11-21T10:00:00Z",
    ])
    func `what is no time`(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: ["2026-11-21T10:00:00.123456789+02:00", "+12026-11-21T10:00:00Z"])
    func `every prefix of a time is no time`(_ text: String) {
        for count in 0..<text.count { #expect(Timestamp(text.prefix(count)) == nil) }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"),
        (1_000_000, "1970-01-01T00:00:00.001Z"),
        (120_000, "1970-01-01T00:00:00.000120Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (.min, "1677-09-21T00:12:43.145224192Z"),
        (.max, "2262-04-11T23:47:16.854775807Z"),
    ])
    func `prints the fewest digits that lose nothing`(_ nanoseconds: Int64, _ text: String) {
        #expect(Timestamp(nanosecondsSinceEpoch: nanoseconds).description == text)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `what it prints it reads`(_ seed: UInt64) {
        var generator = SplitMix(state: seed)
        for _ in 0..<2_000 {
            let unit: Int64 = [1, 1_000, 1_000_000, 1_000_000_000].randomElement(using: &generator) ?? 1
            let nanoseconds = Int64.random(in: .min ... .max, using: &generator) / unit * unit
            let timestamp = Timestamp(nanosecondsSinceEpoch: nanoseconds)
            #expect(Timestamp(timestamp.description) == timestamp, "seed \(seed): \(nanoseconds)")
        }
    }

    @Test func `every day of the range has its date`() {
        var expected = (year: 1_677, month: 9, day: 22)
        var number: Int64 = -106_751
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        while number <= 106_750 {
            let timestamp = Timestamp(nanosecondsSinceEpoch: number * 86_400_000_000_000)
            let date = timestamp.utc
            guard date == (expected.year, expected.month, expected.day, 0) else {
                Issue.record("day \(number) is \(date), expected \(expected)")
                return
            }
            #expect(Timestamp(year: expected.year, month: expected.month, day: expected.day) == timestamp)
            let isLeap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
            expected.day += 1
            if expected.day > lengths[expected.month - 1] + (expected.month == 2 && isLeap ? 1 : 0) {
                expected.day = 1
                expected.month += 1
            }
            if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
            number += 1
        }
    }

    @Test func `sums saturate`() {
        #expect(Timestamp.distantFuture.adding(nanoseconds: 1) == .distantFuture)
        #expect(Timestamp.distantPast.adding(.seconds(-1)) == .distantPast)
        #expect(Timestamp.epoch.adding(.seconds(Int64.max)) == .distantFuture)
        #expect(Timestamp.epoch.adding(.milliseconds(-1_500)).description == "1969-12-31T23:59:58.500Z")
    }

    @Test func `a date alone is the first moment of its day`() {
        #expect(Timestamp(date: "2026-11-21")?.description == "2026-11-21T00:00:00Z")
        #expect(Timestamp(date: "2026-11-31") == nil)
        #expect(Timestamp(date: "2026-11-21T") == nil)
    }
}

/// A small generator whose sequence depends on its seed alone (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
