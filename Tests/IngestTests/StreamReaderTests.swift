// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing

@testable import Ingest

@Suite struct StreamReaderTests {
    private static let one = Samples.event("1")
    private static let two = Samples.event("2")
    private static let pretty = one.replacing(",", with: ",\n  ").replacing("{", with: "{\n  ")

    // MARK: - Layout

    @Test(arguments: [
        ("", BatchLayout.lines), (" \n\r\n\t", .lines), (one, .lines), ("\(one)\n", .lines),
        ("\n\n\(one)\n\(two)\n", .lines),
        ("\(one)\(two)\n", .lines), ("[]", .array), ("  \n[\(one)]", .array), ("[", .array), (pretty, .objects),
        ("{\n", .lines), ("{\n}", .objects), ("{}\n{\n}", .lines), ("nonsense\n\(one)\n", .lines), ("\"a\"\n", .lines),
        ("\u{FEFF}\(one)\n", .lines), ("17\n", .lines),
        // Objects over several lines.
        ("{\"a\":[\n{\"b\":1},\n{\"b\":2}\n]}", .objects), ("{\"a\":\n{\"b\":1}}", .objects),
        ("{\"a\":[1,\n{}]}", .objects), ("{\"a\":1,\n\"b\":2}", .objects), ("{ \"a\": \"}\",\n \"b\": 2 }", .objects),
        // Lines, the first of which is torn or worse.
        ("{\"a\":1\n\(one)\n", .lines), ("{\"a\":1,\n\(one)\n", .lines), ("{\n\(one)\n", .lines),
        ("{\"a\":\"x\n\(one)\n", .lines), ("{\"a\":\"x\\\n\(one)\n", .lines), ("{\"a\":{\"b\":2}\n\(one)\n", .lines),
    ])
    func `the layout is found out`(text: String, layout: BatchLayout) throws {
        let read = try Self.read(Array(text.utf8))

        #expect(read.layout == layout)
    }

    @Test(arguments: [
        "[\(one), \(two)]\n", "\(one)\n\(two)\n", pretty + "\n" + pretty, "\n\n [ ]", "{\n", " {}", "{\"a\":1,\n\(one)",
    ])
    func `a stream that comes in small pieces is read as one that comes at once`(text: String) throws {
        let bytes = Array(text.utf8)
        let whole = try Self.read(bytes)

        for cut in [1, 2, 3, bytes.count / 2, bytes.count - 1] where cut <= bytes.count {
            let first = (0..<min(8, cut)).map { [bytes[$0]] }
            let pipe = try PacketPipe(first + [Array(bytes[first.count..<cut]), Array(bytes[cut...])])
            let read = try Self.read(path: pipe.path)
            #expect(read.layout == whole.layout, "cut at \(cut)")
            #expect(read.pieces == whole.pieces, "cut at \(cut)")
            #expect(read.failure?.code == whole.failure?.code, "cut at \(cut)")
        }
    }

    @Test func `a chosen layout is not second-guessed`() throws {
        #expect(try Self.read(Array("[\(Self.one)]".utf8), layout: .lines).pieces == ["[\(Self.one)]"])
        #expect(try Self.read(Array("\(Self.one)\n\(Self.two)".utf8), layout: .objects).pieces == [Self.one, Self.two])
        #expect(try Self.read(Array(Self.pretty.utf8), layout: .object).pieces == [Self.pretty])
        #expect(try Self.read(Array(Self.one.utf8), layout: .array).failure?.code == .malformed)
    }

    // MARK: - Lines

    @Test(arguments: [
        ("", [] as [String]), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("a\r\nb\r\n", ["a\r", "b\r"]),
        ("\n\na\n", ["", "", "a"]), ("\n", [""]),
    ])
    func `lines end at line ends, or with the stream`(text: String, lines: [String]) throws {
        let read = try Self.read(Array(text.utf8))

        #expect(read.pieces == lines)
        #expect(read.parts.reduce(0) { $0 + $1.lineCount } == lines.count)
    }

    @Test func `parts of lines are the input, once, with right numbers and offsets`() throws {
        let input = Samples.lines(byteCount: (5 << 20) / 2, padding: 3000)

        let read = try Self.read(input)

        #expect(read.parts.count > 1)
        #expect(read.parts.flatMap(\.bytes) == input)
        var line = 1
        var offset = 0
        for part in read.parts {
            #expect(part.firstLine == line)
            #expect(part.byteOffset == offset)
            #expect(part.bytes.last == UInt8(ascii: "\n"))
            #expect(part.lineCount == part.bytes.count { $0 == UInt8(ascii: "\n") })
            line += part.lineCount
            offset += part.bytes.count
        }
        #expect(read.parts.last?.readByteCount == input.count)
    }

    @Test func `a line longer than the limit is cut, and its number stays`() throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
        let input = Array("a\n".utf8) + long + Array("\nb\n".utf8)

        let read = try Self.read(input, maximumEventByteCount: 1000)

        #expect(read.parts.flatMap(\.bytes) == input)
        #expect(read.parts.allSatisfy { $0.bytes.count < 3 << 20 })
        #expect(read.parts.reduce(0) { $0 + $1.lineCount } == 3)
        for part in read.parts {
            #expect(part.firstLine == 1 + input[..<part.byteOffset].count { $0 == UInt8(ascii: "\n") })
        }
    }

    // MARK: - Values

    @Test(arguments: [BatchLayout.array, .objects])
    func `parts of values have every value once, with right numbers and offsets`(layout: BatchLayout) throws {
        let events = (0..<500).map { number in
            Samples.event("\(number)", and: ",\n\"data\":\"\(String(repeating: "x", count: number * 8))\"")
        }
        let input = Array(
            (layout == .array ? "[\n" + events.joined(separator: " ,\n") + " ]\n" : events.joined(separator: "\n\n"))
                .utf8
        )

        let read = try Self.read(input)

        #expect(read.layout == layout)
        #expect(read.parts.count > 0)
        #expect(read.pieces == events)
        var number = 1
        for part in read.parts {
            #expect(part.layout == .objects)
            #expect(part.firstLine == number)
            number += part.lineCount
            for range in Self.ranges(of: part) {
                let place = part.byteOffset + range.lowerBound..<part.byteOffset + range.upperBound
                #expect(part.bytes[range] == input[place])
            }
        }
        #expect(number == events.count + 1)
    }

    @Test func `a value longer than the limit ends the reading, and what came before is handed out`() throws {
        let long = "{\"a\":\"\(String(repeating: "x", count: 3 << 20))\"}"

        let read = try Self.read(Array("[\(Self.one),\(long),\(Self.two)]".utf8), maximumEventByteCount: 1000)

        #expect(read.pieces == [Self.one])
        #expect(read.failure?.code == .malformed)
        #expect(read.failure?.message.contains("byte \(Self.one.utf8.count + 2)") == true)
    }

    @Test(arguments: [
        ("[\(one),\(two)", [one, two]), ("[\(one) \(two)]", [one]), ("[\(one),]", [one]), ("[\(one)]\(two)", [one]),
    ])
    func `a broken array is told with its place, behind the values in front of it`(
        text: String,
        pieces: [String]
    ) throws {
        let read = try Self.read(Array(text.utf8))

        #expect(read.pieces == pieces)
        #expect(read.failure?.code == .malformed)
        #expect(read.parts.first?.byteOffset == 1)
    }

    // MARK: - Packed

    @Test(arguments: Packing.allCases)
    func `packed streams are unpacked, whatever their name`(packing: Packing) throws {
        let input = Array("\(Self.one)\n\(Self.two)\n".utf8)

        let read = try Self.read(try packing.packed(input))

        #expect(read.parts.flatMap(\.bytes) == input)
        #expect(read.failure == nil)
    }

    @Test(arguments: Packing.allCases)
    func `several packed parts one after the other are one stream`(packing: Packing) throws {
        let pieces = ["", "\(Self.one)\n", "", Self.two, "\n", "\(Self.one)\n"].map { Array($0.utf8) }

        let read = try Self.read(pieces.flatMap { try packing.packed($0) })

        #expect(read.parts.flatMap(\.bytes) == Array(pieces.joined()))
        #expect(read.failure == nil)
    }

    /// The last block goes over a window's end, so the decompressor has the rest of it when its input is all but used up.
    @Test(arguments: [1, 100, 4000, 100_000])
    func `nothing that a decompressor holds back is lost`(firstByteCount: Int) throws {
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: firstByteCount - 1) + [UInt8(ascii: "\n")]
        let rest = [UInt8](repeating: UInt8(ascii: "\n"), count: IngestLimits.chunkByteCount)

        let read = try Self.read(try Packing.zstd(line, then: rest))

        #expect(read.failure == nil)
        #expect(read.parts.reduce(0) { $0 + $1.bytes.count } == line.count + rest.count)
    }

    @Test(arguments: Packing.allCases)
    func `a stream that unpacks to far more than it has is read in windows`(packing: Packing) throws {
        let packed = try packing.packed(Array("x".utf8) + [UInt8](repeating: UInt8(ascii: "\n"), count: 4 << 20))

        let read = try Self.read(packed)

        #expect(packed.count < 8 << 10)
        #expect(read.parts.count >= 4)
        #expect(read.parts.allSatisfy { $0.bytes.count <= 2 << 20 })
        #expect(read.parts.reduce(0) { $0 + $1.lineCount } == 4 << 20)
    }

    @Test(arguments: Packing.allCases)
    func `every cut of packed data is told, behind the whole lines in front of it`(packing: Packing) throws {
        let input = Samples.lines(byteCount: 4000, padding: 50)
        let packed = try packing.packed(input)
        let scratch = try Scratch()

        for length in stride(from: 5, to: packed.count, by: 3) {
            let read = try Self.read(path: scratch.file(Array(packed[..<length])))
            let bytes = read.parts.flatMap(\.bytes)
            #expect(read.failure?.code == .corrupt, "\(length)")
            #expect(input.starts(with: bytes), "\(length)")
            #expect(bytes.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n"), "\(length)")
        }
    }

    @Test func `lines in front of damage are handed out`() throws {
        for packing in Packing.allCases {
            let packed =
                try packing.packed(Array("\(Self.one)\n".utf8)) + packing.packed(Samples.lines(byteCount: 20_000))

            let read = try Self.read(Array(packed[..<(packed.count - 20)]))

            #expect(read.pieces.first == Self.one, "\(packing)")
            #expect(read.failure?.code == .corrupt, "\(packing)")
        }
    }

    /// gzip has a checksum; a frame of zstd has one only when asked for.
    @Test func `every flipped byte of gzip data is told or harmless`() throws {
        let input = Samples.lines(byteCount: 4000, padding: 50)
        let packed = try Packing.gzip.packed(input)
        let scratch = try Scratch()

        for place in stride(from: 0, to: packed.count, by: 2) {
            var damaged = packed
            damaged[place] ^= 0x10
            let read = try Self.read(path: scratch.file(damaged))
            // The first two bytes are what gzip is known by; six of the header say nothing of the contents.
            let isHarmless = read.parts.flatMap(\.bytes) == input
            #expect(place < 2 || isHarmless || read.failure?.code == .corrupt, "byte \(place)")
        }
    }

    @Test(arguments: Packing.allCases)
    func `something behind packed data is damage`(packing: Packing) throws {
        let read = try Self.read(try packing.packed(Array("\(Self.one)\n".utf8)) + Array("no packed data".utf8))

        #expect(read.pieces == [Self.one])
        #expect(read.failure?.code == .corrupt)
    }

    // MARK: - Files

    @Test func `what is not there or no file can't be read`() throws {
        let scratch = try Scratch()

        let missing = #expect(throws: StreamError.self) {
            try Self.read(path: scratch.path.appending("missing").string)
        }
        let directory = try Self.read(path: scratch.path.string)

        #expect(missing?.code == .unreadable)
        #expect(directory.failure?.code == .unreadable)
    }

    @Test func `the size is known of files and not of pipes`() throws {
        let scratch = try Scratch()
        let pipe = try PacketPipe([[1]])
        let file = try StreamReader(path: scratch.file([1, 2, 3]), layout: nil, maximumEventByteCount: 10)
        let stream = try StreamReader(path: pipe.path, layout: nil, maximumEventByteCount: 10)

        #expect(file.totalByteCount == 3)
        #expect(stream.totalByteCount == nil)
        file.close()
        stream.close()
    }

    // MARK: - Reading

    private struct Read {
        var parts: [StreamReader.Part] = []
        var layout: BatchLayout?
        var failure: StreamError?

        var pieces: [String] {
            parts.flatMap { part in ranges(of: part).map { String(decoding: part.bytes[$0], as: UTF8.self) } }
        }
    }

    private static func read(
        _ bytes: [UInt8],
        layout: BatchLayout? = nil,
        maximumEventByteCount: Int = 1 << 20
    ) throws -> Read {
        let scratch = try Scratch()
        return try read(path: scratch.file(bytes), layout: layout, maximumEventByteCount: maximumEventByteCount)
    }

    private static func read(
        path: String,
        layout: BatchLayout? = nil,
        maximumEventByteCount: Int = 1 << 20
    ) throws -> Read {
        var reader = try StreamReader(path: path, layout: layout, maximumEventByteCount: maximumEventByteCount)
        defer { reader.close() }
        var read = Read()
        do throws(StreamError) {
            while let part = try reader.next() { read.parts.append(part) }
        } catch {
            read.failure = error
        }
        read.layout = reader.layout
        return read
    }

    private static func ranges(of part: StreamReader.Part) -> [Range<Int>] {
        var pieces = PieceIterator(part.layout)
        var ranges: [Range<Int>] = []
        while case .success(let range)? = pieces.next(part.bytes.span.bytes) { ranges.append(range) }
        return ranges
    }
}
