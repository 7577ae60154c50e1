// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Reads the one flat object of a recording's line.
struct RecordingLineParser {
    private let bytes: ArraySlice<UInt8>
    private var place: Int
    private var members: [String: ArraySlice<UInt8>] = [:]

    typealias Problem = RecordingError.Problem

    private static let names: Set<String> = ["conn", "dir", "seq", "ts", "len", "hex", "eof"]

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    mutating func entry() throws(Problem) -> WireRecording.Entry {
        try object()
        guard let connection = members["conn"], let direction = members["dir"], let time = members["ts"] else {
            throw .missingMember
        }
        guard let number = Int(Self.text(connection)), number >= 0 else { throw .invalidValue }
        let isFromClient: Bool
        switch Self.text(direction) {
        case "\"C>S\"": isFromClient = true
        case "\"S>C\"": isFromClient = false
        default: throw .invalidValue
        }
        return WireRecording.Entry(
            connection: number,
            isFromClient: isFromClient,
            time: try Self.nanoseconds(Self.text(time)),
            frame: try frame()
        )
    }

    private func frame() throws(Problem) -> [UInt8]? {
        if let end = members["eof"] {
            guard Self.text(end) == "true", members["hex"] == nil, members["len"] == nil else { throw .invalidValue }
            return nil
        }
        guard let length = members["len"], let hex = members["hex"] else { throw .missingMember }
        guard hex.count >= 2, hex.first == UInt8(ascii: "\""), let count = Int(Self.text(length)),
            let frame = Hex.decode(Self.text(hex.dropFirst().dropLast()))
        else { throw .invalidValue }
        guard frame.count == count else { throw .wrongLength }
        return frame
    }

    /// Seconds with up to nine digits behind the point, exactly.
    private static func nanoseconds(_ text: String) throws(Problem) -> Int64 {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let seconds = Int64(parts[0]), (0...9_000_000_000).contains(seconds) else {
            throw .invalidValue
        }
        guard parts.count == 2 else { return seconds * 1_000_000_000 }
        let digits = parts[1].prefix(9)
        guard !digits.isEmpty, parts[1].allSatisfy({ $0.isASCII && $0.isWholeNumber }),
            let fraction = Int64(digits + String(repeating: "0", count: 9 - digits.count))
        else { throw .invalidValue }
        return seconds * 1_000_000_000 + fraction
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    // MARK: - The object

    private mutating func object() throws(Problem) {
        try expect(UInt8(ascii: "{"))
        while true {
            let name = Self.text(try string().dropFirst().dropLast())
            guard Self.names.contains(name) else { throw .notAnObject }
            try expect(UInt8(ascii: ":"))
            let value = try value()
            guard members.updateValue(value, forKey: name) == nil else { throw .repeatedMember }
            skipSpace()
            guard place < bytes.endIndex, bytes[place] == UInt8(ascii: ",") else { break }
            place += 1
        }
        try expect(UInt8(ascii: "}"))
        skipSpace()
        guard place == bytes.endIndex else { throw .notAnObject }
    }

    private mutating func value() throws(Problem) -> ArraySlice<UInt8> {
        skipSpace()
        guard place < bytes.endIndex else { throw .notAnObject }
        if bytes[place] == UInt8(ascii: "\"") { return try string() }
        let start = place
        while place < bytes.endIndex, Self.isScalar(bytes[place]) { place += 1 }
        guard place > start else { throw .invalidValue }
        return bytes[start..<place]
    }

    /// With its quotes.
    private mutating func string() throws(Problem) -> ArraySlice<UInt8> {
        skipSpace()
        guard place < bytes.endIndex, bytes[place] == UInt8(ascii: "\""),
            let end = bytes[(place + 1)...].firstIndex(of: UInt8(ascii: "\""))
        else { throw .notAnObject }
        let text = bytes[place...end]
        guard !text.contains(UInt8(ascii: "\\")) else { throw .invalidValue }
        place = end + 1
        return text
    }

    private mutating func expect(_ byte: UInt8) throws(Problem) {
        skipSpace()
        guard place < bytes.endIndex, bytes[place] == byte else { throw .notAnObject }
        place += 1
    }

    private mutating func skipSpace() {
        while place < bytes.endIndex, [0x20, 0x09, 0x0d].contains(bytes[place]) { place += 1 }
    }

    private static func isScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "E"): true
        default: false
        }
    }
}
