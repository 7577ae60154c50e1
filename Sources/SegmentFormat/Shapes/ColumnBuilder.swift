// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// One column while its events come in.
///
/// It begins as a dictionary of texts. When its values turn out to be mostly different, it goes over to storing each by
/// itself, as what all of them are: UUIDs, times, numbers, hexadecimal digits, or else text. From then on a value that
/// does not print back makes the whole event raw; if that happens too often, the column becomes text.
struct ColumnBuilder: Sendable {
    enum Storage: UInt8, Sendable {
        case dictionary
        case text
        case uuid
        case hexadecimal
        case time
        case integer
    }

    /// What a column may turn out to be beside text.
    enum Typing: Sendable {
        /// Whatever its values are.
        case free
        /// Numbers, if all are unquoted whole numbers.
        case numbers
        case times
    }

    /// Values before the first look at how different they are.
    ///
    /// Enough for values that come back after a while, such as connections, to have come back.
    private static let firstReviewCount = 32_768

    private(set) var storage: Storage = .dictionary
    private(set) var forms: LeafForms = []
    private(set) var valueCount = 0
    private var nextReviewCount = ColumnBuilder.firstReviewCount
    private var misfitCount = 0

    private var dictionary = TextDictionary()
    private var narrowCodes: [UInt16] = []
    private var wideCodes: [UInt32] = []
    private var isWide = false

    /// Values of fixed or variable length, one behind the other.
    private var bytes: [UInt8] = []
    private var offsets: [UInt32] = [0]
    private var integers: [Int64] = []
    private var fractionDigits = 0
    private var day = PrintedDay()

    private let typing: Typing

    init(_ storage: Storage = .dictionary, _ typing: Typing = .free) {
        self.storage = storage
        self.typing = typing
    }

    mutating func note(_ form: LeafForms) {
        forms.formUnion(form)
    }

    // MARK: - Dictionary

    /// Adds a value to a column that is a dictionary.
    ///
    /// - Returns: whether `review` is due.
    @inline(__always)
    mutating func addText(_ text: RawSpan, _ range: Range<Int>, _ keyHash: KeyHash, limits: SegmentLimits) -> Bool {
        add(code: dictionary.code(of: text, range, keyHash), limits: limits)
    }

    /// Adds a value that is the same as the one before; false, with nothing changed, when it is not.
    @inline(__always)
    mutating func addRepetition(_ text: RawSpan, _ range: Range<Int>) -> Bool {
        guard valueCount &+ 1 != nextReviewCount, dictionary.isLast(text, range) else { return false }
        append(code: dictionary.lastCode)
        return true
    }

    /// What stands where finding a value of this hash begins.
    @inline(__always)
    func slot(of hash: UInt64) -> UInt64 { dictionary.slot(of: hash) }

    /// Adds a value of which the hash and its slot are known.
    ///
    /// - Returns: whether `review` is due.
    @inline(__always)
    mutating func addText(
        _ text: RawSpan,
        _ range: Range<Int>,
        hash: UInt64,
        slot: UInt64,
        limits: SegmentLimits
    ) -> Bool {
        add(code: dictionary.code(of: text, range, hash: hash, slot: slot), limits: limits)
    }

    @inline(__always)
    private mutating func add(code: Int, limits: SegmentLimits) -> Bool {
        append(code: code)
        return valueCount == nextReviewCount || dictionary.bytes.count > limits.maximumDictionaryByteCount
    }

    @inline(__always)
    private mutating func append(code: Int) {
        valueCount &+= 1
        if !isWide, code <= UInt16.max {
            narrowCodes.append(UInt16(truncatingIfNeeded: code))
        } else {
            addWide(code)
        }
    }

    @inline(never)
    private mutating func addWide(_ code: Int) {
        if !isWide {
            wideCodes = narrowCodes.map(UInt32.init)
            narrowCodes = []
            isWide = true
        }
        wideCodes.append(UInt32(truncatingIfNeeded: code))
    }

    /// Goes over to storing each value by itself if most are different, or the dictionary is too large.
    mutating func review(limits: SegmentLimits) {
        while nextReviewCount <= valueCount { nextReviewCount *= 2 }
        if isMostlyDifferent || dictionary.bytes.count > limits.maximumDictionaryByteCount { storeDirectly() }
    }

    private var isMostlyDifferent: Bool { 4 * dictionary.count > 3 * valueCount }

    private func code(_ place: Int) -> Int {
        isWide ? Int(wideCodes[place]) : Int(narrowCodes[place])
    }

    /// Replaces the dictionary by the values, as the narrowest storage that prints all of them back.
    private mutating func storeDirectly() {
        let candidates: [Storage] =
            switch typing {
            case .free: [.time, .uuid, .integer, .hexadecimal]
            case .numbers: forms == .number ? [.integer] : []
            case .times: [.time]
            }
        let found = forms.contains(.json) ? nil : candidates.first(where: fitsAllEntries)
        let source = dictionary
        let count = valueCount
        startDirect(found ?? .text, fractionDigits: found == .time ? entryFractionDigits : 0)
        for place in 0..<count {
            // Every entry fits, as was just seen.
            _ = unsafe addDirectly(source.bytes.span.bytes, source.range(of: code(place)))
        }
        dictionary = TextDictionary()
        narrowCodes = []
        wideCodes = []
        isWide = false
    }

    private var entryFractionDigits: Int {
        dictionary.count == 0 ? 0 : TimeText.fractionDigits(byteCount: dictionary.range(of: 0).count) ?? 0
    }

    /// Whether every entry of the dictionary prints back from a storage.
    private func fitsAllEntries(_ storage: Storage) -> Bool {
        var trial = ColumnBuilder(storage)
        trial.fractionDigits = entryFractionDigits
        for code in 0..<dictionary.count {
            guard unsafe trial.addDirectly(dictionary.bytes.span.bytes, dictionary.range(of: code)) else {
                return false
            }
        }
        return true
    }

    // MARK: - Values by themselves

    private mutating func startDirect(_ storage: Storage, fractionDigits: Int = 0) {
        self.storage = storage
        self.fractionDigits = fractionDigits
        valueCount = 0
        bytes = []
        offsets = [0]
        integers = []
    }

    /// Adds a value to a column that is no dictionary.
    ///
    /// - Returns: whether it was added: false when it would not print back.
    mutating func addDirectly(_ text: RawSpan, _ range: Range<Int>) -> Bool {
        switch storage {
        case .dictionary, .text:
            // SAFETY: the bytes are copied inside the closure.
            unsafe text.extracting(range).withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
            offsets.append(UInt32(truncatingIfNeeded: bytes.count))
        case .uuid:
            guard UUIDText.append(text, range, to: &bytes) else { return false }
        case .hexadecimal:
            guard HexadecimalText.append(text, range, to: &bytes) else { return false }
            offsets.append(UInt32(truncatingIfNeeded: bytes.count))
        case .time:
            guard let ticks = TimeText.read(text, range, fractionDigits: fractionDigits, day: &day) else {
                return false
            }
            integers.append(ticks)
        case .integer:
            guard let value = DecimalText.read(text, range) else { return false }
            integers.append(value)
        }
        valueCount &+= 1
        return true
    }

    /// Takes the last value back, from a column that is no dictionary.
    mutating func removeLast() {
        valueCount -= 1
        switch storage {
        case .dictionary, .text, .hexadecimal:
            offsets.removeLast()
            bytes.removeLast(bytes.count - Int(offsets.last ?? 0))
        case .uuid: bytes.removeLast(UUIDText.valueByteCount)
        case .time, .integer: integers.removeLast()
        }
    }

    /// Decides what a value that does not print back means: false, the event goes raw; true, the column is text now and
    /// takes it.
    ///
    /// One value in 64 may be odd. More are no exception, and raw events cost more than text.
    mutating func becomesTextForMisfit() -> Bool {
        misfitCount += 1
        guard misfitCount > 16 + valueCount / 64 else { return false }
        becomeText()
        return true
    }

    /// The finished column as text, one value after the other, whatever it was.
    mutating func finishAsText(path: String) -> ShreddedColumn {
        becomeText()
        return finished(path: path, isDone: false)
    }

    private mutating func becomeText() {
        let column = finished(path: "", isDone: false)
        let count = valueCount
        startDirect(.text)
        var printer = ValuePrinter()
        var text: [UInt8] = []
        for place in 0..<count {
            text.removeAll(keepingCapacity: true)
            printer.append(column, place: place, to: &text)
            _ = unsafe addDirectly(text.span.bytes, 0..<text.count)
        }
    }

    // MARK: - The finished column

    /// The column as it is stored.
    mutating func finish(path: String, _ keyHash: KeyHash, limits: SegmentLimits) -> ShreddedColumn {
        if repeatsItself(keyHash) { restoreDictionary(keyHash, limits: limits) }
        return finished(path: path, isDone: true)
    }

    /// Whether values that seemed different at first came again later: connections by the hundred thousand.
    ///
    /// Counts only the values with a certain hash, one in 64, so that all that come again are among them.
    private func repeatsItself(_ keyHash: KeyHash) -> Bool {
        guard storage == .text || storage == .uuid || storage == .hexadecimal, !forms.contains(.event),
            valueCount >= 1024
        else { return false }
        var sample = TextDictionary()
        var sampleCount = 0
        for place in 0..<valueCount {
            let range = storedRange(place)
            guard unsafe keyHash.hash(bytes.span.bytes, range) & 63 == 0 else { continue }
            _ = unsafe sample.code(of: bytes.span.bytes, range, keyHash)
            sampleCount += 1
        }
        // No dictionary for long texts of which a few come twice, and none from chance.
        return sampleCount >= 16 && 2 * sample.count < sampleCount
    }

    private func storedRange(_ place: Int) -> Range<Int> {
        storage == .uuid
            ? place * UUIDText.valueByteCount..<(place + 1) * UUIDText.valueByteCount
            : Int(offsets[place])..<Int(offsets[place + 1])
    }

    private mutating func restoreDictionary(_ keyHash: KeyHash, limits: SegmentLimits) {
        let column = finished(path: "", isDone: false)
        let count = valueCount
        startDirect(.dictionary)
        var printer = ValuePrinter()
        var text: [UInt8] = []
        for place in 0..<count {
            text.removeAll(keepingCapacity: true)
            printer.append(column, place: place, to: &text)
            _ = unsafe addText(text.span.bytes, 0..<text.count, keyHash, limits: limits)
        }
        if dictionary.bytes.count > limits.maximumDictionaryByteCount { storeDirectly() }
    }

    private mutating func finished(path: String, isDone: Bool) -> ShreddedColumn {
        if storage == .dictionary, isDone, valueCount > 0, !forms.contains(.json) {
            if typing != .numbers && fitsAllEntries(.time) || isMostlyDifferent && valueCount >= 16 {
                storeDirectly()
            } else if typing == .free || typing == .numbers && forms == .number, fitsAllEntries(.integer) {
                if isSmallerAsIntegers {
                    storeDirectly()
                } else if forms == .number {
                    return integerDictionary(path)
                }
            }
        }
        let textKind: ColumnKind = forms == .json ? .json : .text
        switch storage {
        case .dictionary:
            dictionary.freeze()
            return ShreddedColumn(
                path: path,
                kind: textKind,
                forms: forms,
                codes: isWide ? .wide(wideCodes) : .narrow(narrowCodes),
                entries: .variable(offsets: dictionary.offsets, bytes: dictionary.bytes)
            )
        case .text: return direct(path, textKind, .variable(offsets: offsets, bytes: bytes))
        case .uuid: return direct(path, .uuid, .fixed(byteCount: UUIDText.valueByteCount, bytes: bytes))
        case .hexadecimal: return direct(path, .hexadecimal, hexadecimalEntries)
        case .time: return direct(path, .time(fractionDigits: UInt8(fractionDigits)), .integers(integers))
        case .integer: return direct(path, .integer, .integers(integers))
        }
    }

    private func direct(_ path: String, _ kind: ColumnKind, _ entries: ColumnEntries) -> ShreddedColumn {
        ShreddedColumn(path: path, kind: kind, forms: forms, codes: nil, entries: entries)
    }

    private var hexadecimalEntries: ColumnEntries {
        guard let width = offsets.dropFirst().first.map(Int.init), width > 0, width * valueCount == bytes.count,
            offsets.enumerated().allSatisfy({ Int($0.element) == $0.offset * width })
        else { return .variable(offsets: offsets, bytes: bytes) }
        return .fixed(byteCount: width, bytes: bytes)
    }

    /// The codes with the numbers that their entries are.
    ///
    /// Only unquoted numbers become numbers in a dictionary: there it saves no room, but is what other engines expect.
    private func integerDictionary(_ path: String) -> ShreddedColumn {
        var values: [Int64] = []
        for code in 0..<dictionary.count {
            // Every entry reads, as was just seen.
            values.append(unsafe DecimalText.read(dictionary.bytes.span.bytes, dictionary.range(of: code)) ?? 0)
        }
        return ShreddedColumn(
            path: path,
            kind: .integer,
            forms: forms,
            codes: isWide ? .wide(wideCodes) : .narrow(narrowCodes),
            entries: .integers(values)
        )
    }

    /// Whether numbers take less room by themselves than as codes and a dictionary.
    private var isSmallerAsIntegers: Bool {
        var least = Int64.max
        var greatest = Int64.min
        for code in 0..<dictionary.count {
            guard let value = unsafe DecimalText.read(dictionary.bytes.span.bytes, dictionary.range(of: code)) else {
                return false
            }
            least = min(least, value)
            greatest = max(greatest, value)
        }
        let (range, overflow) = greatest.subtractingReportingOverflow(least)
        guard !overflow else { return false }
        let directBits = (Int64.bitWidth - range.leadingZeroBitCount) * valueCount
        let codeBits = (Int.bitWidth - max(0, dictionary.count - 1).leadingZeroBitCount) * valueCount
        return directBits <= codeBits + 4 * dictionary.bytes.count
    }
}
