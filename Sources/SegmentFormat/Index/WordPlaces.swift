// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The places of a word, rising: how many, and the gaps between them.
///
/// Of a word with many places the codes are chosen: entries that have it often stand side by side, and are then written
/// as runs.
enum WordPlaces {
    /// Words with more places say how they are written.
    static let plainCount = 8

    private static let countOrder = 0
    private static let gapOrderOrder = 3
    private static let runOrderOrder = 1

    /// Orders of the codes of the gaps and, in the coding by runs, of the lengths of runs.
    private struct Coding {
        var gapOrder: Int
        var runOrder: Int?
    }

    static func append(_ places: Span<UInt32>, entryCount: Int, to writer: inout BitWriter) {
        writer.append(UInt32(places.count - 1), order: countOrder)
        var coding = plainCoding(count: places.count, entryCount: entryCount)
        if places.count > plainCount {
            coding = bestCoding(places)
            writer.append(UInt32(coding.gapOrder), order: gapOrderOrder)
            writer.append(UInt32(coding.runOrder.map { $0 + 1 } ?? 0), order: runOrderOrder)
        }
        forEachRun(places, isSplit: coding.runOrder == nil) { gap, count in
            writer.append(gap, order: coding.gapOrder)
            if let order = coding.runOrder { writer.append(count - 1, order: order) }
        }
    }

    /// Calls `body` with the gap before each run of places side by side and their number; with one place at a time if
    /// they are to be split.
    @inline(__always)
    private static func forEachRun(_ places: Span<UInt32>, isSplit: Bool, _ body: (UInt32, UInt32) -> Void) {
        var next: UInt32 = 0
        var number = 0
        while number < places.count {
            let start = number
            let gap = places[start] - next
            repeat { number += 1 } while !isSplit && number < places.count && places[number] == places[number - 1] + 1
            next = places[number - 1] + 1
            body(gap, UInt32(number - start))
        }
    }

    private static func bestCoding(_ places: Span<UInt32>) -> Coding {
        var (gaps, gapsOfRuns, runs) = (NumberSizes(), NumberSizes(), NumberSizes())
        forEachRun(places, isSplit: true) { gap, _ in gaps.add(gap) }
        forEachRun(places, isSplit: false) { gap, count in
            gapsOfRuns.add(gap)
            runs.add(count - 1)
        }
        let isShorterInRuns = gapsOfRuns.best.bitCount + runs.best.bitCount < gaps.best.bitCount
        return isShorterInRuns
            ? Coding(gapOrder: gapsOfRuns.best.order, runOrder: runs.best.order)
            : Coding(gapOrder: gaps.best.order)
    }

    private static func plainCoding(count: Int, entryCount: Int) -> Coding {
        Coding(gapOrder: max(0, Int.bitWidth - 1 - (entryCount / count).leadingZeroBitCount))
    }

    // MARK: - Reading

    /// Reads the places of one word and sets their bits; sets none when it is only to be passed over.
    static func read(
        _ bits: RawSpan,
        _ reader: inout BitReader,
        entryCount: Int,
        into found: inout [UInt64],
        isWanted: Bool
    ) throws(SegmentError) {
        let count = Int(try reader.next(bits, order: countOrder)) + 1
        guard count <= entryCount else {
            throw SegmentError(.inconsistent, "a word in \(count) of \(entryCount) entries")
        }
        let coding = try coding(bits, &reader, count: count, entryCount: entryCount)
        var (next, left) = (0, count)
        var target = found.mutableSpan
        while left > 0 {
            let start = next + Int(try reader.next(bits, order: coding.gapOrder))
            next = start + 1
            if let order = coding.runOrder { next += Int(try reader.next(bits, order: order)) }
            left -= next - start
            guard next <= entryCount, left >= 0 else {
                throw SegmentError(.inconsistent, "entries \(start) to \(next) of \(entryCount)")
            }
            guard isWanted else { continue }
            for place in start..<next { target[place &>> 6] |= 1 &<< UInt64(place & 63) }
        }
    }

    private static func coding(
        _ bits: RawSpan,
        _ reader: inout BitReader,
        count: Int,
        entryCount: Int
    ) throws(SegmentError) -> Coding {
        guard count > plainCount else { return plainCoding(count: count, entryCount: entryCount) }
        let gapOrder = Int(try reader.next(bits, order: gapOrderOrder))
        let runOrder = Int(try reader.next(bits, order: runOrderOrder)) - 1
        guard max(gapOrder, runOrder) < BitWriter.maximumNumberBits else {
            throw SegmentError(.inconsistent, "a code of an impossible order")
        }
        return Coding(gapOrder: gapOrder, runOrder: runOrder < 0 ? nil : runOrder)
    }
}
