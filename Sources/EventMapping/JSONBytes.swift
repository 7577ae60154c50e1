// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding

/// Writes JSON, member by member, into bytes.
///
/// The caller keeps objects balanced; commas are put where they belong.
struct JSONBytes: Sendable {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(capacity: Int = 1024) {
        bytes.reserveCapacity(capacity)
    }

    /// `"name":`, behind a comma where one is due.
    ///
    /// Names are our own or Kafka's, and need no escapes.
    mutating func name(_ name: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func open(_ name: String? = nil, array: Bool = false) {
        if let name { self.name(name) } else { separate() }
        bytes.append(array ? UInt8(ascii: "[") : UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func close(array: Bool = false) {
        bytes.append(array ? UInt8(ascii: "]") : UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func string(_ name: String? = nil, _ value: String) {
        if let name { self.name(name) } else { separate() }
        encode(value)
        needsComma = true
    }

    /// Most texts need no escapes, and are appended at once.
    private mutating func encode(_ value: String) {
        let isPlain = value.utf8.allSatisfy { byte in
            byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        }
        guard isPlain else { return JSONString.encode(value, into: &bytes) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: value.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func string(_ name: String, ifThere value: String?) {
        if let value { string(name, value) }
    }

    mutating func number(_ name: String? = nil, _ value: Int64) {
        plain(name, String(value))
    }

    mutating func bool(_ name: String? = nil, _ value: Bool) {
        plain(name, value ? "true" : "false")
    }

    mutating func null(_ name: String? = nil) {
        plain(name, "null")
    }

    /// RFC 3339 in UTC, to the microsecond.
    mutating func time(_ name: String, _ nanoseconds: Int64) {
        string(name, Timestamp(nanosecondsSinceEpoch: nanoseconds / 1000 * 1000).description)
    }

    /// JSON that is known to be a value.
    mutating func value(_ name: String, _ json: [UInt8]) {
        self.name(name)
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// Text that is JSON as it stands.
    mutating func plain(_ name: String?, _ text: String) {
        if let name { self.name(name) } else { separate() }
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }
}

extension String {
    /// The text, cut at a character's end where it is longer than a value in an event may be.
    var bounded: String {
        guard utf8.count > MappingLimits.textByteCount else { return self }
        var kept = ""
        var byteCount = 0
        for scalar in unicodeScalars {
            byteCount += UTF8.width(scalar)
            if byteCount > MappingLimits.textByteCount { break }
            kept.unicodeScalars.append(scalar)
        }
        return "\(kept)… (\(utf8.count) bytes)"
    }
}
