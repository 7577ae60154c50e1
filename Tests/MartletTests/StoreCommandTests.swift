// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import martlet

@Suite struct StoreCommandTests {
    // MARK: - Listing

    @Test func `a list of segments comes back as it was written, sorted`() {
        var listing = SegmentListing()
        listing.entries["b.parquet"] = .init(checksum: 0xAB, byteCount: 7)
        listing.entries["a b.parquet"] = .init(checksum: .max, byteCount: 12_345)

        #expect(listing.text == "ffffffff  12345  a b.parquet\n000000ab  7  b.parquet\n")
        #expect(SegmentListing(listing.text) == listing)
    }

    @Test(arguments: [
        "", "\n", "# a note\n", "abc  1  x\n", "0123456g  1  x\n", "01234567  many  x\n", "01234567  1\n",
    ])
    func `what is no line of it is passed over`(text: String) {
        #expect(SegmentListing(text) == SegmentListing())
    }

    // MARK: - Forecast

    @Test(arguments: [
        ([], 0), ([100], 0), ([100, 100], 200), ([1000, 100], 0), ([500, 500, 500], 1000), ([900, 50, 60, 70], 1080),
        ([600, 600, 300], 900),
    ])
    func `only what fits one segment with a neighbour is written again`(counts: [Int], total: Int) {
        let full = CompactionForecast.Segment(eventCount: 1000, eventByteCount: 1 << 20)
        let segments = counts.map { CompactionForecast.Segment(eventCount: $0, eventByteCount: $0) }

        #expect(CompactionForecast.eventCount(of: segments, full: full) == total)
    }

    // MARK: - Statistics

    @Test func `columns are sorted by bytes, then by name`() {
        let columns = StoreStatistics.columns(["a": 10, "c": 60, "b": 10, "d": 20], events: 10)

        #expect(columns.map(\.name) == ["c", "d", "a", "b"])
        #expect(columns.map(\.bytesPerEvent) == [6, 2, 1, 1])
        #expect(columns.map(\.share) == [0.6, 0.2, 0.1, 0.1])
    }

    @Test func `without events there is nothing an event`() {
        #expect(StoreStatistics.columns(["a": 0], events: 0).first?.bytesPerEvent == nil)
        #expect(StoreStatistics.Size(7, events: 3).bytesPerEvent == 2.333)
    }

    // MARK: - Outcome of an export

    @Test func `parts of one segment that are left out are told once`() {
        var outcome = OriginalsOutcome()
        outcome.leaveOut(0..<10, "a is damaged")
        outcome.leaveOut(10..<20, "a is damaged")
        outcome.leaveOut(30..<40, "a is damaged")
        outcome.leaveOut(40..<50, "b is damaged")

        #expect(
            outcome.partialReasons == [
                "events 0 to 19 are left out: a is damaged", "events 30 to 39 are left out: a is damaged",
                "events 40 to 49 are left out: b is damaged",
            ]
        )
    }

    // MARK: - Order of work

    @Test(arguments: [1, 2, 7, 100])
    func `results are taken in the order of the pieces, whatever each takes`(countInFlight: Int) async throws {
        var taken: [Int] = []
        try await OrderedWork.run(on: 0..<50, countInFlight: countInFlight) { piece in
            // Odd ones are slow.
            (0..<(piece % 2 * 20_000)).reduce(piece) { $1 < 0 ? $0 + 1 : $0 }
        } take: { piece, result in
            taken.append(try result.get())
            #expect(taken.last == piece)
        }

        #expect(taken == Array(0..<50))
    }

    @Test func `a piece that fails does not hold up the others, and an error of the taker ends it`() async throws {
        struct Fault: Error {}
        var failed: [Int] = []
        try await OrderedWork.run(on: 0..<9) { piece in
            if piece % 3 == 0 { throw Fault() }
        } take: { piece, result in
            if case .failure = result { failed.append(piece) }
        }
        #expect(failed == [0, 3, 6])

        await #expect(throws: Fault.self) {
            try await OrderedWork.run(on: 0..<9) {
                $0
            } take: { piece, _ in
                if piece == 4 { throw Fault() }
            }
        }
    }
}
