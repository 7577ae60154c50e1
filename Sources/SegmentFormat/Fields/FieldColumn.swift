// SPDX-License-Identifier: Apache-2.0

import ByteCoding
private import CBytes

/// A field of all rows of a segment: a code for each row, and what the rows with a code have in common.
///
/// Code 0 is for rows without a value. All other codes stand for different lists of values, nearly always of one value.
package struct FieldColumn: Sendable {
    /// The codes, as narrow as they can be.
    package enum Codes: Sendable {
        case narrow([UInt8])
        case medium([UInt16])
        case wide([UInt32])

        init(_ codes: [UInt32], codeCount: Int) {
            self =
                if codeCount <= 1 << 8 {
                    .narrow(codes.map { UInt8(truncatingIfNeeded: $0) })
                } else if codeCount <= 1 << 16 {
                    .medium(codes.map { UInt16(truncatingIfNeeded: $0) })
                } else {
                    .wide(codes)
                }
        }

        @inline(__always)
        package subscript(_ row: Int) -> Int {
            switch self {
            case .narrow(let codes): Int(codes[row])
            case .medium(let codes): Int(codes[row])
            case .wide(let codes): Int(codes[row])
            }
        }
    }

    package let rowCount: Int
    package let codes: Codes
    /// How many rows have each code.
    package let counts: [UInt32]

    /// Whether no code has more than one value.
    package let isSingle: Bool

    /// Values one behind the other; each ends with `divider`, so that a text found between two dividers is a whole value.
    private let texts: [UInt8]
    /// Where the values of each code begin, and last where all end.
    private let offsets: [UInt32]

    /// A byte that UTF-8 never has.
    private static let divider: UInt8 = 0xFF

    package var codeCount: Int { offsets.count - 1 }

    /// Bytes of memory.
    package var byteCount: Int {
        let width =
            switch codes {
            case .narrow: 1
            case .medium: 2
            case .wide: 4
            }
        return rowCount * width + texts.count + 4 * (offsets.count + counts.count)
    }

    /// - Parameters:
    ///   - rowCodes: a code for each row.
    ///   - lists: the values of the codes from 1 on.
    init(_ rowCodes: [UInt32], _ lists: [[String]]) {
        var texts: [UInt8] = []
        var offsets: [UInt32] = [0, 0]
        for list in lists {
            for value in list {
                texts.append(contentsOf: value.utf8)
                texts.append(Self.divider)
            }
            offsets.append(UInt32(texts.count))
        }
        self.init(rowCodes, texts, offsets, isSingle: lists.allSatisfy { $0.count == 1 })
    }

    /// - Parameters:
    ///   - rowCodes: a code for each row.
    ///   - entries: the value of each code from 1 on.
    init(_ rowCodes: [UInt32], texts entries: ByteArrays) {
        var texts: [UInt8] = []
        texts.reserveCapacity(entries.bytes.count + entries.count)
        var offsets: [UInt32] = [0, 0]
        offsets.reserveCapacity(entries.count + 2)
        for entry in 0..<entries.count {
            texts.append(contentsOf: entries.bytes[entries[entry]])
            texts.append(Self.divider)
            offsets.append(UInt32(texts.count))
        }
        self.init(rowCodes, texts, offsets, isSingle: true)
    }

    private init(_ rowCodes: [UInt32], _ texts: [UInt8], _ offsets: [UInt32], isSingle: Bool) {
        rowCount = rowCodes.count
        var counts = [UInt32](repeating: 0, count: offsets.count - 1)
        for code in rowCodes { counts[Int(code)] += 1 }
        codes = Codes(rowCodes, codeCount: counts.count)
        self.counts = counts
        self.texts = texts
        self.offsets = offsets
        self.isSingle = isSingle
    }

    // MARK: - Values

    /// The values of a code.
    package func values(of code: Int) -> [String] {
        texts[Int(offsets[code])..<Int(offsets[code + 1])].split(
            separator: Self.divider,
            omittingEmptySubsequences: false
        )
        .dropLast().map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first value of a code; nil of 0.
    package func firstValue(of code: Int) -> String? {
        let start = Int(offsets[code])
        guard start < Int(offsets[code + 1]), let end = texts[start...].firstIndex(of: Self.divider) else { return nil }
        return String(decoding: texts[start..<end], as: UTF8.self)
    }

    /// The codes with a value that passes, marked by 1; code 0 is never.
    ///
    /// - Parameters:
    ///   - literals: texts of which every value that passes has at least one in it; none when there are none to name.
    ///   - passes: decides about a value in UTF-8.
    /// - Returns: a byte for each code.
    package func codes(
        holdingAny literals: [[UInt8]],
        where passes: (Span<UInt8>) -> Bool
    ) -> [UInt8] {
        var chosen = [UInt8](repeating: 0, count: codeCount)
        guard !literals.isEmpty, literals.allSatisfy({ !$0.isEmpty }) else {
            for code in 1..<max(1, codeCount) where passesAny(code, passes) { chosen[code] = 1 }
            return chosen
        }
        for literal in literals {
            var start = 0
            while let place = TextSearch.first(literal, in: texts, from: start) {
                let code = self.code(at: place)
                if chosen[code] == 0, passesAny(code, passes) { chosen[code] = 1 }
                start = Int(offsets[code + 1])
            }
        }
        return chosen
    }

    private func passesAny(_ code: Int, _ passes: (Span<UInt8>) -> Bool) -> Bool {
        let all = texts.span
        var start = Int(offsets[code])
        let end = Int(offsets[code + 1])
        var index = start
        while index < end {
            if all[index] == Self.divider {
                if passes(all.extracting(start..<index)) { return true }
                start = index + 1
            }
            index += 1
        }
        return false
    }

    /// The code whose values a place belongs to.
    private func code(at place: Int) -> Int {
        var (low, high) = (0, codeCount)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(offsets[middle]) <= place { low = middle } else { high = middle }
        }
        return low
    }

    // MARK: - Rows

    /// The rows with one of the codes that are marked.
    package func rows(withCodes chosen: [UInt8]) -> Bitmap {
        precondition(chosen.count == codeCount)
        var words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
        let codesInUse = Array(chosen.indices.lazy.filter { chosen[$0] != 0 }.prefix(Self.fewCodes + 1))
        guard !codesInUse.isEmpty else { return Bitmap(words: words, count: rowCount) }
        let isFew = codesInUse.count <= Self.fewCodes
        unsafe words.withUnsafeMutableBufferPointer { words in
            // SAFETY: there is a bit for each row, and `chosen` has a byte for each code: codes are checked when the column is made.
            unsafe chosen.withUnsafeBufferPointer { chosen in
                switch codes {
                case .narrow(let codes) where isFew:
                    for code in codesInUse {
                        unsafe martlet_mark_equal_8(codes, rowCount, UInt8(code), words.baseAddress)
                    }
                case .medium(let codes) where isFew:
                    for code in codesInUse {
                        unsafe martlet_mark_equal_16(codes, rowCount, UInt16(code), words.baseAddress)
                    }
                case .narrow(let codes):
                    unsafe martlet_mark_chosen_8(codes, rowCount, chosen.baseAddress, words.baseAddress)
                case .medium(let codes):
                    unsafe martlet_mark_chosen_16(codes, rowCount, chosen.baseAddress, words.baseAddress)
                case .wide(let codes):
                    unsafe martlet_mark_chosen_32(codes, rowCount, chosen.baseAddress, words.baseAddress)
                }
            }
        }
        return Bitmap(words: words, count: rowCount)
    }

    /// So many codes are looked for one after the other, with vector instructions; more at once, by table.
    private static let fewCodes = 4
}
