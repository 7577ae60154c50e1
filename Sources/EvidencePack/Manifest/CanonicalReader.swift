// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import TransparencyLog

/// Reads JSON of which each value has one text, by comparing with the text that would be written.
///
/// It is no reader of JSON: members stand in one order, and white space where it is expected.
struct CanonicalReader {
    private let bytes: [UInt8]
    private(set) var place = 0
    private let code: PackError.Code

    init(_ bytes: [UInt8], _ code: PackError.Code) {
        self.bytes = bytes
        self.code = code
    }

    var isAtEnd: Bool { place == bytes.count }

    private func failure(_ expected: String) -> PackError {
        PackError(code, "\(expected) is expected at byte \(place)")
    }

    /// Takes a text if it stands here.
    mutating func takes(_ text: String) -> Bool {
        guard bytes[place...].starts(with: text.utf8) else { return false }
        place += text.utf8.count
        return true
    }

    /// - Throws: the code unless the text stands here.
    mutating func expect(_ text: String) throws(PackError) {
        guard takes(text) else { throw failure(text.filter { $0 != "\n" }) }
    }

    mutating func number() throws(PackError) -> UInt64 {
        let digits = bytes[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard digits.count <= 20, let number = UInt64(decimal: digits) else { throw failure("a number") }
        place += digits.count
        return number
    }

    mutating func bool() throws(PackError) -> Bool {
        if takes("true") { return true }
        guard takes("false") else { throw failure("true or false") }
        return false
    }

    mutating func optional<Value>(
        _ read: (inout CanonicalReader) throws(PackError) -> Value
    ) throws(PackError) -> Value? {
        takes("null") ? nil : try read(&self)
    }

    /// A string; that its escapes are those that would be written, whoever encodes it again finds out.
    mutating func string() throws(PackError) -> String {
        guard takes("\"") else { throw failure("a string") }
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            // Behind a backslash stands one byte at least that does not end the string.
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < bytes.count else {
            place = start
            throw failure("the end of a string")
        }
        defer { place += 1 }
        return JSONString.decode(Array(bytes[start..<place]).span)
    }

    /// Values between brackets, with a separator between them.
    mutating func list<Value>(
        begin: String,
        separator: String,
        end: String,
        _ read: (inout CanonicalReader) throws(PackError) -> Value
    ) throws(PackError) -> [Value] {
        if takes("[]") { return [] }
        try expect(begin)
        var values: [Value] = []
        repeat { values.append(try read(&self)) } while takes(separator)
        try expect(end)
        return values
    }
}
