// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import TransparencyLog

extension PackManifest {
    /// The JSON document, with its members in one order and one to a line.
    package func encoded() -> [UInt8] {
        var text = "{\n"
        func string(_ value: String?) -> String { value.map { JSONString.encode($0) } ?? "null" }
        func number(_ value: UInt64?) -> String { value.map { String($0) } ?? "null" }
        func list(_ values: [String]) -> String {
            values.isEmpty ? "[]" : "[\n    " + values.joined(separator: ",\n    ") + "\n  ]"
        }
        func member(_ name: String, _ value: String) { text += "  \"\(name)\": \(value),\n" }
        member("format", string(Self.format))
        member("origin", string(origin))
        member("created", string(created))
        member("principal", string(principal))
        member(
            "query",
            "{\"text\": \(string(query.text)), \"from\": \(string(query.from)), \"to\": \(string(query.to))}"
        )
        member("events", number(eventCount))
        member("eventBytes", number(eventByteCount))
        member("erased", number(erasedCount))
        member("firstIndex", number(firstIndex))
        member("lastIndex", number(lastIndex))
        member("startIndex", number(startIndex))
        member("endIndex", number(endIndex))
        member("complete", isComplete ? "true" : "false")
        member("limits", list(limits.map { string($0) }))
        member("partialReasons", list(partialReasons.map { string($0) }))
        member("checkpointSize", number(checkpointSize))
        member(
            "ledger",
            ledger.map {
                """
                {"from": \(string($0.from)), "to": \(string($0.to)), "state": \(string($0.state)), \
                "complete": \($0.complete), "gap": \($0.gap), "unknown": \($0.unknown)}
                """
            } ?? "null"
        )
        member("ledgerReason", string(ledgerReason))
        let files = files.map {
            "{\"name\": \(string($0.name)), \"bytes\": \($0.byteCount), \"sha256\": \"\($0.sha256)\"}"
        }
        text += "  \"files\": \(list(files))\n}\n"
        return Array(text.utf8)
    }

    /// Reads the manifest of a pack, of which the beginning is enough; nothing else of it is looked at.
    ///
    /// - Throws: `malformedManifest`, `tooLarge`, `unreadable`.
    package init(inArchive source: some PackSource) throws(PackError) {
        var offset = 0
        for file in PackFile.allCases {
            let header = try source.bytes(offset..<offset + TarHeader.blockByteCount)
            guard let count = TarHeader.byteCount(of: header), header == TarHeader.encode(file.name, byteCount: count)
            else {
                break
            }
            let start = offset + TarHeader.blockByteCount
            guard file != .manifest else {
                guard count <= file.maximumByteCount else { throw PackError(.tooLarge, "a manifest of \(count) bytes") }
                self = try PackManifest(parsing: source.bytes(start..<start + count))
                return
            }
            offset += TarHeader.entryByteCount(of: count)
        }
        throw PackError(.malformedManifest, "no pack begins like this")
    }

    /// Reads a manifest that is exactly these bytes.
    ///
    /// - Throws: `malformedManifest`, `tooLarge`.
    package init(parsing bytes: [UInt8]) throws(PackError) {
        guard bytes.count <= PackLimits.maximumSmallByteCount else {
            throw PackError(
                .tooLarge,
                "a manifest of \(bytes.count) bytes, \(PackLimits.maximumSmallByteCount) are allowed"
            )
        }
        var reader = CanonicalReader(bytes, .malformedManifest)
        try reader.expect("{\n  \"format\": \"\(Self.format)\",\n  \"origin\": ")
        origin = try reader.string()
        try reader.expect(",\n  \"created\": ")
        created = try reader.string()
        try reader.expect(",\n  \"principal\": ")
        principal = try reader.string()
        try reader.expect(",\n  \"query\": {\"text\": ")
        query = Query(text: try reader.string(), from: nil, to: nil)
        try reader.expect(", \"from\": ")
        query.from = try reader.optionalString()
        try reader.expect(", \"to\": ")
        query.to = try reader.optionalString()
        try reader.expect("},\n  \"events\": ")
        eventCount = try reader.number()
        try reader.expect(",\n  \"eventBytes\": ")
        eventByteCount = try reader.number()
        try reader.expect(",\n  \"erased\": ")
        erasedCount = try reader.number()
        try reader.expect(",\n  \"firstIndex\": ")
        firstIndex = try reader.optionalNumber()
        try reader.expect(",\n  \"lastIndex\": ")
        lastIndex = try reader.optionalNumber()
        try reader.expect(",\n  \"startIndex\": ")
        startIndex = try reader.number()
        try reader.expect(",\n  \"endIndex\": ")
        endIndex = try reader.number()
        try reader.expect(",\n  \"complete\": ")
        let isComplete = try reader.bool()
        try reader.expect(",\n  \"limits\": ")
        limits = try reader.strings()
        try reader.expect(",\n  \"partialReasons\": ")
        partialReasons = try reader.strings()
        try reader.expect(",\n  \"checkpointSize\": ")
        checkpointSize = try reader.number()
        try reader.expect(",\n  \"ledger\": ")
        ledger = try reader.ledger()
        try reader.expect(",\n  \"ledgerReason\": ")
        ledgerReason = try reader.optionalString()
        try reader.expect(",\n  \"files\": ")
        files = try reader.files()
        try reader.expect("\n}\n")
        guard reader.isAtEnd else { throw PackError(.malformedManifest, "bytes behind the manifest") }
        guard isComplete == self.isComplete else {
            throw PackError(.malformedManifest, "complete is \(isComplete), and the reasons say otherwise")
        }
        // Whatever was read leniently, an escape or a byte that is no UTF-8, is written in another way.
        guard encoded() == bytes else { throw PackError(.malformedManifest, "not the one text of what it says") }
    }
}

extension CanonicalReader {
    fileprivate mutating func optionalString() throws(PackError) -> String? {
        takes("null") ? nil : try string()
    }

    fileprivate mutating func optionalNumber() throws(PackError) -> UInt64? {
        takes("null") ? nil : try number()
    }

    fileprivate mutating func strings() throws(PackError) -> [String] {
        try list { (reader) throws(PackError) in try reader.string() }
    }

    fileprivate mutating func ledger() throws(PackError) -> PackManifest.Ledger? {
        if takes("null") { return nil }
        try expect("{\"from\": ")
        let from = try string()
        try expect(", \"to\": ")
        let to = try string()
        try expect(", \"state\": ")
        let state = try string()
        try expect(", \"complete\": ")
        let complete = try number()
        try expect(", \"gap\": ")
        let gap = try number()
        try expect(", \"unknown\": ")
        let unknown = try number()
        try expect("}")
        return PackManifest.Ledger(from: from, to: to, state: state, complete: complete, gap: gap, unknown: unknown)
    }

    fileprivate mutating func files() throws(PackError) -> [PackManifest.File] {
        try list { (reader) throws(PackError) in
            try reader.expect("{\"name\": ")
            let name = try reader.string()
            try reader.expect(", \"bytes\": ")
            let count = try reader.number()
            try reader.expect(", \"sha256\": ")
            let text = try reader.string()
            try reader.expect("}")
            guard let bytes = Hex.decode(text), let hash = unsafe LogHash(bytes.span.bytes) else {
                throw PackError(.malformedManifest, "a file's sha256 is none")
            }
            return PackManifest.File(name: name, byteCount: count, sha256: hash)
        }
    }

    private mutating func list<Value>(
        _ read: (inout CanonicalReader) throws(PackError) -> Value
    ) throws(PackError) -> [Value] {
        try list(begin: "[\n    ", separator: ",\n    ", end: "\n  ]", read)
    }
}
