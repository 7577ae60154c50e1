// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding

/// The values of a record, found the slow and obvious way: a parser of valid JSON that notes every
/// path.
struct Record: EventValues {
    private var found: [AuditPath: [JSONText]] = [:]

    private static let places: [String: AuditPath] = {
        var places: [String: AuditPath] = [:]
        for path in AuditPath.allCases {
            for spelling in path.spellings { places[spelling] = path }
        }
        return places
    }()

    init(_ json: String) {
        var text = Array(json.utf8)[...]
        value(&text, at: "")
    }

    /// A record with nothing but these members of `data`.
    init(type: String = "io.confluent.cloud/request", data: String) {
        self.init(#"{"type":"\#(type)","data":\#(data)}"#)
    }

    func first(_ path: AuditPath) -> JSONText? { found[path]?.first }

    func all(_ path: AuditPath) -> [JSONText] { found[path] ?? [] }

    // MARK: - Parsing

    private mutating func value(_ text: inout ArraySlice<UInt8>, at path: String) {
        skipSpace(&text)
        let whole = text
        // The slot is taken before what is inside fills others, to keep the order of the document.
        let slot = Self.places[path].map { ($0, found[$0, default: []].count) }
        if let slot { found[slot.0, default: []].append(JSONText(kind: .null, text: "")) }
        let kind: JSONKind
        switch text.first {
        case UInt8(ascii: "{"):
            kind = .object
            members(&text, open: "{", close: "}") { record, text in
                let name = record.string(&text)
                record.skipSpace(&text)
                text.removeFirst()
                record.value(&text, at: path.isEmpty ? name : "\(path).\(name)")
            }
        case UInt8(ascii: "["):
            kind = .array
            members(&text, open: "[", close: "]") { record, text in record.value(&text, at: "\(path)[]") }
        case UInt8(ascii: "\""):
            kind = .string
            let content = string(&text)
            if let slot { found[slot.0]?[slot.1] = JSONText(kind: kind, text: content) }
            return
        case let first:
            kind =
                first == UInt8(ascii: "t")
                ? .true : first == UInt8(ascii: "f") ? .false : first == UInt8(ascii: "n") ? .null : .number
            text = text.drop { !",]} \n".utf8.contains($0) }
        }
        if let slot {
            let source = String(decoding: whole[..<text.startIndex], as: UTF8.self)
            found[slot.0]?[slot.1] = JSONText(kind: kind, text: source)
        }
    }

    private mutating func members(
        _ text: inout ArraySlice<UInt8>,
        open: Unicode.Scalar,
        close: Unicode.Scalar,
        _ member: (inout Record, inout ArraySlice<UInt8>) -> Void
    ) {
        text.removeFirst()
        skipSpace(&text)
        while text.first != UInt8(ascii: close) {
            member(&self, &text)
            skipSpace(&text)
            if text.first == UInt8(ascii: ",") { text.removeFirst() }
            skipSpace(&text)
        }
        text.removeFirst()
    }

    private func string(_ text: inout ArraySlice<UInt8>) -> String {
        text.removeFirst()
        var end = text.startIndex
        while text[end] != UInt8(ascii: "\"") { end += text[end] == UInt8(ascii: "\\") ? 2 : 1 }
        let content = Array(text[..<end])
        text = text[(end + 1)...]
        return JSONString.decode(content.span)
    }

    private func skipSpace(_ text: inout ArraySlice<UInt8>) {
        text = text.drop { $0 <= 0x20 }
    }
}
