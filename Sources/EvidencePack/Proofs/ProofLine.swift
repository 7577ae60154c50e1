// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// A line of `proofs.ndjson`: which event of the log stands where in `events.ndjson`, and what leads from it to its leaf.
///
/// `{"index":7,"offset":0,"length":512,"erased":false,"opening":"TUxP…"}`; one value has one text.
package struct ProofLine: Equatable, Sendable {
    package let index: UInt64
    /// Of the event's first byte.
    package let offset: UInt64
    /// Bytes of the event, without the line end behind it.
    package let byteCount: UInt64
    package let opening: LeafOpening

    package init(index: UInt64, offset: UInt64, byteCount: UInt64, opening: LeafOpening) {
        self.index = index
        self.offset = offset
        self.byteCount = byteCount
        self.opening = opening
    }

    /// Whether the event was erased: what stands in `events.ndjson` is what took its place, and is not what the leaf is of.
    package var isErased: Bool { opening.bodySalt == nil }

    /// The line, with its newline.
    package func encoded() -> [UInt8] {
        let head =
            "{\"index\":\(index),\"offset\":\(offset),\"length\":\(byteCount),\"erased\":\(isErased),\"opening\":\""
        return Array(head.utf8) + CanonicalBase64.encode(opening.encoded()) + Array("\"}\n".utf8)
    }

    /// Reads a line, without its newline.
    ///
    /// - Throws: `malformedLine`.
    package init(parsing line: [UInt8]) throws(PackError) {
        var reader = CanonicalReader(line, .malformedLine)
        try reader.expect("{\"index\":")
        index = try reader.number()
        try reader.expect(",\"offset\":")
        offset = try reader.number()
        try reader.expect(",\"length\":")
        byteCount = try reader.number()
        try reader.expect(",\"erased\":")
        let isErased = try reader.bool()
        try reader.expect(",\"opening\":\"")
        guard line.count >= reader.place + 2, line[(line.count - 2)...].elementsEqual([0x22, 0x7D]),
            let bytes = CanonicalBase64.decode(line[reader.place..<line.count - 2])
        else {
            throw PackError(.malformedLine, "no opening in Base64 at the end of the line")
        }
        do throws(LogError) {
            opening = try LeafOpening(parsing: bytes)
        } catch {
            throw PackError(.malformedLine, "no opening: \(error.message)")
        }
        guard isErased == self.isErased else {
            throw PackError(.malformedLine, "erased is \(isErased), and the opening says otherwise")
        }
    }
}
